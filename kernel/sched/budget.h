/**
 * budget.h - who pays for a CPU's time: so much in each period, shared by a group.
 *
 * A process or a thread is a member of one budget, or of none: then its time is unlimited. A
 * thread that owes a reply is paid by its caller's budget, and so on along the chain of
 * calls, so that the fast path has nothing to do for it. A CPU notes who pays (cpu->payer) and
 * since when; it settles when another one is to pay, or when its timer says that the
 * budget is used up. Whoever would run on a used-up budget is put away until that has
 * something again, but a server goes on for its caller as long as its own budget, if it has one,
 * lasts: what it uses is the caller's debt (core/time_budget.h). If the caller dies meanwhile
 * its budget goes on paying until the server receives again. A process is taken apart
 * on credit too.
 *
 * A budget is there as long as it has a capability or a member, and the account that pays for
 * it. When that is closed, its members live on budget_gone, which never has any time.
 * Lock: the kernel's.
 */
#ifndef SCHED_BUDGET_H
#define SCHED_BUDGET_H

#include "arch/x86_64/cpu.h"
#include "core/capability.h"
#include "core/list.h"
#include "core/time_budget.h"
#include "sched/thread.h"
#include "sched/timer_queue.h"

/** How many callers back a payer is looked for. */
#define BUDGET_CHAIN_MAX 8u

struct budget {
    struct cap_node node; /**< below the account that pays; its capabilities below it */
    struct time_budget time;
    struct list_node members;    /**< struct budget_member */
    struct list_node waiting;    /**< threads put away until there is time again */
    struct list_node leaving;    /**< put away, but to be looked at anew at once */
    struct timer_event event;    /**< pending while somebody is put away */
    struct budget_member parent; /**< whose share it has */
    uint64_t taken_ns;           /**< of the parent's budget */
    uint32_t references;         /**< capabilities */
    uint32_t depth;              /**< how often a share was taken; 0: no parent */
};
_Static_assert(sizeof(struct budget) <= 512, "SLAB_512");

extern const struct object_ops budget_ops;

/** Of those whose budget's account was closed; and of CPUs that have to look anew. */
extern struct budget budget_gone, budget_unsettled;

/** How many budgets there are: while 0, nobody's time is counted. */
extern uint32_t budget_count;

/**
 * Makes a budget without capabilities, paid by @p account, its share taken out of @p parent's
 * (NULL: unlimited).
 *
 * MN_ERROR_INVALID_ARGUMENT: not valid (core/time_budget.h), or more than the parent has;
 * MN_ERROR_NO_MEMORY.
 */
MN_MUST_CHECK mn_status budget_create(struct account *account, struct budget *parent,
                                      uint64_t budget_ns, uint64_t period_ns,
                                      struct budget **out_budget);

/** Makes @p member one of @p budget (NULL: unlimited), and of no other any more. Who runs on it
 *  takes notice when its CPU settles: see budget_changed(). */
void budget_move(struct budget_member *member, struct budget *budget);
static inline void budget_bind(struct budget_member *member, struct budget *budget)
{
    if (member->budget != budget) {
        budget_move(member, budget);
    }
}

/** A binding has changed: all CPUs settle, this one when it leaves the kernel. */
void budget_changed(void);

/** Its account is being closed: moves some members to budget_gone. True: it is no more; false:
 *  later. It has no capabilities. */
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
    return budget_count == 0 || budget_payer(thread) == cpu_this()->payer;
}

/** May it, after settling? False: it was put away. */
static inline bool budget_admits(struct thread *thread)
{
    return budget_count == 0 || budget_settle(thread);
}

/** This CPU idles. */
void budget_settle_idle(void);

/** The CPU's timer has come: is the payer's time used up? Then it settles anew. */
void budget_interrupt(uint64_t now_ns);

/** The chain of calls that @p thread is in the middle of has changed behind it: whoever works at
 *  its end, if put away, is looked at anew. */
void budget_chain_changed(struct thread *thread);

#endif
