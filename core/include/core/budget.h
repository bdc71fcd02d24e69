/**
 * budget.h - groups that share a budget of processor time, and a meter that charges them.
 *
 * A budget may be taken out of another one, whose share then is smaller. Who lives on a budget
 * is a member of it. Whoever may not run for it has used its time up waits in a list. The meter
 * is a processor's: it knows whom to charge since when, and decides who may go on. All
 * times are nanoseconds of one clock. Nothing here allocates.
 */
#ifndef CORE_BUDGET_H
#define CORE_BUDGET_H

#include "core/derivation.h"
#include "core/list.h"
#include "core/time_budget.h"

/** How often a budget may be taken out of one that was taken out of one ... */
#define BUDGET_DEPTH_MAX 8u
/** Depth of a budget that is nobody's: nothing is taken out of it, nor given back to it. */
#define BUDGET_DEPTH_NONE 9u

/** How long somebody goes on without time before the meter is asked again. */
#define BUDGET_OVERDRAFT_NS 100000ull

/** Who lives on a budget, or a budget, on the one that it was taken out of. */
struct budget_member {
    struct list_node link; /**< among the members of the budget */
    struct budget *budget; /**< NULL: its time is unlimited */
};

struct budget {
    struct cap_node node;
    struct time_budget time;
    struct list_node members;    /**< struct budget_member */
    struct list_node waiting;    /**< who is put away until there is time again */
    struct list_node leaving;    /**< put away, but to be looked at anew at once */
    struct budget_member parent; /**< whose share it has */
    uint64_t taken_ns;           /**< of the parent's budget */
    uint32_t references;         /**< the owner's */
    uint32_t depth; /**< how often a share was taken, 0: no parent; BUDGET_DEPTH_NONE */
};

/**
 * Makes a budget without members and references, full, its share taken out of @p parent's
 * (NULL: unlimited). False: not valid (time_budget.h), more than the parent has, or too deep.
 */
bool budget_init(struct budget *budget, struct budget *parent, uint64_t budget_ns,
                 uint64_t period_ns, uint64_t now_ns);

/** Makes @p member one of @p budget (NULL: unlimited) instead of another one, and answers that,
 *  or NULL. */
struct budget *budget_join(struct budget_member *member, struct budget *budget);

/** All who wait are to be looked at anew: some may not be members much longer. */
static inline void budget_stir(struct budget *budget)
{
    list_append(&budget->leaving, &budget->waiting);
}

/** Has it neither members nor references? */
static inline bool budget_is_unused(const struct budget *budget)
{
    return budget->references == 0 && list_is_empty(&budget->members);
}

/** Does nobody wait for it? */
static inline bool budget_is_calm(const struct budget *budget)
{
    return list_is_empty(&budget->waiting) && list_is_empty(&budget->leaving);
}

/** Gives its share back to its parent, and answers that, or NULL. */
struct budget *budget_part(struct budget *budget);

/** The next of those who wait that is to be looked at; NULL: none yet. It is the caller's to take
 *  out of its list. */
struct list_node *budget_next(const struct budget *budget);

/** Whom a processor charges. All zero, but end_ns UINT64_MAX: nobody. */
struct budget_meter {
    struct budget *payer;      /**< whoever it pays for may run without settling */
    struct budget *charged[2]; /**< whose time is used; or NULL */
    uint64_t paid_ns;          /**< until when they are charged */
    uint64_t end_ns;           /**< when to settle anew; UINT64_MAX: never */
};

/** In the place of a payer: whoever is to run, the meter has to settle. */
#define BUDGET_UNSETTLED ((struct budget *)1)

/** Charges what was used; from now on @p payer's time (NULL, BUDGET_UNSETTLED: nobody's). */
void budget_meter_pay(struct budget_meter *meter, struct budget *payer,
                      uint64_t now_ns);

/**
 * Settles for somebody to run whose time @p payer pays, and who lives on @p own; NULL: unlimited.
 *
 * NULL: it may run, until end_ns. If the payer has no time it may for its own budget has
 * (which is charged too), or is unlimited, or for it runs @p on_credit: then the meter is left
 * unsettled. Else the answer is the budget to wait for.
 */
struct budget *budget_meter_settle(struct budget_meter *meter, struct budget *payer,
                                   struct budget *own, bool on_credit, uint64_t now_ns);

/** A budget is going away: true, if the meter charged it; it has to settle anew. */
bool budget_meter_forget(struct budget_meter *meter, const struct budget *budget);

#endif
