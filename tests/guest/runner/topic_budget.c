/**
 * topic_budget.c - budgets of processor time: how much a group gets, who pays for a server,
 * and that there is no way around it.
 *
 * On one CPU the machine runs by the count of its instructions, so that shares are checked
 * in numbers; on several only that everything goes on.
 */
#include "guest/runner/budget_setup.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/process.h"

enum { GROUP = 3 };

struct bad_row {
    const char *name;
    uint64_t budget_ns;
    uint64_t period_ns;
    mn_status expected;
};

static const struct bad_row bad_rows[] = {
    {"no period", 0, 0, MN_ERROR_INVALID_ARGUMENT},
    {"a period that is too short", 0, 99999, MN_ERROR_INVALID_ARGUMENT},
    {"the shortest period", 0, 100000, MN_OK},
    {"the whole of it", 100000, 100000, MN_OK},
    {"more than a period", 100001, 100000, MN_ERROR_INVALID_ARGUMENT},
    {"the longest period", 4000000000, 4000000000, MN_OK},
    {"a period that is too long", 1, 4000000001, MN_ERROR_INVALID_ARGUMENT},
    {"a period of 2^32 and a good one", 1, (1ul << 32) + 100000,
     MN_ERROR_INVALID_ARGUMENT},
    {"a budget of 2^63", 1ul << 63, 100000, MN_ERROR_INVALID_ARGUMENT},
    {"a budget of -1", ~0ul, 4000000000, MN_ERROR_INVALID_ARGUMENT},
    {"a period of -1", 1, ~0ul, MN_ERROR_INVALID_ARGUMENT},
    {"both -1", ~0ul, ~0ul, MN_ERROR_INVALID_ARGUMENT},
};

static void run_bad(const void *data)
{
    const struct bad_row *row = data;
    struct mn_cap_info info;

    CHECK_EQUAL(
        sys_create_budget(MN_INIT_SLOT_MEMORY, BUDGET, row->budget_ns, row->period_ns),
        row->expected);
    CHECK_EQUAL(sys_cap_info(BUDGET, &info), MN_OK);
    if (row->expected == MN_OK) {
        CHECK_EQUAL(info.type, MN_CAP_BUDGET);
        CHECK_EQUAL(info.a, row->budget_ns);
        CHECK_EQUAL(info.b, row->period_ns);
        CHECK_EQUAL(info.c, row->budget_ns);
    } else {
        CHECK_EQUAL(info.type, MN_CAP_EMPTY);
    }
}

/** Two groups with a share each, and a third with three members in one share. */
static void run_shares(const void *data)
{
    struct shared_page *shared = budget_begin();
    uint64_t counts[3 + GROUP - 1];

    (void)data;
    budget_create(BUDGET, PERIOD / 10);
    budget_create(OTHER, PERIOD / 10 * 3);
    budget_create(THIRD, PERIOD / 10 * 2);
    for (uint64_t i = 0; i < 2 + GROUP; i++) {
        uint64_t slot = i < 2 ? BUDGET + i : THIRD;

        child_start(budget_child(slot, 0, 0), SCENARIO_SPIN, i, CPU_OWN);
    }
    for (uint64_t i = 0; i < 2 + GROUP; i++) {
        counts[i] = shared->counter[i];
    }
    (void)budget_sleep(20 * PERIOD);
    for (uint64_t i = 0; i < 2 + GROUP; i++) {
        counts[i] = shared->counter[i] - counts[i];
    }
    budget_check_near("three times the share", counts[1], 3 * counts[0]);
    budget_check_near("three in one share", counts[2] + counts[3] + counts[4],
                      2 * counts[0]);
    CHECK(counts[0] > 0 && counts[1] > 0);
}

/** Somebody's round trips beside a spinner that has a tenth: the spinner takes that, and not
 *  more. */
static void run_beside_spinner(const void *data)
{
    struct shared_page *shared = budget_begin();
    uint64_t alone;
    uint64_t beside;

    (void)data;
    endpoint_create(ENDPOINT);
    budget_create(BUDGET, PERIOD / 10);
    child_start(budget_child(0, ENDPOINT, 0), SCENARIO_SERVE,
                SERVER(1ul << 40, SERVER_EXITS), CPU_OWN);
    child_start(budget_child(0, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    alone = budget_rate(&shared->counter[0], 20 * PERIOD);
    child_start(budget_child(BUDGET, 0, 0), SCENARIO_SPIN, 1, CPU_OWN);
    beside = budget_rate(&shared->counter[0], 20 * PERIOD);
    budget_check_near("nine tenths of the round trips", beside, alone / 10 * 9);
    CHECK(shared->counter[1] > 0);
}

/** No time at all, then some, then none; it can be ended in each state. */
static void run_none(const void *data)
{
    const uint64_t *cpu = data;
    struct shared_page *shared = budget_begin();
    uint64_t child;

    budget_create(BUDGET, 0);
    child = budget_child(BUDGET, 0, 0);
    child_start(child, SCENARIO_SPIN, 0, *cpu);
    (void)budget_sleep(2 * PERIOD);
    CHECK_EQUAL(shared->counter[0], 0);
    CHECK_EQUAL(sys_set_budget(child, 0), MN_OK);
    wait_for_word(&shared->counter[0], 1);
    CHECK_EQUAL(sys_set_budget(child, BUDGET), MN_OK);
    CHECK(budget_stands_still(&shared->counter[0]));
    child_kill(child);
    /* The membership keeps the budget when its capability goes. */
    child = budget_child(BUDGET, 0, 0);
    CHECK_EQUAL(sys_drop_cap(BUDGET), MN_OK);
    child_start(child, SCENARIO_SPIN, 1, *cpu);
    (void)budget_sleep(PERIOD);
    CHECK_EQUAL(shared->counter[1], 0);
    child_kill(child);
}

/** A child can divide what it has, and finds no way to more. */
static void run_subdivide(const void *data)
{
    struct shared_page *shared = budget_begin();
    uint64_t counts[2];
    uint64_t child;

    (void)data;
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 64), MN_OK);
    budget_create(BUDGET, PERIOD / 5);
    budget_create(OTHER, PERIOD / 10);
    child = budget_child(BUDGET, 0, 0);
    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT, 0);
    child_start(child, SCENARIO_SUBDIVIDE, PERIOD / 5, CPU_OWN);
    child_start(budget_child(OTHER, 0, 0), SCENARIO_SPIN, 1, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    counts[0] = shared->counter[0];
    counts[1] = shared->counter[1];
    (void)budget_sleep(20 * PERIOD);
    budget_check_near("half of a fifth beside a tenth", shared->counter[0] - counts[0],
                      shared->counter[1] - counts[1]);
}

/** The members of one budget on all CPUs have no more than it gives, over some periods. */
static void run_all_cpus(const void *data)
{
    struct shared_page *shared = budget_begin();
    struct mn_cap_info info;

    (void)data;
    budget_create(BUDGET, PERIOD / 10);
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        child_start(budget_child(BUDGET, 0, 0), SCENARIO_SPIN, cpu, CPU_NUMBER(cpu));
    }
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        wait_for_word(&shared->counter[cpu], 1);
    }
    (void)budget_sleep(5 * PERIOD);
    CHECK_EQUAL(sys_cap_info(BUDGET, &info), MN_OK);
    CHECK(info.c <= PERIOD / 10);
}

void topic_budget(void)
{
    for (unsigned i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
        test_run(run_bad, &bad_rows[i], "budget: %s", bad_rows[i].name);
    }
    test_run(run_shares, NULL, "budget: shares, and a group");
    test_run(run_beside_spinner, NULL, "budget: round trips beside a spinner");
    for (unsigned i = 0; i < boot_info->cpu_count && i < 2; i++) {
        uint64_t cpu = i == 0 ? CPU_OWN : CPU_NUMBER(boot_info->cpu_count - 1);

        test_run(run_none, &cpu, "budget: none, some, none, %s CPU",
                 i == 0 ? "same" : "another");
    }
    test_run(run_subdivide, NULL, "budget: a part of one's own");
    test_run(run_all_cpus, NULL, "budget: one for all CPUs");
}
