/**
 * timer_reference.h - the machine's clock whose rate is known (core/reference_clock.h).
 */
#ifndef ARCH_X86_64_TIMER_REFERENCE_H
#define ARCH_X86_64_TIMER_REFERENCE_H

#include "core/reference_clock.h"
#include <stdbool.h>
#include <stdint.h>

/** Which it is; constant after timer_reference_init(). */
extern struct reference_clock timer_reference;

/** Chooses the best there is and makes it run. @p hpet: mapped, borrowed for ever, or
 *  NULL. */
void timer_reference_init(const struct acpi_info *acpi, volatile void *hpet);

/** The count now, in ticks of its own; it comes round. */
uint64_t timer_reference_read(void);

/** Starts the PIT again if it has come round; false: a count from before is good. */
bool timer_reference_restart_if_stale(void);

#endif
