/**
 * topic_budget.c - budgets of processor time: how much a group gets, who pays for a server,
 * and that there is no way around it.
 *
 * On one CPU the machine runs by the count of its instructions, so that shares are checked
 * in numbers; on several only that everything goes on.
 */
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "mnos/thread.h"

enum {
    BUDGET = TEST_SLOT,
    OTHER,
    THIRD,
    ENDPOINT,
    INNER,
    ACCOUNT,
    TIMER,
    THREAD,
    GROUP = 3,
    ROUNDS = 10
};

#define MS     1000000ull
#define PERIOD (10 * MS)

/** Are shares exact here? */
static bool is_exact(void)
{
    return boot_info->cpu_count == 1;
}

/** Sleeps; answers how long it was. */
static uint64_t sleep_ns(uint64_t ns)
{
    uint64_t begin = mnos_clock_ns();
    uint64_t bits;

    CHECK_EQUAL(sys_set_timer(TIMER, begin + ns), MN_OK);
    CHECK_EQUAL(sys_wait_signal(TIMER, 0, &bits), MN_OK);
    return mnos_clock_ns() - begin;
}

/** How much a counter grows in a second, seen over @p ns. */
static uint64_t rate(const volatile uint64_t *counter, uint64_t ns)
{
    uint64_t before = *counter;
    uint64_t took = sleep_ns(ns);

    return (*counter - before) * 1000 / (took / MS);
}

static void budget_create(uint64_t slot, uint64_t budget_ns)
{
    CHECK_EQUAL(sys_create_budget(MN_INIT_SLOT_MEMORY, slot, budget_ns, PERIOD), MN_OK);
}

/** A child that shares the page, lives on the budget in @p slot, and has the endpoints. */
static uint64_t make(uint64_t slot, uint64_t endpoint, uint64_t inner)
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

/** Frames that the root account could still hand out. */
static uint64_t frames_free(void)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(MN_INIT_SLOT_MEMORY, &info), MN_OK);
    return info.a - info.b;
}

static struct shared_page *begin(void)
{
    notification_create(TIMER);
    return shared_create();
}

/** Is @p actual within 8 % of @p expected? Told with both where it is not. */
static void check_near(const char *what, uint64_t actual, uint64_t expected)
{
    if (is_exact() && (actual * 100 < expected * 92 || actual * 100 > expected * 108)) {
        test_fail(__FILE__, __LINE__, "%s: %llu, not about %llu", what,
                  (unsigned long long)actual, (unsigned long long)expected);
    }
}

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
    struct shared_page *shared = begin();
    uint64_t counts[3 + GROUP - 1];

    (void)data;
    budget_create(BUDGET, PERIOD / 10);
    budget_create(OTHER, PERIOD / 10 * 3);
    budget_create(THIRD, PERIOD / 10 * 2);
    for (uint64_t i = 0; i < 2 + GROUP; i++) {
        uint64_t slot = i < 2 ? BUDGET + i : THIRD;

        child_start(make(slot, 0, 0), SCENARIO_SPIN, i, CPU_OWN);
    }
    for (uint64_t i = 0; i < 2 + GROUP; i++) {
        counts[i] = shared->counter[i];
    }
    (void)sleep_ns(20 * PERIOD);
    for (uint64_t i = 0; i < 2 + GROUP; i++) {
        counts[i] = shared->counter[i] - counts[i];
    }
    check_near("three times the share", counts[1], 3 * counts[0]);
    check_near("three in one share", counts[2] + counts[3] + counts[4], 2 * counts[0]);
    CHECK(counts[0] > 0 && counts[1] > 0);
}

/** Somebody's round trips beside a spinner that has a tenth: the spinner takes that, and not
 *  more. */
static void run_beside_spinner(const void *data)
{
    struct shared_page *shared = begin();
    uint64_t alone;
    uint64_t beside;

    (void)data;
    endpoint_create(ENDPOINT);
    budget_create(BUDGET, PERIOD / 10);
    child_start(make(0, ENDPOINT, 0), SCENARIO_SERVE, SERVER(1ul << 40, SERVER_EXITS),
                CPU_OWN);
    child_start(make(0, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    alone = rate(&shared->counter[0], 20 * PERIOD);
    child_start(make(BUDGET, 0, 0), SCENARIO_SPIN, 1, CPU_OWN);
    beside = rate(&shared->counter[0], 20 * PERIOD);
    check_near("nine tenths of the round trips", beside, alone / 10 * 9);
    CHECK(shared->counter[1] > 0);
}

/** Sets the priority of a child's one thread, by a slot that is Empty again. */
static void set_priority(uint64_t child, uint64_t thread, uint64_t priority)
{
    CHECK_EQUAL(sys_open_thread(child, thread, THREAD), MN_OK);
    CHECK_EQUAL(sys_control_thread(THREAD, MN_THREAD_CEILING, 63), MN_OK);
    CHECK_EQUAL(sys_control_thread(THREAD, MN_THREAD_PRIORITY, priority), MN_OK);
    CHECK_EQUAL(sys_drop_cap(THREAD), MN_OK);
}

/** A spinner of the highest priority, with a tenth: it leaves nine to all others. */
static void run_at_the_top(const void *data)
{
    struct shared_page *shared = begin();
    uint64_t alone;
    uint64_t spinner;

    (void)data;
    endpoint_create(ENDPOINT);
    budget_create(BUDGET, PERIOD / 10);
    child_start(make(0, ENDPOINT, 0), SCENARIO_SERVE, SERVER(1ul << 40, SERVER_EXITS),
                CPU_OWN);
    child_start(make(0, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    alone = rate(&shared->counter[0], 5 * PERIOD);
    spinner = make(BUDGET, 0, 0);
    set_priority(spinner, child_start(spinner, SCENARIO_SPIN, 1, CPU_OWN), 63);
    check_near("nine tenths of the round trips", rate(&shared->counter[0], 20 * PERIOD),
               alone / 10 * 9);
    CHECK(shared->counter[1] > 0);
}

/** A process of half the memory and the lowest priority ends beside a spinner, for the one who
 *  waits for that lends it his. */
static void run_low_end(const void *data)
{
    struct shared_page *shared = begin();
    uint64_t frames = frames_free() / 2;
    uint64_t child;
    uint64_t thread;

    (void)data;
    if (frames > 64ul << 8) {
        frames = 64ul << 8; /* 64 MiB */
    }
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, frames), MN_OK);
    child = make(0, 0, 0);
    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT, 0);
    thread = child_start(child, SCENARIO_HOG_BLOCKS, 0, CPU_OWN);
    wait_for_word(&shared->go, 1);
    CHECK(shared->words[0] > frames / 2);
    set_priority(child, thread, 0);
    child_start(make(0, 0, 0), SCENARIO_SPIN, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    child_kill(child);
}

/** A client on a tenth, and what works for it at 0.1 ms a request. */
struct payer_row {
    const char *name;
    uint64_t server_ns; /**< the server's own budget; UNLIMITED */
    bool chain;         /**< by another server in between, with the same */
};

#define UNLIMITED (~0ull)

static const struct payer_row payer_rows[] = {
    {"an unlimited server", UNLIMITED, false},
    {"a server without time of its own", 0, false},
    {"a server with a budget of its own", PERIOD / 10, false},
    {"a chain of unlimited servers", UNLIMITED, true},
    {"a chain of servers without time", 0, true},
};

/** Servers that wait for their first request, and then live on a budget (0: none). */
static void start_servers(uint64_t work_ns, bool chain, uint64_t slot)
{
    uint64_t worker = make(0, chain ? INNER : ENDPOINT, 0);
    uint64_t between = chain ? make(0, ENDPOINT, INNER) : 0;

    child_start(worker, SCENARIO_WORK, work_ns, CPU_OWN);
    if (chain) {
        child_start(between, SCENARIO_PASS_ON, 0, CPU_OWN);
    }
    let_others_run();
    CHECK_EQUAL(sys_set_budget(worker, slot), MN_OK);
    if (chain) {
        CHECK_EQUAL(sys_set_budget(between, slot), MN_OK);
    }
}

static void run_payer(const void *data)
{
    const struct payer_row *row = data;
    struct shared_page *shared = begin();

    endpoint_create(ENDPOINT);
    endpoint_create(INNER);
    budget_create(BUDGET, PERIOD / 10);
    if (row->server_ns != UNLIMITED) {
        budget_create(OTHER, row->server_ns);
    }
    start_servers(MS / 10, row->chain, row->server_ns == UNLIMITED ? 0 : OTHER);
    child_start(make(BUDGET, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    check_near("requests a second", rate(&shared->counter[9], 15 * PERIOD), 990);
    CHECK(shared->counter[9] <= shared->counter[0] + 1);
}

/** Clients die in the middle of a request, each with its budget; the server, which has no time
 *  of its own or all, ends the request, and serves the next one. */
static void run_orphan(const void *data)
{
    const uint64_t *server_ns = data;
    struct shared_page *shared = begin();

    endpoint_create(ENDPOINT);
    if (*server_ns != UNLIMITED) {
        budget_create(OTHER, *server_ns);
    }
    start_servers(2 * MS, false, *server_ns == UNLIMITED ? 0 : OTHER);
    for (uint64_t i = 1; i <= ROUNDS; i++) {
        uint64_t client;

        budget_create(BUDGET, PERIOD / 10);
        client = make(BUDGET, ENDPOINT, 0);
        child_start(client, SCENARIO_COUNT_CALLS, 0, CPU_OWN);
        wait_for_word(&shared->counter[8], i);
        CHECK_EQUAL(sys_drop_cap(BUDGET), MN_OK);
        child_kill(client);
        wait_for_word(&shared->counter[9], i);
    }
    CHECK(!is_exact() || shared->counter[0] == 0);
    child_start(make(0, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 2);
}

/** Does nobody count any more? Another CPU may need a moment until it hears of it. */
static bool stands_still(const volatile uint64_t *counter)
{
    bool still = false;

    for (unsigned i = 0; i < ROUNDS && !still; i++) {
        uint64_t count = *counter;

        (void)sleep_ns(3 * PERIOD);
        still = *counter == count;
    }
    return still;
}

/** A budget's account is closed while its member waits for a server: the server is not
 *  harmed, the member has no time any more until it is given another budget. */
static void run_closed(const void *data)
{
    struct shared_page *shared = begin();
    uint64_t client;
    uint64_t count;

    (void)data;
    endpoint_create(ENDPOINT);
    start_servers(MS / 5, false, 0);
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 4), MN_OK);
    CHECK_EQUAL(sys_create_budget(ACCOUNT, BUDGET, PERIOD / 2, PERIOD), MN_OK);
    client = make(BUDGET, ENDPOINT, 0);
    child_start(client, SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 2);
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
    CHECK(stands_still(&shared->counter[0]));
    count = shared->counter[0];
    child_start(make(0, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 1, CPU_OWN);
    wait_for_word(&shared->counter[1], 2);
    CHECK_EQUAL(sys_set_budget(client, 0), MN_OK);
    wait_for_word(&shared->counter[0], count + 1);
}

/** No time at all, then some, then none; it can be ended in each state. */
static void run_none(const void *data)
{
    const uint64_t *cpu = data;
    struct shared_page *shared = begin();
    uint64_t child;

    budget_create(BUDGET, 0);
    child = make(BUDGET, 0, 0);
    child_start(child, SCENARIO_SPIN, 0, *cpu);
    (void)sleep_ns(2 * PERIOD);
    CHECK_EQUAL(shared->counter[0], 0);
    CHECK_EQUAL(sys_set_budget(child, 0), MN_OK);
    wait_for_word(&shared->counter[0], 1);
    CHECK_EQUAL(sys_set_budget(child, BUDGET), MN_OK);
    CHECK(stands_still(&shared->counter[0]));
    child_kill(child);
    /* The membership keeps the budget when its capability goes. */
    child = make(BUDGET, 0, 0);
    CHECK_EQUAL(sys_drop_cap(BUDGET), MN_OK);
    child_start(child, SCENARIO_SPIN, 1, *cpu);
    (void)sleep_ns(PERIOD);
    CHECK_EQUAL(shared->counter[1], 0);
    child_kill(child);
}

/** A child can divide what it has, and finds no way to more. */
static void run_subdivide(const void *data)
{
    struct shared_page *shared = begin();
    uint64_t counts[2];
    uint64_t child;

    (void)data;
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 64), MN_OK);
    budget_create(BUDGET, PERIOD / 5);
    budget_create(OTHER, PERIOD / 10);
    child = make(BUDGET, 0, 0);
    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT, 0);
    child_start(child, SCENARIO_SUBDIVIDE, PERIOD / 5, CPU_OWN);
    child_start(make(OTHER, 0, 0), SCENARIO_SPIN, 1, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    counts[0] = shared->counter[0];
    counts[1] = shared->counter[1];
    (void)sleep_ns(20 * PERIOD);
    check_near("half of a fifth beside a tenth", shared->counter[0] - counts[0],
               shared->counter[1] - counts[1]);
}

/** The members of one budget on all CPUs have no more than it gives, over some periods. */
static void run_all_cpus(const void *data)
{
    struct shared_page *shared = begin();
    struct mn_cap_info info;

    (void)data;
    budget_create(BUDGET, PERIOD / 10);
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        child_start(make(BUDGET, 0, 0), SCENARIO_SPIN, cpu, CPU_NUMBER(cpu));
    }
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        wait_for_word(&shared->counter[cpu], 1);
    }
    (void)sleep_ns(5 * PERIOD);
    CHECK_EQUAL(sys_cap_info(BUDGET, &info), MN_OK);
    CHECK(info.c <= PERIOD / 10);
}

void topic_budget(void)
{
    static const uint64_t servers[] = {0, UNLIMITED};

    for (unsigned i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
        test_run(run_bad, &bad_rows[i], "budget: %s", bad_rows[i].name);
    }
    test_run(run_shares, NULL, "budget: shares, and a group");
    test_run(run_beside_spinner, NULL, "budget: round trips beside a spinner");
    test_run(run_at_the_top, NULL, "budget: beside a spinner of the highest priority");
    test_run(run_low_end, NULL,
             "budget: an end at the lowest priority beside a spinner");
    for (unsigned i = 0; i < sizeof(payer_rows) / sizeof(payer_rows[0]); i++) {
        test_run(run_payer, &payer_rows[i], "budget: the caller pays for %s",
                 payer_rows[i].name);
    }
    for (unsigned i = 0; i < 2; i++) {
        test_run(run_orphan, &servers[i], "budget: callers die, the server has %s",
                 i == 0 ? "no time of its own" : "all");
    }
    test_run(run_closed, NULL, "budget: its account is closed");
    for (unsigned i = 0; i < boot_info->cpu_count && i < 2; i++) {
        uint64_t cpu = i == 0 ? CPU_OWN : CPU_NUMBER(boot_info->cpu_count - 1);

        test_run(run_none, &cpu, "budget: none, some, none, %s CPU",
                 i == 0 ? "same" : "another");
    }
    test_run(run_subdivide, NULL, "budget: a part of one's own");
    test_run(run_all_cpus, NULL, "budget: one for all CPUs");
}
