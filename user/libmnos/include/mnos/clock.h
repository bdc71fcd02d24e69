/**
 * clock.h - the kernel's clock, read without a system call, timers, and budgets of time.
 *
 * All deadlines are times of this clock: nanoseconds since boot, absolute.
 */
#ifndef MNOS_CLOCK_H
#define MNOS_CLOCK_H

#include "abi/status.h"
#include "abi/syscall.h"
#include "core/attributes.h"
#include <stdint.h>

/** Nanoseconds = (TSC - base_tsc) * multiplier >> shift, the product in 128 bits. */
struct mnos_clock_info {
    uint64_t base_tsc;
    uint64_t multiplier;
    uint64_t shift;
    uint64_t flags; /**< MN_CLOCK_* */
};

/** CLOCK_INFO: how the clock follows from the TSC. It needs no capability and never fails. */
void sys_clock_info(struct mnos_clock_info *out_info);

/** The time now. From the second call on (at the latest 200 ms after boot) it makes no
 *  system call. Where sys_clock_info() tells MN_CLOCK_CPUS_DIFFER, a thread that moves to
 *  another CPU may see it go back. */
uint64_t mnos_clock_ns(void);

/** Has the notification in @p slot [WRITE] signalled once at @p deadline_ns, or now if that
 *  is past: the bits of the capability's badge, else bit 0. 0: not any more. */
MN_MUST_CHECK mn_status sys_set_timer(uint64_t slot, uint64_t deadline_ns);

/** Makes a budget of @p budget_ns in each period of @p period_ns, paid by the account in
 *  @p account [WRITE]; its capability, with all rights, goes to the Empty slot @p target. The
 *  share is taken out of the caller's own budget, if it lives on one. */
MN_MUST_CHECK mn_status sys_create_budget(uint64_t account, uint64_t target,
                                          uint64_t budget_ns, uint64_t period_ns);

/** Has the process in @p process [WRITE] live on the budget in @p slot [WRITE], or (0) on the
 *  caller's own. */
MN_MUST_CHECK mn_status sys_set_budget(uint64_t process, uint64_t slot);

#endif
