/**
 * time_budget.c - see time_budget.h.
 */
#include "core/time_budget.h"

/** A debt does not grow beyond this: more than a century. */
#define DEBT_MAX_NS ((int64_t)1 << 62)

bool time_budget_is_valid(uint64_t budget_ns, uint64_t period_ns)
{
    return period_ns >= TIME_BUDGET_PERIOD_MIN_NS &&
           period_ns <= TIME_BUDGET_PERIOD_MAX_NS && budget_ns <= period_ns;
}

void time_budget_init(struct time_budget *budget, uint64_t budget_ns,
                      uint64_t period_ns, uint64_t now_ns)
{
    *budget = (struct time_budget){budget_ns, period_ns, now_ns, (int64_t)budget_ns};
}

void time_budget_refresh(struct time_budget *budget, uint64_t now_ns)
{
    uint64_t passed_ns = now_ns > budget->start_ns ? now_ns - budget->start_ns : 0;
    uint64_t periods = passed_ns / budget->period_ns;
    /* What is missing to a full budget: not negative, for left_ns is at most that. */
    uint64_t missing_ns = budget->budget_ns - (uint64_t)budget->left_ns;

    budget->start_ns += periods * budget->period_ns;
    if (budget->budget_ns == 0 || periods == 0) {
        return;
    }
    if (periods > missing_ns / budget->budget_ns) {
        budget->left_ns = (int64_t)budget->budget_ns;
    } else {
        budget->left_ns += (int64_t)(periods * budget->budget_ns);
    }
}

void time_budget_charge(struct time_budget *budget, uint64_t used_ns)
{
    if (used_ns > (uint64_t)(budget->left_ns + DEBT_MAX_NS)) {
        budget->left_ns = -DEBT_MAX_NS;
    } else {
        budget->left_ns -= (int64_t)used_ns;
    }
}

uint64_t time_budget_next_ns(const struct time_budget *budget)
{
    uint64_t periods;

    if (budget->left_ns > 0) {
        return 0;
    }
    if (budget->budget_ns == 0) {
        return UINT64_MAX;
    }
    periods = (uint64_t)-budget->left_ns / budget->budget_ns + 1;
    if (periods > (UINT64_MAX - budget->start_ns) / budget->period_ns) {
        return UINT64_MAX;
    }
    return budget->start_ns + periods * budget->period_ns;
}

uint64_t time_budget_take(struct time_budget *from, uint64_t budget_ns,
                          uint64_t period_ns)
{
    uint64_t share_ns = (budget_ns * from->period_ns + period_ns - 1) / period_ns;

    if (share_ns > from->budget_ns) {
        return UINT64_MAX;
    }
    from->budget_ns -= share_ns;
    if (from->left_ns > (int64_t)from->budget_ns) {
        from->left_ns = (int64_t)from->budget_ns;
    }
    return share_ns;
}

void time_budget_give(struct time_budget *to, uint64_t taken_ns)
{
    to->budget_ns += taken_ns;
}
