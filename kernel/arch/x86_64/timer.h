/**
 * timer.h - one monotonic clock, and a one-shot timer on each CPU.
 *
 * The clock is the TSC. How fast it runs is told by CPUID, or measured against the HPET or
 * ACPI's timer over what boot does anyway; the PIT is used where there is nothing else.
 * The timer is the local APIC's, by TSC deadline where the CPU has that.
 */
#ifndef ARCH_X86_64_TIMER_H
#define ARCH_X86_64_TIMER_H

#include "core/acpi.h"
#include "core/timer_clock.h"
#include <stdbool.h>
#include <stdint.h>

/**
 * Boot CPU, early: begins to measure. @p hpet (mapped, borrowed for ever; NULL: none)
 * and the timer of @p acpi are what may be measured against. lapic_init_cpu() has run.
 */
void timer_init(const struct acpi_info *acpi, volatile void *hpet);

/**
 * Boot CPU, late: ends measuring. From here on the functions below may be called. Where
 * it measured, timer_refine() makes it finer later.
 */
void timer_calibrate(void);

/** On each CPU, after timer_calibrate(): sets its timer up, disarmed. */
void timer_init_cpu(void);

/** Nanoseconds since timer_calibrate(); never goes back on one CPU. */
uint64_t timer_now_ns(void);

/** Tells what timer_now_ns() goes by. False: provisional, it will be measured once more. */
bool timer_clock_read(struct timer_clock *out);

/** Do the TSCs of some CPUs show different times? smp_start() finds out. */
extern bool timer_tscs_differ;

/**
 * Has this CPU interrupted by VECTOR_TIMER at @p deadline_ns, or at once where that is
 * past. One deadline a CPU: the last one counts. It may come early where the deadline is
 * far (the counter has 32 bits): then look at the clock and arm again.
 */
void timer_arm(uint64_t deadline_ns);

/** No interrupt; one that is on its way may still come. */
void timer_disarm(void);

#endif
