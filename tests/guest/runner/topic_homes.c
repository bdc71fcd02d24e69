/**
 * topic_homes.c - a client and a server at home on each CPU, whose calls take no lock there,
 * while the runner does from its own what may not disturb them.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/call.h"
#include "mnos/cap.h"
#include "mnos/process.h"

enum { PAIRS = 3, ENDPOINTS = TEST_SLOT, MINTED = ENDPOINTS + PAIRS, ROUNDS = 3 };

/** How many calls of each client there are between two disturbances. */
#define PROGRESS 30ul
#define FOR_EVER (1ul << 40)

static uint64_t servers[PAIRS];
static uint64_t clients[PAIRS];
static struct shared_page *shared;

/** How many pairs there are: each on a CPU of its own, which is not the runner's if there are
 *  others. */
static uint64_t pair_count(void)
{
    uint64_t others = boot_info->cpu_count - 1;

    return others == 0 ? 1 : others < PAIRS ? others : PAIRS;
}

static uint64_t cpu_of(uint64_t pair)
{
    return CPU_NUMBER((pair + 1) % boot_info->cpu_count);
}

static void start_server(uint64_t pair, uint64_t cpu)
{
    servers[pair] = child_create();
    child_give(servers[pair], ENDPOINTS + pair, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_start(servers[pair], SCENARIO_SERVE, SERVER(FOR_EVER, SERVER_EXITS), cpu);
}

static void start_client(uint64_t pair)
{
    clients[pair] = child_create();
    child_share(clients[pair]);
    child_give(clients[pair], ENDPOINTS + pair, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    child_start(clients[pair], SCENARIO_CALL_FOR_EVER, pair, cpu_of(pair));
}

static void start_all(void)
{
    shared = shared_create();
    for (uint64_t pair = 0; pair < pair_count(); pair++) {
        endpoint_create(ENDPOINTS + pair);
        start_server(pair, cpu_of(pair));
        start_client(pair);
    }
}

/** The clients still get right answers: one that got a wrong one has ended. */
static void all_go_on(void)
{
    for (uint64_t pair = 0; pair < pair_count() && !test_has_failed(); pair++) {
        wait_for_word(&shared->counter[pair], shared->counter[pair] + PROGRESS);
    }
}

/** Some calls by the runner, whose CPU is not the endpoint's home. */
static void call_from_here(uint64_t pair, unsigned round)
{
    for (uint64_t i = 0; i < 5; i++) {
        struct mnos_call message = {.words = {i, round, pair}};

        CHECK_EQUAL(sys_call(ENDPOINTS + pair, &message), MN_OK);
        CHECK_EQUAL(message.words[0], i + 1);
        CHECK_EQUAL(message.words[1], round + 1);
        CHECK_EQUAL(message.words[2], pair + 1);
    }
}

/** Capabilities for the endpoint come to both sides and go. */
static void take_back(uint64_t pair, unsigned round)
{
    (void)round;
    mint(ENDPOINTS + pair, MINTED, MN_RIGHTS_ALL, 0, 0);
    child_give(servers[pair], MINTED, CHILD_SLOT_EXTRA, 0);
    child_give(clients[pair], MINTED, CHILD_SLOT_EXTRA, 0);
    CHECK_EQUAL(sys_revoke(MINTED), MN_OK);
    CHECK_EQUAL(sys_drop_cap(MINTED), MN_OK);
}

/** What they use goes as well; they end, and others come. */
static void take_everything(uint64_t pair, unsigned round)
{
    uint64_t code;

    (void)round;
    CHECK_EQUAL(sys_revoke(ENDPOINTS + pair), MN_OK);
    code = child_wait(clients[pair]);
    CHECK(code == MN_ERROR_INVALID_SLOT);
    code = child_wait(servers[pair]);
    CHECK(code == MN_ERROR_CANCELLED || code == MN_ERROR_INVALID_SLOT);
    (void)sys_drop_cap(clients[pair]);
    (void)sys_drop_cap(servers[pair]);
    start_server(pair, cpu_of(pair));
    start_client(pair);
}

static void kill_client(uint64_t pair, unsigned round)
{
    (void)round;
    child_kill(clients[pair]);
    start_client(pair);
}

/** The next server is at home on another CPU, and so the endpoint moves. */
static void kill_server(uint64_t pair, unsigned round)
{
    child_kill(servers[pair]);
    start_server(pair, cpu_of(pair + round));
}

struct disturbance {
    const char *name;
    void (*run)(uint64_t pair, unsigned round);
};

static void run_disturbance(const void *data)
{
    const struct disturbance *disturbance = data;

    start_all();
    all_go_on();
    for (unsigned round = 0; round < ROUNDS && !test_has_failed(); round++) {
        for (uint64_t pair = 0; pair < pair_count() && !test_has_failed(); pair++) {
            disturbance->run(pair, round);
        }
        all_go_on();
    }
}

void topic_homes(void)
{
    static const struct disturbance disturbances[] = {
        {"calls come from elsewhere", call_from_here},
        {"capabilities come and go", take_back},
        {"clients are killed", kill_client},
        {"servers are killed, and the next are elsewhere", kill_server},
        {"all capabilities are revoked", take_everything},
    };

    for (unsigned i = 0; i < sizeof(disturbances) / sizeof(disturbances[0]); i++) {
        test_run(run_disturbance, &disturbances[i], "homes: %s", disturbances[i].name);
    }
}
