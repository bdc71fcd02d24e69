/**
 * timer_reference.h - a clock whose rate is known, to measure the others by: the HPET
 * (IA-PC HPET specification 1.0a), ACPI's timer (ACPI 6.5, 4.8.2.1) or, where there is
 * neither, channel 2 of the PIT (8254 datasheet).
 */
#ifndef ARCH_X86_64_TIMER_REFERENCE_H
#define ARCH_X86_64_TIMER_REFERENCE_H

#include "core/acpi.h"
#include <stdbool.h>
#include <stdint.h>

/** Chooses the best there is and makes it run. @p hpet: mapped, borrowed for ever, or
 *  NULL. */
void timer_reference_init(const struct acpi_info *acpi, volatile void *hpet);

/** The count now, in ticks of its own; it comes round after timer_reference_round_ns(). */
uint64_t timer_reference_read(void);

/** Nanoseconds from one count to a later one, less than a round. */
uint64_t timer_reference_ns(uint64_t from, uint64_t to);

/** How long to measure for an error of about a thousandth. */
uint64_t timer_reference_minimum_ns(void);

/** How long until the count comes round. */
uint64_t timer_reference_round_ns(void);

/** Starts the PIT again if it has come round; false: a count from before is good. */
bool timer_reference_restart_if_stale(void);

/** "HPET", "ACPI timer" or "PIT". */
const char *timer_reference_name(void);

#endif
