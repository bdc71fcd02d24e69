/**
 * budget.c - see budget.h.
 */
#include "core/budget.h"

bool budget_init(struct budget *budget, struct budget *parent, uint64_t budget_ns,
                 uint64_t period_ns, uint64_t now_ns)
{
    uint64_t taken_ns = 0;

    if (!time_budget_is_valid(budget_ns, period_ns)) {
        return false;
    }
    if (parent != NULL) {
        taken_ns = parent->depth >= BUDGET_DEPTH_MAX
                       ? UINT64_MAX
                       : time_budget_take(&parent->time, budget_ns, period_ns);
        if (taken_ns == UINT64_MAX) {
            return false;
        }
    }
    *budget = (struct budget){.taken_ns = taken_ns,
                              .depth = parent != NULL ? parent->depth + 1 : 0};
    time_budget_init(&budget->time, budget_ns, period_ns, now_ns);
    list_init(&budget->members);
    list_init(&budget->waiting);
    list_init(&budget->leaving);
    list_init(&budget->parent.link);
    (void)budget_join(&budget->parent, parent);
    return true;
}

struct budget *budget_join(struct budget_member *member, struct budget *budget)
{
    struct budget *old = member->budget;

    list_remove(&member->link);
    member->budget = budget;
    if (budget != NULL) {
        list_insert_before(&budget->members, &member->link);
    }
    return old;
}

struct budget *budget_part(struct budget *budget)
{
    struct budget *parent = budget->parent.budget;

    if (parent != NULL) {
        if (parent->depth != BUDGET_DEPTH_NONE) {
            time_budget_give(&parent->time, budget->taken_ns);
        }
        list_remove(&budget->parent.link);
        budget->parent.budget = NULL;
    }
    return parent;
}

struct list_node *budget_next(const struct budget *budget)
{
    if (!list_is_empty(&budget->leaving)) {
        return budget->leaving.next;
    }
    return budget->time.left_ns > 0 && !list_is_empty(&budget->waiting)
               ? budget->waiting.next
               : NULL;
}

void budget_meter_pay(struct budget_meter *meter, struct budget *payer, uint64_t now_ns)
{
    uint64_t used_ns = now_ns > meter->paid_ns ? now_ns - meter->paid_ns : 0;

    for (unsigned i = 0; i < 2; i++) {
        if (meter->charged[i] != NULL) {
            time_budget_charge(&meter->charged[i]->time, used_ns);
        }
        meter->charged[i] = NULL;
    }
    meter->payer = payer;
    meter->charged[0] = payer != BUDGET_UNSETTLED ? payer : NULL;
    meter->paid_ns = now_ns;
    meter->end_ns = UINT64_MAX;
}

/** May somebody go on whose payer has no time? */
static bool goes_on(struct budget_meter *meter, struct budget *own, bool on_credit,
                    uint64_t now_ns)
{
    uint64_t left_ns = BUDGET_OVERDRAFT_NS;

    if (own != NULL && !on_credit) {
        time_budget_refresh(&own->time, now_ns);
        if (own->time.left_ns <= 0) {
            return false;
        }
        meter->charged[1] = own;
        if ((uint64_t)own->time.left_ns < left_ns) {
            left_ns = (uint64_t)own->time.left_ns;
        }
    }
    meter->payer = BUDGET_UNSETTLED;
    meter->end_ns = now_ns + left_ns;
    return true;
}

struct budget *budget_meter_settle(struct budget_meter *meter, struct budget *payer,
                                   struct budget *own, bool on_credit, uint64_t now_ns)
{
    budget_meter_pay(meter, payer, now_ns);
    if (payer == NULL) {
        return NULL;
    }
    time_budget_refresh(&payer->time, now_ns);
    if (payer->time.left_ns > 0) {
        meter->end_ns = now_ns + (uint64_t)payer->time.left_ns;
        return NULL;
    }
    if (goes_on(meter, own, on_credit, now_ns)) {
        return NULL;
    }
    return time_budget_next_ns(&own->time) < time_budget_next_ns(&payer->time) ? own
                                                                               : payer;
}

bool budget_meter_forget(struct budget_meter *meter, const struct budget *budget)
{
    if (meter->charged[0] != budget && meter->charged[1] != budget) {
        return false;
    }
    meter->payer = BUDGET_UNSETTLED;
    meter->charged[0] = NULL;
    meter->charged[1] = NULL;
    return true;
}
