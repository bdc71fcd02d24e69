/**
 * sys_time.c - SET_TIMER, CLOCK_INFO, CREATE_BUDGET, SET_BUDGET.
 */
#include "abi/syscall.h"
#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/timer.h"
#include "ipc/notification.h"
#include "sched/budget.h"
#include "sched/scheduler.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

uint64_t syscall_set_timer(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_NOTIFICATION, MN_RIGHT_WRITE, &slot);

    if (status != MN_OK) {
        return status;
    }
    notification_set_timer(slot->object, frame->rsi,
                           slot->value != 0 ? slot->value : 1);
    return scheduler_return(MN_OK);
}

uint64_t syscall_clock_info(struct trap_frame *frame)
{
    struct timer_clock clock;
    bool final = timer_clock_read(&clock);

    frame->rdi = clock.base_tsc;
    frame->rsi = clock.multiplier;
    frame->rdx = TIMER_CLOCK_SHIFT;
    frame->r10 = (final ? 0 : MN_CLOCK_PROVISIONAL) |
                 (cpu_features.tsc_invariant ? 0 : MN_CLOCK_NOT_INVARIANT) |
                 (timer_tscs_differ ? MN_CLOCK_CPUS_DIFFER : 0);
    return MN_OK;
}

uint64_t syscall_create_budget(struct trap_frame *frame)
{
    struct account *account;
    struct slot *target;
    struct budget *budget;
    mn_status status = lookup_account(frame->rdi, &account);

    if (status == MN_OK) {
        status = cnode_lookup_empty(&lookup_self()->cnode, frame->rsi, &target);
    }
    if (status == MN_OK) {
        status = budget_create(account, *thread_current()->budget, frame->rdx,
                               frame->r10, &budget);
    }
    if (status != MN_OK) {
        return status;
    }
    capability_install(target, &budget->node, SLOT_WORD(MN_CAP_BUDGET, MN_RIGHTS_ALL),
                       budget, 0);
    budget_ops.retain(target);
    return MN_OK;
}

uint64_t syscall_set_budget(struct trap_frame *frame)
{
    struct budget *budget = *thread_current()->budget;
    struct process *process;
    struct slot *slot;
    mn_status status = lookup_process(frame->rdi, MN_RIGHT_WRITE, &process);

    if (status == MN_OK && frame->rsi != 0) {
        status = lookup(frame->rsi, MN_CAP_BUDGET, MN_RIGHT_WRITE, &slot);
    }
    if (status != MN_OK) {
        return status;
    }
    if (frame->rsi != 0) {
        budget = slot->object;
    }
    budget_set(&process->time, budget);
    return scheduler_return(MN_OK);
}
