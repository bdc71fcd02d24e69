/**
 * budget_setup.h - what the tests of budgets share.
 *
 * On one CPU the machine runs by the count of its instructions, so that shares are checked
 * in numbers; on several only that everything goes on.
 */
#ifndef GUEST_RUNNER_BUDGET_SETUP_H
#define GUEST_RUNNER_BUDGET_SETUP_H

#include "guest/runner/child.h"
#include <stdbool.h>
#include <stdint.h>

/** Slots of the tests. */
enum budget_slot {
    BUDGET = TEST_SLOT,
    OTHER,
    THIRD,
    ENDPOINT,
    INNER,
    ACCOUNT,
    TIMER,
    THREAD
};

#define MS     1000000ull
#define PERIOD (10 * MS)

/** Are shares exact here? */
bool budget_is_exact(void);

/** Sleeps; answers how long it was. */
uint64_t budget_sleep(uint64_t ns);

/** How much a counter grows in a second, seen over @p ns. */
uint64_t budget_rate(const volatile uint64_t *counter, uint64_t ns);

/** Makes a budget of @p budget_ns in each PERIOD in an Empty slot. */
void budget_create(uint64_t slot, uint64_t budget_ns);

/** A child that shares the page, lives on the budget in @p slot, and has the endpoints. */
uint64_t budget_child(uint64_t slot, uint64_t endpoint, uint64_t inner);

/** Frames that the root account could still hand out. */
uint64_t budget_frames_free(void);

/** Begins a test: its timer, and the page that children share. */
struct shared_page *budget_begin(void);

/** Is @p actual within 8 % of @p expected? Told with both where it is not. */
void budget_check_near(const char *what, uint64_t actual, uint64_t expected);

/** Does nobody count any more? Another CPU may need a moment until it hears of it. */
bool budget_stands_still(const volatile uint64_t *counter);

#endif
