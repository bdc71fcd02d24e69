/**
 * topic_payer.c - who pays for a server's time, what becomes of it when callers and budgets go,
 * and budgets beside priorities.
 */
#include "guest/runner/budget_setup.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/process.h"
#include "mnos/thread.h"

enum { ROUNDS = 10 };

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
    struct shared_page *shared = budget_begin();
    uint64_t alone;
    uint64_t spinner;

    (void)data;
    endpoint_create(ENDPOINT);
    budget_create(BUDGET, PERIOD / 10);
    child_start(budget_child(0, ENDPOINT, 0), SCENARIO_SERVE,
                SERVER(1ul << 40, SERVER_EXITS), CPU_OWN);
    child_start(budget_child(0, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    alone = budget_rate(&shared->counter[0], 5 * PERIOD);
    spinner = budget_child(BUDGET, 0, 0);
    set_priority(spinner, child_start(spinner, SCENARIO_SPIN, 1, CPU_OWN), 63);
    budget_check_near("nine tenths of the round trips",
                      budget_rate(&shared->counter[0], 20 * PERIOD), alone / 10 * 9);
    CHECK(shared->counter[1] > 0);
}

/** A process of half the memory and the lowest priority ends beside a spinner, for the one who
 *  waits for that lends it his. */
static void run_low_end(const void *data)
{
    struct shared_page *shared = budget_begin();
    uint64_t frames = budget_frames_free() / 2;
    uint64_t child;
    uint64_t thread;

    (void)data;
    if (frames > 64ul << 8) {
        frames = 64ul << 8; /* 64 MiB */
    }
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, frames), MN_OK);
    child = budget_child(0, 0, 0);
    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT, 0);
    thread = child_start(child, SCENARIO_HOG_BLOCKS, 0, CPU_OWN);
    wait_for_word(&shared->go, 1);
    CHECK(shared->words[0] > frames / 2);
    set_priority(child, thread, 0);
    child_start(budget_child(0, 0, 0), SCENARIO_SPIN, 0, CPU_OWN);
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
    uint64_t worker = budget_child(0, chain ? INNER : ENDPOINT, 0);
    uint64_t between = chain ? budget_child(0, ENDPOINT, INNER) : 0;

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
    struct shared_page *shared = budget_begin();

    endpoint_create(ENDPOINT);
    endpoint_create(INNER);
    budget_create(BUDGET, PERIOD / 10);
    if (row->server_ns != UNLIMITED) {
        budget_create(OTHER, row->server_ns);
    }
    start_servers(MS / 10, row->chain, row->server_ns == UNLIMITED ? 0 : OTHER);
    child_start(budget_child(BUDGET, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 1);
    budget_check_near("requests a second",
                      budget_rate(&shared->counter[9], 15 * PERIOD), 990);
    CHECK(shared->counter[9] <= shared->counter[0] + 1);
}

/** Clients die in the middle of a request, each with its budget; the server, which has no time
 *  of its own or all, ends the request, and serves the next one. */
static void run_orphan(const void *data)
{
    const uint64_t *server_ns = data;
    struct shared_page *shared = budget_begin();

    endpoint_create(ENDPOINT);
    if (*server_ns != UNLIMITED) {
        budget_create(OTHER, *server_ns);
    }
    start_servers(2 * MS, false, *server_ns == UNLIMITED ? 0 : OTHER);
    for (uint64_t i = 1; i <= ROUNDS; i++) {
        uint64_t client;

        budget_create(BUDGET, PERIOD / 10);
        client = budget_child(BUDGET, ENDPOINT, 0);
        child_start(client, SCENARIO_COUNT_CALLS, 0, CPU_OWN);
        wait_for_word(&shared->counter[8], i);
        CHECK_EQUAL(sys_drop_cap(BUDGET), MN_OK);
        child_kill(client);
        wait_for_word(&shared->counter[9], i);
    }
    CHECK(!budget_is_exact() || shared->counter[0] == 0);
    child_start(budget_child(0, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 2);
}

/** A budget's account is closed while its member waits for a server: the server is not
 *  harmed, the member has no time any more until it is given another budget. */
static void run_closed(const void *data)
{
    struct shared_page *shared = budget_begin();
    uint64_t client;
    uint64_t count;

    (void)data;
    endpoint_create(ENDPOINT);
    start_servers(MS / 5, false, 0);
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 4), MN_OK);
    CHECK_EQUAL(sys_create_budget(ACCOUNT, BUDGET, PERIOD / 2, PERIOD), MN_OK);
    client = budget_child(BUDGET, ENDPOINT, 0);
    child_start(client, SCENARIO_COUNT_CALLS, 0, CPU_OWN);
    wait_for_word(&shared->counter[0], 2);
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
    CHECK(budget_stands_still(&shared->counter[0]));
    count = shared->counter[0];
    child_start(budget_child(0, ENDPOINT, 0), SCENARIO_COUNT_CALLS, 1, CPU_OWN);
    wait_for_word(&shared->counter[1], 2);
    CHECK_EQUAL(sys_set_budget(client, 0), MN_OK);
    wait_for_word(&shared->counter[0], count + 1);
}

void topic_payer(void)
{
    static const uint64_t servers[] = {0, UNLIMITED};

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
}
