/**
 * budget_setup.c - see budget_setup.h.
 */
#include "guest/runner/budget_setup.h"

#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/process.h"
#include "mnos/signal.h"

/** How often it is looked whether nobody counts any more. */
enum { PATIENCE = 10 };

bool budget_is_exact(void)
{
    return boot_info->cpu_count == 1;
}

uint64_t budget_sleep(uint64_t ns)
{
    uint64_t begin = mnos_clock_ns();
    uint64_t bits;

    CHECK_EQUAL(sys_set_timer(TIMER, begin + ns), MN_OK);
    CHECK_EQUAL(sys_wait_signal(TIMER, 0, &bits), MN_OK);
    return mnos_clock_ns() - begin;
}

uint64_t budget_rate(const volatile uint64_t *counter, uint64_t ns)
{
    uint64_t before = *counter;
    uint64_t took = budget_sleep(ns);

    return (*counter - before) * 1000 / (took / MS);
}

void budget_create(uint64_t slot, uint64_t budget_ns)
{
    CHECK_EQUAL(sys_create_budget(MN_INIT_SLOT_MEMORY, slot, budget_ns, PERIOD), MN_OK);
}

uint64_t budget_child(uint64_t slot, uint64_t endpoint, uint64_t inner)
{
    uint64_t child = child_create();

    child_share(child);
    if (endpoint != 0) {
        child_give(child, endpoint, CHILD_SLOT_ENDPOINT, 0);
    }
    if (inner != 0) {
        child_give(child, inner, CHILD_SLOT_EXTRA, 0);
    }
    CHECK_EQUAL(sys_set_budget(child, slot), MN_OK);
    return child;
}

uint64_t budget_frames_free(void)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(MN_INIT_SLOT_MEMORY, &info), MN_OK);
    return info.a - info.b;
}

struct shared_page *budget_begin(void)
{
    notification_create(TIMER);
    return shared_create();
}

void budget_check_near(const char *what, uint64_t actual, uint64_t expected)
{
    if (budget_is_exact() &&
        (actual * 100 < expected * 92 || actual * 100 > expected * 108)) {
        test_fail(__FILE__, __LINE__, "%s: %llu, not about %llu", what,
                  (unsigned long long)actual, (unsigned long long)expected);
    }
}

bool budget_stands_still(const volatile uint64_t *counter)
{
    bool still = false;

    for (unsigned i = 0; i < PATIENCE && !still; i++) {
        uint64_t count = *counter;

        (void)budget_sleep(3 * PERIOD);
        still = *counter == count;
    }
    return still;
}
