/**
 * topic_kill.c - a client or a server is killed at each point of a conversation: by a table,
 * and at random moments of a storm. The other side hears at once, nothing is lost or left.
 */
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "guest/runner/transfer.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

enum { KILLED = 77, KILLS = 24, CLIENTS = 2, SERVERS = 2, PLAYERS = CLIENTS + SERVERS };

/* --- by a table --- */

/** Where the victim is. */
enum point {
    CLIENT_SENDS,  /**< in the queue, with SEND */
    CLIENT_QUEUED, /**< in the queue, with a CALL */
    CLIENT_CALLED, /**< its call is taken; then it is replied to, with a capability */
    SERVER_RECEIVING, /**< waits for a message; it is the last who could */
    SERVER_OWES,      /**< has taken a call with a capability */
    POINTS
};

static volatile uint64_t status_of_call;

static void kill_it(uint64_t child)
{
    CHECK_EQUAL(sys_kill_process(child, KILLED), MN_OK);
    CHECK_EQUAL(child_wait(child), KILLED);
}

static void run_client(const void *data)
{
    const enum point *point = data;
    struct mnos_message message = {0};
    uint64_t child = child_create();

    transfer_prepare(1);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    child_start(child, *point == CLIENT_SENDS ? SCENARIO_SEND : SCENARIO_CALL, 5,
                CPU_OWN);
    let_others_run();
    if (*point == CLIENT_CALLED) {
        CHECK_EQUAL(mnos_message_reply_recv(&transfer_buffer, ENDPOINT, &message),
                    MN_OK);
    }
    kill_it(child);
    message.flags = MN_MESSAGE_NO_WAIT;
    if (*point == CLIENT_CALLED) {
        mnos_message_move_cap(&message, THING);
    }
    /* No message is left of it, and what was for it stays. */
    CHECK_EQUAL(mnos_message_reply_recv(&transfer_buffer, ENDPOINT, &message),
                MN_ERROR_WOULD_BLOCK);
    transfer_check_type(THING, MN_CAP_MEMORY_FRAME);
}

/** A thread of the runner calls, moves a capability, and may have a deadline. */
static void call_and_move(void *data)
{
    static struct mn_ipc_buffer own __attribute__((aligned(MN_IPC_BUFFER_SIZE)));
    const bool *deadline = data;
    struct mnos_message message = {.label = RELAY_KEEPS, .length = 30};

    CHECK_EQUAL(sys_set_buffer(&own), MN_OK);
    message.flags = *deadline ? MN_MESSAGE_DEADLINE : 0;
    message.deadline_ns = UINT64_MAX;
    mnos_message_move_cap(&message, THING);
    status_of_call = mnos_message_call(&own, BADGED, &message);
    CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
}

static void run_server(const void *data)
{
    const enum point *point = data;

    for (unsigned i = 0; i < 2; i++) {
        bool deadline = i == 1;
        bool owes = *point == SERVER_OWES;
        uint64_t child = child_create();

        endpoint_create(ENDPOINT);
        mint(ENDPOINT, BADGED, MN_RIGHT_WRITE, 7, 0);
        CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, THING, 0), MN_OK);
        child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
        CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
        child_start(child, owes ? SCENARIO_TAKE_AND_SPIN : SCENARIO_RELAY, 8, CPU_OWN);
        let_others_run();
        status_of_call = 1;
        if (owes) {
            own_thread_start(CLIENT_THREAD, call_and_move, &deadline, CPU_OWN);
            let_others_run();
            transfer_check_type(THING, MN_CAP_EMPTY); /* it is there already */
        }
        kill_it(child);
        if (!owes) {
            own_thread_start(CLIENT_THREAD, call_and_move, &deadline, CPU_OWN);
        }
        own_thread_wait(CLIENT_THREAD);
        CHECK_EQUAL(status_of_call, owes ? MN_ERROR_CANCELLED : MN_ERROR_NO_ENDPOINT);
        transfer_check_type(THING, owes ? MN_CAP_EMPTY : MN_CAP_MEMORY_FRAME);
        (void)sys_drop_cap(THING);
        CHECK_EQUAL(sys_drop_cap(BADGED), MN_OK);
        CHECK_EQUAL(sys_drop_cap(child), MN_OK);
    }
}

/* --- in a storm --- */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state >> 11;
}

static uint64_t start_player(unsigned number, uint64_t *random)
{
    uint64_t child = child_create();
    bool client = number < CLIENTS;

    child_share(child);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT,
               client ? MN_RIGHT_WRITE : MN_RIGHT_READ);
    child_give(child, THING, CHILD_SLOT_EXTRA, 0);
    child_start(child, client ? SCENARIO_STORM_CLIENT : SCENARIO_STORM_SERVER,
                next_random(random) & 0xffffff,
                CPU_NUMBER(next_random(random) % boot_info->cpu_count));
    return child;
}

/** Waits a random time, of the kind that ends anywhere. */
static void wait_a_while(uint64_t *random)
{
    uint64_t end_ns = mnos_clock_ns() + next_random(random) % 400000;

    while (mnos_clock_ns() < end_ns) {
        sys_yield();
    }
}

static void run_storm(const void *data)
{
    const uint64_t *seed = data;
    struct shared_page *shared = shared_create();
    uint64_t random = *seed;
    uint64_t players[PLAYERS];

    transfer_prepare(1);
    for (unsigned i = 0; i < PLAYERS; i++) {
        players[i] = start_player(i, &random);
    }
    for (unsigned kill = 0; kill < KILLS && !test_has_failed(); kill++) {
        unsigned victim = (unsigned)(next_random(&random) % PLAYERS);
        uint64_t clients;
        uint64_t servers;

        wait_a_while(&random);
        REQUIRE_EQUAL(shared->words[0], 0); /* none ended by itself */
        child_kill(players[victim]);
        players[victim] = start_player(victim, &random);
        CHECK_EQUAL(shared->words[0], 0); /* none ended by itself */
        /* The others go on. */
        clients = shared->counter[0];
        servers = shared->counter[1];
        wait_for_word(&shared->counter[0], clients + 5);
        wait_for_word(&shared->counter[1], servers + 5);
    }
    /* All copies of the capability that went around can be taken back. */
    CHECK_EQUAL(sys_revoke(THING), MN_OK);
    for (unsigned i = 0; i < PLAYERS; i++) {
        child_kill(players[i]);
    }
}

void topic_kill(void)
{
    static const char *const names[] = {
        "a client in the queue, SEND", "a client in the queue, CALL",
        "a client whose call is taken", "the last server, waiting",
        "a server that owes a reply"};

    for (unsigned point = CLIENT_SENDS; point < POINTS; point++) {
        test_run(point < SERVER_RECEIVING ? run_client : run_server, &point, "kill: %s",
                 names[point]);
    }
    for (uint64_t seed = 1; seed <= 4; seed++) {
        uint64_t start = seed * 0x9e3779b97f4a7c15ul;

        test_run(run_storm, &start, "kill: in a storm, %llu", (unsigned long long)seed);
    }
    CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
}
