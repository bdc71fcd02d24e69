/**
 * timer_reference.c - see timer_reference.h.
 */
#include "arch/x86_64/timer_reference.h"

#include "arch/x86_64/instructions.h"
#include <stddef.h>

enum {
    /* HPET registers (2.3.4), in 32-bit words. */
    HPET_PERIOD = 0x004 / 4, /* femtoseconds a tick */
    HPET_CONFIGURATION = 0x010 / 4,
    HPET_COUNTER = 0x0f0 / 4,
    HPET_ENABLE = 1 << 0,
    HPET_LEGACY_REPLACEMENT = 1 << 1,
    HPET_PERIOD_MAX = 100000000,

    PM_TIMER_HZ = 3579545,

    PIT_HZ = 1193182,
    PIT_CHANNEL_2 = 0x42,
    PIT_COMMAND = 0x43,
    PIT_CHANNEL_2_ONE_SHOT = 0xb0, /* both bytes, mode 0, binary */
    PIT_CHANNEL_2_LATCH = 0x80,
    PIT_GATE_PORT = 0x61,
    PIT_GATE = 1 << 0,
    PIT_SPEAKER = 1 << 1,
    PIT_OUTPUT = 1 << 5,

    PORTS = 0x10000
};

#define NS_PER_SECOND 1000000000ull
#define FS_PER_SECOND 1000000000000000ull

enum reference { REFERENCE_HPET, REFERENCE_PM_TIMER, REFERENCE_PIT };

static enum reference reference;
static volatile uint32_t *hpet_registers;
static uint16_t pm_timer_port;
static uint64_t count_mask;
static uint64_t ticks_per_second;

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

static void use_hpet(volatile uint32_t *registers, uint32_t period_fs)
{
    reference = REFERENCE_HPET;
    hpet_registers = registers;
    count_mask = UINT32_MAX;
    ticks_per_second = FS_PER_SECOND / period_fs;
    registers[HPET_CONFIGURATION] =
        (registers[HPET_CONFIGURATION] & ~(uint32_t)HPET_LEGACY_REPLACEMENT) |
        HPET_ENABLE;
}

void timer_reference_init(const struct acpi_info *acpi, volatile void *hpet)
{
    volatile uint32_t *registers = hpet;
    uint32_t period_fs = registers != NULL ? registers[HPET_PERIOD] : 0;

    if (period_fs != 0 && period_fs <= HPET_PERIOD_MAX) {
        use_hpet(registers, period_fs);
    } else if (acpi->pm_timer.address != 0 && acpi->pm_timer.space == ACPI_SPACE_IO &&
               acpi->pm_timer.address < PORTS) {
        reference = REFERENCE_PM_TIMER;
        pm_timer_port = (uint16_t)acpi->pm_timer.address;
        count_mask = acpi->pm_timer_32bit ? UINT32_MAX : 0xffffff;
        ticks_per_second = PM_TIMER_HZ;
    } else {
        reference = REFERENCE_PIT;
        count_mask = 0xffff;
        ticks_per_second = PIT_HZ;
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
    switch (reference) {
    case REFERENCE_HPET:
        return hpet_registers[HPET_COUNTER];
    case REFERENCE_PM_TIMER:
        return x86_inl(pm_timer_port) & count_mask;
    default:
        return read_pit();
    }
}

uint64_t timer_reference_ns(uint64_t from, uint64_t to)
{
    /* At most 2^32 ticks of at least 1 ns: the product has less than 64 bits. */
    return ((to - from) & count_mask) * NS_PER_SECOND / ticks_per_second;
}

uint64_t timer_reference_minimum_ns(void)
{
    switch (reference) {
    case REFERENCE_HPET:
        return 100000;
    case REFERENCE_PM_TIMER:
        return 300000;
    default:
        return 2000000;
    }
}

uint64_t timer_reference_round_ns(void)
{
    return timer_reference_ns(0, count_mask);
}

bool timer_reference_restart_if_stale(void)
{
    if (reference != REFERENCE_PIT || (x86_inb(PIT_GATE_PORT) & PIT_OUTPUT) == 0) {
        return false;
    }
    start_pit();
    return true;
}

const char *timer_reference_name(void)
{
    static const char *const names[] = {"HPET", "ACPI timer", "PIT"};

    return names[reference];
}
