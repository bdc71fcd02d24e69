/**
 * reference_clock.h - counters whose rate is known, to measure others by: the HPET (IA-PC
 * HPET specification 1.0a), ACPI's timer (ACPI 6.5, 4.8.2.1) or, where there is neither,
 * channel 2 of the PIT (8254 datasheet). Which there is, and what its counts mean. Pure.
 */
#ifndef CORE_REFERENCE_CLOCK_H
#define CORE_REFERENCE_CLOCK_H

#include "core/acpi.h"

enum reference_kind { REFERENCE_HPET, REFERENCE_PM_TIMER, REFERENCE_PIT };

struct reference_clock {
    enum reference_kind kind;
    uint16_t port;             /**< of ACPI's timer */
    uint64_t count_mask;       /**< counts come round after this one */
    uint64_t ticks_per_second; /**< below 2^32 */
};

/** The best that there is. @p hpet_period_fs: of the HPET's ticks; 0: there is none. */
struct reference_clock reference_clock_choose(const struct acpi_info *acpi,
                                              uint32_t hpet_period_fs);

/** Nanoseconds from one count to a later one, less than a round. */
uint64_t reference_clock_ns(const struct reference_clock *clock, uint64_t from,
                            uint64_t to);

/** How long to measure for an error of about a thousandth. */
uint64_t reference_clock_minimum_ns(const struct reference_clock *clock);

/** "HPET", "ACPI timer" or "PIT". */
const char *reference_clock_name(const struct reference_clock *clock);

#endif
