/**
 * reference_clock.c - see reference_clock.h.
 */
#include "core/reference_clock.h"

enum {
    HPET_PERIOD_MAX = 100000000,
    PM_TIMER_HZ = 3579545,
    PIT_HZ = 1193182,
    PORTS = 0x10000
};

#define NS_PER_SECOND 1000000000ull
#define FS_PER_SECOND 1000000000000000ull

struct reference_clock reference_clock_choose(const struct acpi_info *acpi,
                                              uint32_t hpet_period_fs)
{
    if (hpet_period_fs != 0 && hpet_period_fs <= HPET_PERIOD_MAX) {
        return (struct reference_clock){
            .kind = REFERENCE_HPET,
            .count_mask = UINT32_MAX,
            .ticks_per_second = FS_PER_SECOND / hpet_period_fs};
    }
    if (acpi->pm_timer.address != 0 && acpi->pm_timer.space == ACPI_SPACE_IO &&
        acpi->pm_timer.address < PORTS) {
        return (struct reference_clock){
            .kind = REFERENCE_PM_TIMER,
            .port = (uint16_t)acpi->pm_timer.address,
            .count_mask = acpi->pm_timer_32bit ? UINT32_MAX : 0xffffff,
            .ticks_per_second = PM_TIMER_HZ};
    }
    return (struct reference_clock){
        .kind = REFERENCE_PIT, .count_mask = 0xffff, .ticks_per_second = PIT_HZ};
}

uint64_t reference_clock_ns(const struct reference_clock *clock, uint64_t from,
                            uint64_t to)
{
    /* At most 2^32 ticks of at least 1 ns: the product has less than 64 bits. */
    return ((to - from) & clock->count_mask) * NS_PER_SECOND / clock->ticks_per_second;
}

uint64_t reference_clock_minimum_ns(const struct reference_clock *clock)
{
    static const uint32_t minimum_ns[] = {100000, 300000, 2000000};

    return minimum_ns[clock->kind];
}

const char *reference_clock_name(const struct reference_clock *clock)
{
    static const char *const names[] = {"HPET", "ACPI timer", "PIT"};

    return names[clock->kind];
}
