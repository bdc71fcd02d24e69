/**
 * time_budget.h - the arithmetic of a budget of processor time: so much in each period.
 *
 * What is used beyond it is a debt, which the next periods pay off first: over any number of
 * periods no more is used than they give, and what one turn overruns. What is left over at the
 * end of a period is lost. All times are nanoseconds of one clock.
 */
#ifndef CORE_TIME_BUDGET_H
#define CORE_TIME_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/** Limits of a period; with them no product here exceeds 64 bits. */
#define TIME_BUDGET_PERIOD_MIN_NS 100000ull
#define TIME_BUDGET_PERIOD_MAX_NS 4000000000ull

struct time_budget {
    uint64_t budget_ns; /**< given at the start of each period; at most period_ns */
    uint64_t period_ns;
    uint64_t start_ns; /**< when the period began that was looked at last */
    int64_t left_ns;   /**< at most budget_ns; negative: a debt */
};

/** Is the period within its limits and the budget within the period? */
bool time_budget_is_valid(uint64_t budget_ns, uint64_t period_ns);

/** Makes a valid budget, full, whose first period begins now. */
void time_budget_init(struct time_budget *budget, uint64_t budget_ns,
                      uint64_t period_ns, uint64_t now_ns);

/** Gives what the periods that have begun since the last time give. A time before that
 *  changes nothing. */
void time_budget_refresh(struct time_budget *budget, uint64_t now_ns);

/** Takes what was used. */
void time_budget_charge(struct time_budget *budget, uint64_t used_ns);

/** When there will be something left, if nothing more is used: 0 if there is now,
 *  UINT64_MAX if never. */
uint64_t time_budget_next_ns(const struct time_budget *budget);

/**
 * Takes the share of the processor that a valid budget of @p budget_ns in @p period_ns would
 * have out of @p from, rounded up. Its answer is what was taken from budget_ns, for
 * time_budget_give(); UINT64_MAX: @p from has less, and nothing happens.
 */
uint64_t time_budget_take(struct time_budget *from, uint64_t budget_ns,
                          uint64_t period_ns);

/** Gives back what time_budget_take() took. */
void time_budget_give(struct time_budget *to, uint64_t taken_ns);

#endif
