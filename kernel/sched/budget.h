/**
 * budget.h - who pays for a CPU's time (core/budget.h; docs/kernel/scheduling.md).
 *
 * A process or a thread is a member of one budget, or of none: then its time is unlimited. A
 * thread that owes a reply is paid by its caller's, along the chain of calls, so that the fast
 * path has nothing to do for it. A CPU settles its meter when another one is to pay, and when
 * its timer says that the time is used up. Whoever may not run then is put away.
 *
 * A budget is there as long as it has a capability or a member, and the account that pays for
 * it. When that is closed, its members live on one that never has any time.
 * Lock: the kernel's.
 */
#ifndef SCHED_BUDGET_H
#define SCHED_BUDGET_H

#include "arch/x86_64/cpu.h"
#include "core/budget.h"
#include "core/capability.h"
#include "sched/thread.h"

/** How many callers back a payer is looked for. */
#define BUDGET_CHAIN_MAX 8u

extern const struct object_ops budget_ops;

/** How many budgets there are: while 0, nobody's time is counted. */
extern uint32_t budget_count;

/**
 * Makes a budget without capabilities, paid by @p account, its share taken out of @p parent's
 * (NULL: unlimited). Its node is below the account's, its capabilities are to be below that.
 *
 * MN_ERROR_NO_MEMORY; MN_ERROR_INVALID_ARGUMENT: as budget_init().
 */
MN_MUST_CHECK mn_status budget_create(struct account *account, struct budget *parent,
                                      uint64_t budget_ns, uint64_t period_ns,
                                      struct budget **out_budget);

/** Makes @p member, none of whose threads runs or is put away, one of @p budget (NULL: unlimited),
 *  and of no other any more. */
void budget_move(struct budget_member *member, struct budget *budget);
static inline void budget_bind(struct budget_member *member, struct budget *budget)
{
    if (member->budget != budget) {
        budget_move(member, budget);
    }
}

/** The same for a member with threads in any state. All CPUs settle, this one when it leaves the
 *  kernel. */
void budget_set(struct budget_member *member, struct budget *budget);

/** Its account is being closed, and it has no capabilities: moves some members. True: it is no
 *  more; false: later. */
bool budget_close(struct budget *budget);

/** Whose time a thread uses: its farthest caller's, dead or alive; NULL: nobody's. */
static inline struct budget *budget_payer(const struct thread *thread)
{
    for (unsigned i = 0; thread->replies_to != NULL && i < BUDGET_CHAIN_MAX; i++) {
        thread = thread->replies_to;
    }
    return thread->estate.budget != NULL ? thread->estate.budget : *thread->budget;
}

/** The current thread receives: a dead caller does not pay for it any more. */
static inline void budget_end_estate(struct thread *thread)
{
    if (budget_count != 0) {
        budget_bind(&thread->estate, NULL);
    }
}

/** Settles for @p thread to run next on this CPU. False: it was put away instead. */
bool budget_settle(struct thread *thread);

/** May @p thread run next on this CPU, without settling? */
static inline bool budget_is_settled(const struct thread *thread)
{
    return budget_count == 0 || budget_payer(thread) == cpu_this()->meter.payer;
}

/** May it, after settling? False: it was put away. */
static inline bool budget_admits(struct thread *thread)
{
    return budget_count == 0 || budget_settle(thread);
}

/** Nobody is to be charged on this CPU (@p payer NULL), or it is to settle anew. */
void budget_pause(struct budget *payer);

/** The chain of calls that @p thread is in the middle of has changed behind it: whoever works at
 *  its end, if put away, is looked at anew. */
void budget_chain_changed(struct thread *thread);

#endif
