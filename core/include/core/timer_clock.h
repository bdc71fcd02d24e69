/**
 * timer_clock.h - a clock of nanoseconds by the TSC, as CLOCK_INFO tells it to ring 3.
 */
#ifndef CORE_TIMER_CLOCK_H
#define CORE_TIMER_CLOCK_H

#include <stdint.h>

/** Nanoseconds = (TSC - base_tsc) * multiplier / 2^TIMER_CLOCK_SHIFT. */
struct timer_clock {
    uint64_t base_tsc; /**< what the TSC shows, or would have shown, at time 0 */
    uint64_t multiplier;
};
#define TIMER_CLOCK_SHIFT 32

/** What the clock shows when the TSC shows @p tsc; never less than 0. */
static inline uint64_t timer_clock_ns(const struct timer_clock *clock, uint64_t tsc)
{
    /* TSCs of two CPUs may be a few ticks apart. */
    uint64_t ticks = (int64_t)(tsc - clock->base_tsc) > 0 ? tsc - clock->base_tsc : 0;

    return (uint64_t)((unsigned __int128)ticks * clock->multiplier >>
                      TIMER_CLOCK_SHIFT);
}

#endif
