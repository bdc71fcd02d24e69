/**
 * timer_reference.c - see timer_reference.h.
 */
#include "arch/x86_64/timer_reference.h"

#include "arch/x86_64/instructions.h"
#include "core/timer_registers.h"
#include <stddef.h>

struct reference_clock timer_reference;

static volatile uint32_t *hpet_registers;

/* Loads the PIT's channel 2 with its longest count, which runs once. */
static void start_pit(void)
{
    uint8_t gate = x86_inb(PIT_GATE_PORT) & (uint8_t) ~(PIT_GATE | PIT_SPEAKER);

    x86_outb(PIT_GATE_PORT, gate);
    x86_outb(PIT_COMMAND, PIT_CHANNEL_2_ONE_SHOT);
    x86_outb(PIT_CHANNEL_2, 0xff);
    x86_outb(PIT_CHANNEL_2, 0xff);
    x86_outb(PIT_GATE_PORT, gate | PIT_GATE);
}

void timer_reference_init(const struct acpi_info *acpi, volatile void *hpet)
{
    volatile uint32_t *registers = hpet;

    timer_reference =
        reference_clock_choose(acpi, registers != NULL ? registers[HPET_PERIOD] : 0);
    if (registers != NULL && timer_reference.kind == REFERENCE_HPET) {
        hpet_registers = registers;
        registers[HPET_CONFIGURATION] =
            (registers[HPET_CONFIGURATION] & ~(uint32_t)HPET_LEGACY_REPLACEMENT) |
            HPET_ENABLE;
    } else if (timer_reference.kind == REFERENCE_PIT) {
        start_pit();
    }
}

static uint64_t read_pit(void)
{
    uint32_t low;

    x86_outb(PIT_COMMAND, PIT_CHANNEL_2_LATCH);
    low = x86_inb(PIT_CHANNEL_2);
    /* It counts down. */
    return 0xffffu - (low | (uint32_t)x86_inb(PIT_CHANNEL_2) << 8);
}

uint64_t timer_reference_read(void)
{
    switch (timer_reference.kind) {
    case REFERENCE_HPET:
        return hpet_registers[HPET_COUNTER];
    case REFERENCE_PM_TIMER:
        return x86_inl(timer_reference.port) & timer_reference.count_mask;
    default:
        return read_pit();
    }
}

bool timer_reference_restart_if_stale(void)
{
    if (timer_reference.kind != REFERENCE_PIT ||
        (x86_inb(PIT_GATE_PORT) & PIT_OUTPUT) == 0) {
        return false;
    }
    start_pit();
    return true;
}
