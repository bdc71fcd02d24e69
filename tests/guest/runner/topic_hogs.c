/**
 * topic_hogs.c - a victim with a budget beside everything that a hostile program can take: the
 * round trips that it completes must fall by at most a tenth.
 *
 * On one CPU the machine runs by the count of its instructions and the figure is exact; on
 * several it is told, and that everything goes on is tested.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/console.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    ENDPOINT = TEST_SLOT,
    TIMER,
    VICTIM_BUDGET,
    FIRST_BUDGET, /**< a hog's, and behind all of them their accounts */
    HOGS = 5,
    FIRST_ACCOUNT = FIRST_BUDGET + HOGS,
    HOG_FRAMES = 512,
    ROUND_TRIPS = 1, /**< the victim's counter; 0 is the memory hog's, 2 of the flood */
    FIRST_COUNTER = 4 /**< the first hog's */
};

#define PERIOD    10000000ull
#define WINDOW    (20 * PERIOD)
#define OF_VICTIM (PERIOD / 2)
#define OF_HOG    (PERIOD * 8 / 100)

struct hog {
    const char *name;
    enum scenario scenario;
    uint64_t parameter;
};

static const struct hog hogs[HOGS] = {
    {"fork bomb", SCENARIO_FORK_BOMB, FIRST_COUNTER},
    {"slot hog", SCENARIO_HOG_SLOTS, FIRST_COUNTER + 1},
    {"memory hog", SCENARIO_ALLOCATE, 7},
    {"endpoint flooder", SCENARIO_FLOOD, FIRST_COUNTER + 2},
    {"spinner", SCENARIO_SPIN, FIRST_COUNTER + 3},
};

/** The victim's round trips in a period, as seen over the window. */
static uint64_t round_trips_per_period(struct shared_page *shared)
{
    uint64_t begin = mnos_clock_ns();
    uint64_t before = shared->counter[ROUND_TRIPS];
    uint64_t bits;

    CHECK_EQUAL(sys_set_timer(TIMER, begin + WINDOW), MN_OK);
    CHECK_EQUAL(sys_wait_signal(TIMER, 0, &bits), MN_OK);
    return (shared->counter[ROUND_TRIPS] - before) * PERIOD / (mnos_clock_ns() - begin);
}

static void start_victim(void)
{
    uint64_t server = child_create();
    uint64_t client = child_create();

    CHECK_EQUAL(
        sys_create_budget(MN_INIT_SLOT_MEMORY, VICTIM_BUDGET, OF_VICTIM, PERIOD),
        MN_OK);
    child_share(server);
    child_give(server, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_start(server, SCENARIO_SERVE, SERVER(1ul << 40, SERVER_EXITS), CPU_OWN);
    child_share(client);
    child_give(client, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    CHECK_EQUAL(sys_set_budget(client, VICTIM_BUDGET), MN_OK);
    child_start(client, SCENARIO_COUNT_CALLS, ROUND_TRIPS, CPU_OWN);
}

/** A hog with an account and a budget of its own, and all the rights that a program has. */
static void start_hog(uint64_t number)
{
    const struct hog *hog = &hogs[number];
    uint64_t child = child_create();

    CHECK_EQUAL(
        sys_create_budget(MN_INIT_SLOT_MEMORY, FIRST_BUDGET + number, OF_HOG, PERIOD),
        MN_OK);
    CHECK_EQUAL(
        sys_create_account(MN_INIT_SLOT_MEMORY, FIRST_ACCOUNT + number, HOG_FRAMES),
        MN_OK);
    child_share(child);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE | MN_RIGHT_GRANT);
    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, FIRST_ACCOUNT + number, CHILD_SLOT_ACCOUNT, 0);
    CHECK_EQUAL(sys_set_budget(child, FIRST_BUDGET + number), MN_OK);
    child_start(child, hog->scenario, hog->parameter, CPU_OWN);
}

static void run_hogs(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t alone;
    uint64_t beside;

    (void)data;
    notification_create(TIMER);
    endpoint_create(ENDPOINT);
    start_victim();
    wait_for_word(&shared->counter[ROUND_TRIPS], 1);
    alone = round_trips_per_period(shared);
    for (uint64_t i = 0; i < HOGS; i++) {
        start_hog(i);
    }
    for (uint64_t i = 0; i < HOGS - 1; i++) {
        wait_for_word(&shared->counter[FIRST_COUNTER + i], 1);
    }
    wait_for_word(&shared->counter[0], 1);
    beside = round_trips_per_period(shared);
    mnos_printf(
        "hogs: %llu round trips a period alone, %llu beside all hogs (%llu %%)\n",
        (unsigned long long)alone, (unsigned long long)beside,
        (unsigned long long)(beside * 100 / (alone == 0 ? 1 : alone)));
    CHECK(alone > 0 && beside > 0);
    CHECK(boot_info->cpu_count > 1 || beside * 100 >= alone * 90);
}

void topic_hogs(void)
{
    test_run(run_hogs, NULL, "hogs: five kinds at once beside a victim");
}
