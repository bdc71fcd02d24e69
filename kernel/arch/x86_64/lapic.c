/**
 * lapic.c - see lapic.h.
 */
#include "arch/x86_64/lapic.h"

#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/instructions.h"
#include "core/lapic_registers.h"
#include "core/vectors.h"
#include <stddef.h>

enum { ICR_POLLS_MAX = 1000000 };

static volatile uint32_t *xapic; /* NULL: x2APIC mode */

static uint32_t read_register(uint32_t number)
{
    return xapic != NULL ? xapic[(size_t)number * 4]
                         : (uint32_t)x86_rdmsr(LAPIC_MSR_X2APIC + number);
}

static void write_register(uint32_t number, uint32_t value)
{
    if (xapic != NULL) {
        xapic[(size_t)number * 4] = value;
    } else {
        x86_wrmsr(LAPIC_MSR_X2APIC + number, value);
    }
}

uint64_t lapic_physical_base(void)
{
    return x86_rdmsr(LAPIC_MSR_APIC_BASE) & 0x000ffffffffff000ull;
}

bool lapic_is_x2apic(void)
{
    return cpu_features.x2apic;
}

void lapic_init(volatile void *registers)
{
    xapic = lapic_is_x2apic() ? NULL : registers;
}

void lapic_init_cpu(void)
{
    uint64_t base = x86_rdmsr(LAPIC_MSR_APIC_BASE) | LAPIC_APIC_BASE_ENABLE;

    if (xapic == NULL) {
        /* To x2APIC mode by way of xAPIC mode (10.12.5). */
        x86_wrmsr(LAPIC_MSR_APIC_BASE, base);
        base |= LAPIC_APIC_BASE_X2APIC;
    }
    x86_wrmsr(LAPIC_MSR_APIC_BASE, base);
    write_register(LAPIC_REGISTER_SPURIOUS, LAPIC_SPURIOUS_ENABLE | VECTOR_SPURIOUS);
    write_register(LAPIC_REGISTER_LVT_TIMER, LAPIC_LVT_MASKED | VECTOR_TIMER);
    write_register(LAPIC_REGISTER_LVT_LINT0, LAPIC_LVT_MASKED);
    write_register(LAPIC_REGISTER_LVT_LINT1, LAPIC_LVT_NMI);
    write_register(LAPIC_REGISTER_LVT_ERROR, VECTOR_LAPIC_ERROR);
    write_register(LAPIC_REGISTER_ERROR, 0);
    write_register(LAPIC_REGISTER_TPR, 0);
}

uint32_t lapic_id(void)
{
    uint32_t id = read_register(LAPIC_REGISTER_ID);

    return xapic != NULL ? id >> 24 : id;
}

void lapic_eoi(void)
{
    write_register(LAPIC_REGISTER_EOI, 0);
}

/* The xAPIC takes one command at a time; a command is sent by writing its low word. */
static void wait_for_icr(void)
{
    for (unsigned polls = 0; xapic != NULL && polls < ICR_POLLS_MAX; polls++) {
        if ((read_register(LAPIC_REGISTER_ICR) & LAPIC_ICR_PENDING) == 0) {
            return;
        }
        x86_pause();
    }
}

static void send(uint32_t lapic_id, uint32_t command)
{
    if (xapic == NULL) {
        /* WRMSR here does not wait for stores before it (10.12.3). */
        x86_mfence();
        x86_wrmsr(LAPIC_MSR_X2APIC + LAPIC_REGISTER_ICR,
                  (uint64_t)lapic_id << 32 | command);
        return;
    }
    wait_for_icr();
    write_register(LAPIC_REGISTER_ICR_HIGH, lapic_id << 24);
    write_register(LAPIC_REGISTER_ICR, command);
}

void lapic_send_ipi(uint32_t lapic_id, uint8_t vector)
{
    send(lapic_id, LAPIC_ICR_ASSERT | vector);
}

void lapic_send_nmi(uint32_t lapic_id)
{
    send(lapic_id, LAPIC_ICR_ASSERT | LAPIC_ICR_NMI);
}

void lapic_send_init(uint32_t lapic_id)
{
    send(lapic_id, LAPIC_ICR_INIT | LAPIC_ICR_ASSERT | LAPIC_ICR_LEVEL);
    wait_for_icr();
    if (xapic != NULL) {
        send(lapic_id, LAPIC_ICR_INIT | LAPIC_ICR_LEVEL);
        wait_for_icr();
    }
}

void lapic_send_startup(uint32_t lapic_id, uint8_t page)
{
    send(lapic_id, LAPIC_ICR_STARTUP | LAPIC_ICR_ASSERT | page);
    wait_for_icr();
}

void lapic_timer_set_mode(enum lapic_timer_mode mode, uint8_t vector, bool masked)
{
    write_register(LAPIC_REGISTER_TIMER_DIVIDE, LAPIC_DIVIDE_BY_16);
    write_register(LAPIC_REGISTER_LVT_TIMER,
                   (uint32_t)mode | vector | (masked ? LAPIC_LVT_MASKED : 0u));
    if (mode == LAPIC_TIMER_TSC_DEADLINE) {
        x86_mfence(); /* before the first write of the deadline MSR (10.5.4.1) */
    }
}

void lapic_timer_set_count(uint32_t ticks)
{
    write_register(LAPIC_REGISTER_TIMER_INITIAL, ticks);
}

uint32_t lapic_timer_count(void)
{
    return read_register(LAPIC_REGISTER_TIMER_CURRENT);
}
