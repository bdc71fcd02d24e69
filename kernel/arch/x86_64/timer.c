/**
 * timer.c - see timer.h.
 *
 * Refining writes the other of two clocks and then switches, so that a reader sees an old
 * one or a new one, whole.
 */
#include "arch/x86_64/timer.h"

#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/instructions.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/timer_reference.h"
#include "core/assert.h"
#include "core/vectors.h"
#include "debug/log.h"
#include "debug/panic.h"

enum { MSR_TSC_DEADLINE = 0x6e0 };

#define NS_PER_SECOND 1000000000ull
/* When the rate is measured once more. */
#define REFINE_AFTER_NS 200000000ull
/* A deadline farther away is cut to this, which any counter can hold. */
#define ARM_MAX_NS 1000000000ull
/* More readings than any reference takes to get on. */
#define POLLS_MAX 100000000ull

/* What the counters showed at one moment. */
struct sample {
    uint64_t tsc;
    uint32_t lapic; /* counts down */
    uint64_t reference;
};

bool timer_tscs_differ;

static struct timer_clock clocks[2];
static const struct timer_clock *current_clock = &clocks[0];
static uint64_t lapic_ticks_per_second;
static struct sample begin;
static uint64_t refine_at_ns = UINT64_MAX; /* when to measure once more */

static struct sample take_sample(void)
{
    struct sample sample;

    sample.reference = timer_reference_read();
    sample.tsc = x86_rdtsc();
    sample.lapic = lapic_timer_count();
    return sample;
}

/* a * b / c, where the result fits. */
static uint64_t multiply_divide(uint64_t a, uint64_t b, uint64_t c)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return x86_div((uint64_t)(product >> 64), (uint64_t)product, c);
}

/* Makes the clock run at @p tsc_per_second from now on, without a step back, or forward by
   more than a tick. */
static void set_rate(uint64_t tsc_per_second, uint64_t tsc, uint64_t now_ns)
{
    struct timer_clock *other = &clocks[current_clock == &clocks[0]];
    uint64_t multiplier =
        multiply_divide(NS_PER_SECOND, 1ull << TIMER_CLOCK_SHIFT, tsc_per_second);

    other->multiplier = multiplier;
    other->base_tsc = tsc;
    if (now_ns != 0) {
        other->base_tsc -=
            multiply_divide(now_ns, 1ull << TIMER_CLOCK_SHIFT, multiplier) + 1;
    }
    __atomic_store_n(&current_clock, other, __ATOMIC_RELEASE);
}

void timer_init(const struct acpi_info *acpi, volatile void *hpet)
{
    lapic_timer_set_mode(LAPIC_TIMER_ONE_SHOT, VECTOR_TIMER, true);
    lapic_timer_set_count(UINT32_MAX);
    timer_reference_init(acpi, hpet);
    begin = take_sample();
}

/* Samples until the reference has run long enough since @p from. */
static struct sample sample_after(const struct sample *from, uint64_t *out_ns)
{
    struct sample now;

    for (uint64_t polls = 0; polls < POLLS_MAX; polls++) {
        now = take_sample();
        *out_ns = reference_clock_ns(&timer_reference, from->reference, now.reference);
        if (*out_ns >= reference_clock_minimum_ns(&timer_reference)) {
            return now;
        }
    }
    panic("timer: the %s, by which the others are measured, stands still",
          reference_clock_name(&timer_reference));
}

/* Measures the local APIC's timer and, where @p tsc_per_second is 0, the TSC. */
static void measure(uint64_t tsc_per_second)
{
    struct sample end;
    uint64_t ns;

    if (timer_reference_restart_if_stale()) {
        begin = take_sample();
    }
    end = sample_after(&begin, &ns);
    lapic_ticks_per_second =
        multiply_divide(begin.lapic - end.lapic, NS_PER_SECOND, ns);
    if (tsc_per_second == 0) {
        tsc_per_second = multiply_divide(end.tsc - begin.tsc, NS_PER_SECOND, ns);
        refine_at_ns = REFINE_AFTER_NS;
    }
    ASSERT(tsc_per_second != 0 && lapic_ticks_per_second != 0);
    set_rate(tsc_per_second, end.tsc, 0);
}

void timer_calibrate(void)
{
    uint64_t tsc_per_second = cpu_features_tsc_rate(&cpu_features, x86_cpuid);

    if (tsc_per_second != 0 && cpu_features.tsc_deadline) {
        set_rate(tsc_per_second, x86_rdtsc(), 0);
    } else {
        measure(tsc_per_second);
    }
    log_printf(
        "timer: %llu ns for 1000 ticks of the TSC, by %s\n",
        (unsigned long long)(1000 * current_clock->multiplier >> TIMER_CLOCK_SHIFT),
        tsc_per_second != 0 ? "CPUID" : reference_clock_name(&timer_reference));
}

/* When it is time: measures the TSC's rate over all the time since timer_init(), as long as
   the reference has surely not come round. */
static void refine(uint64_t now_ns)
{
    struct sample now;
    uint64_t ns;

    if (now_ns < refine_at_ns || __atomic_exchange_n(&refine_at_ns, UINT64_MAX,
                                                     __ATOMIC_RELAXED) == UINT64_MAX) {
        return;
    }
    now = take_sample();
    ns = reference_clock_ns(&timer_reference, begin.reference, now.reference);
    if (now_ns <
            reference_clock_ns(&timer_reference, 0, timer_reference.count_mask) / 2 &&
        ns >= REFINE_AFTER_NS) {
        now_ns = timer_clock_ns(current_clock, now.tsc);
        set_rate(multiply_divide(now.tsc - begin.tsc, NS_PER_SECOND, ns), now.tsc,
                 now_ns);
    }
}

void timer_init_cpu(void)
{
    if (cpu_features.tsc_deadline) {
        lapic_timer_set_mode(LAPIC_TIMER_TSC_DEADLINE, VECTOR_TIMER, false);
        x86_wrmsr(MSR_TSC_DEADLINE, 0);
    } else {
        lapic_timer_set_count(0);
        lapic_timer_set_mode(LAPIC_TIMER_ONE_SHOT, VECTOR_TIMER, false);
    }
}

uint64_t timer_now_ns(void)
{
    const struct timer_clock *clock = __atomic_load_n(&current_clock, __ATOMIC_ACQUIRE);

    return timer_clock_ns(clock, x86_rdtsc());
}

bool timer_clock_read(struct timer_clock *out)
{
    refine(timer_now_ns());
    *out = *__atomic_load_n(&current_clock, __ATOMIC_ACQUIRE);
    return refine_at_ns == UINT64_MAX;
}

static void arm_one_shot(uint64_t ns)
{
    uint64_t ticks = multiply_divide(ns, lapic_ticks_per_second, NS_PER_SECOND) + 1;

    lapic_timer_set_count(ticks < UINT32_MAX ? (uint32_t)ticks : UINT32_MAX);
}

void timer_arm(uint64_t deadline_ns)
{
    uint64_t now_ns = timer_now_ns();
    uint64_t ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;

    refine(now_ns);
    if (ns > ARM_MAX_NS) {
        ns = ARM_MAX_NS;
    }
    if (cpu_features.tsc_deadline) {
        x86_wrmsr(MSR_TSC_DEADLINE,
                  x86_rdtsc() + multiply_divide(ns, 1ull << TIMER_CLOCK_SHIFT,
                                                current_clock->multiplier));
    } else {
        arm_one_shot(ns);
    }
}

void timer_disarm(void)
{
    if (cpu_features.tsc_deadline) {
        x86_wrmsr(MSR_TSC_DEADLINE, 0);
    } else {
        lapic_timer_set_count(0);
    }
}
