/**
 * topic_ipc.c - messages: order, badges, who waits for whom, ends in the middle, endpoints
 * that close.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

enum { ENDPOINT = TEST_SLOT, BACK, BADGED, MANY = 6 };

static const uint32_t sender_rights = MN_RIGHT_WRITE;
static const uint32_t receiver_rights = MN_RIGHT_READ;

/** Where the other side runs, and who comes first. */
struct way {
    bool child_first;
    bool other_cpu;
};

static uint64_t cpu_of(const struct way *way)
{
    return way->other_cpu ? CPU_NUMBER(boot_info->cpu_count - 1) : CPU_OWN;
}

/** Lets others run until they block. */
static void let_run(void)
{
    for (unsigned i = 0; i < 200; i++) {
        sys_yield();
    }
}

/** A child with an endpoint of the test's, started. */
static uint64_t start(enum scenario scenario, uint64_t parameter, uint32_t rights,
                      uint64_t slot)
{
    uint64_t child = child_create();

    child_give(child, slot, CHILD_SLOT_ENDPOINT, rights);
    child_start(child, scenario, parameter, CPU_OWN);
    return child;
}

static void run_receive(const void *data)
{
    const struct way *way = data;
    uint64_t child = child_create();

    endpoint_create(ENDPOINT);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, sender_rights);
    child_start(child, SCENARIO_SEND, 50, cpu_of(way));
    if (way->child_first) {
        let_run();
    }
    for (uint64_t i = 0; i < 50; i++) {
        receive_number(ENDPOINT, i, 0);
    }
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

static void run_send(const void *data)
{
    const struct way *way = data;
    uint64_t child = child_create();

    endpoint_create(ENDPOINT);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, receiver_rights);
    child_start(child, SCENARIO_RECEIVE, 50, cpu_of(way));
    if (way->child_first) {
        let_run();
    }
    for (uint64_t i = 0; i < 50; i++) {
        CHECK_EQUAL(send_number(ENDPOINT, i), MN_OK);
    }
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

static void run_echo(const void *data)
{
    const struct way *way = data;
    uint64_t child = child_create();

    endpoint_create(ENDPOINT);
    endpoint_create(BACK);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, receiver_rights);
    child_give(child, BACK, CHILD_SLOT_EXTRA, sender_rights);
    child_start(child, SCENARIO_ECHO, 300, cpu_of(way));
    for (uint64_t i = 0; i < 300; i++) {
        REQUIRE_EQUAL(send_number(ENDPOINT, i * 0x123456789), MN_OK);
        receive_number(BACK, i * 0x123456789, 0);
    }
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** The first that waits is the first that is served. */
static void run_senders_in_order(const void *data)
{
    struct mn_message message;

    (void)data;
    endpoint_create(ENDPOINT);
    for (uint64_t i = 0; i < MANY; i++) {
        mint(ENDPOINT, BADGED, MN_RIGHT_WRITE | MN_RIGHT_GRANT, 100 + i, 0);
        (void)start(SCENARIO_SEND, 1, sender_rights, BADGED);
        CHECK_EQUAL(sys_drop_cap(BADGED), MN_OK);
        let_run();
    }
    for (uint64_t i = 0; i < MANY; i++) {
        CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
        CHECK_EQUAL(message.badge, 100 + i);
    }
}

static void run_receivers_in_order(const void *data)
{
    uint64_t children[MANY];

    (void)data;
    endpoint_create(ENDPOINT);
    for (uint64_t i = 0; i < MANY; i++) {
        children[i] = start(SCENARIO_RECEIVE, 1, receiver_rights, ENDPOINT);
        let_run();
    }
    for (uint64_t i = 0; i < MANY; i++) {
        struct mn_cap_info info;

        CHECK_EQUAL(send_number(ENDPOINT, 0), MN_OK);
        CHECK_EQUAL(child_wait(children[i]), SCENARIO_GOOD);
        if (i + 1 < MANY) {
            CHECK_EQUAL(sys_cap_info(children[i + 1], &info), MN_OK);
            CHECK_EQUAL(info.b, MN_PROCESS_RUNNING);
        }
    }
}

/** All words at their extremes, and a badge that the sender can't choose. */
static void run_words(const void *data)
{
    const uint64_t *badge = data;
    struct shared_page *shared = shared_create();
    uint64_t child = child_create();

    endpoint_create(ENDPOINT);
    mint(ENDPOINT, BADGED, MN_RIGHT_WRITE, *badge, 0);
    child_share(child);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, receiver_rights);
    child_start(child, SCENARIO_RECEIVE_ONE, 0, CPU_OWN);
    CHECK_EQUAL(sys_send(BADGED, ~0ul, 1ul << 63, 0xffff800000000000ul), MN_OK);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    CHECK_EQUAL(shared->words[0], ~0ul);
    CHECK_EQUAL(shared->words[1], 1ul << 63);
    CHECK_EQUAL(shared->words[2], 0xffff800000000000ul);
    CHECK_EQUAL(shared->words[3], *badge);
}

/** One of several waiting senders is killed: the others' messages come, in order. */
static void run_kill_sender(const void *data)
{
    const uint64_t *which = data;
    uint64_t children[3];
    struct mn_message message;

    endpoint_create(ENDPOINT);
    for (uint64_t i = 0; i < 3; i++) {
        mint(ENDPOINT, BADGED, MN_RIGHT_WRITE | MN_RIGHT_GRANT, i + 1, 0);
        children[i] = start(SCENARIO_SEND, 1, sender_rights, BADGED);
        CHECK_EQUAL(sys_drop_cap(BADGED), MN_OK);
        let_run();
    }
    child_kill(children[*which]);
    for (uint64_t i = 0; i < 3; i++) {
        if (i != *which) {
            CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
            CHECK_EQUAL(message.badge, i + 1);
            CHECK_EQUAL(child_wait(children[i]), SCENARIO_GOOD);
        }
    }
}

static void run_kill_receiver(const void *data)
{
    const uint64_t *which = data;
    uint64_t children[3];

    endpoint_create(ENDPOINT);
    for (uint64_t i = 0; i < 3; i++) {
        children[i] = start(SCENARIO_RECEIVE, 1, receiver_rights, ENDPOINT);
        let_run();
    }
    child_kill(children[*which]);
    for (uint64_t i = 0; i < 3; i++) {
        if (i != *which) {
            CHECK_EQUAL(send_number(ENDPOINT, 0), MN_OK);
            CHECK_EQUAL(child_wait(children[i]), SCENARIO_GOOD);
        }
    }
}

/** The server dies in the middle of a conversation; the client gets an error. */
static void run_server_dies(const void *data)
{
    uint64_t server = child_create();

    (void)data;
    endpoint_create(ENDPOINT);
    mint(ENDPOINT, BADGED, MN_RIGHT_WRITE, 9, 0);
    child_give(server, ENDPOINT, CHILD_SLOT_ENDPOINT, receiver_rights);
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    child_start(server, SCENARIO_RECEIVE, 10, CPU_OWN);
    for (uint64_t i = 0; i < 5; i++) {
        CHECK_EQUAL(send_number(BADGED, i), MN_OK);
    }
    child_kill(server);
    CHECK_EQUAL(send_number(BADGED, 5), MN_ERROR_NO_ENDPOINT);
    CHECK_EQUAL(send_number(BADGED, 5), MN_ERROR_NO_ENDPOINT);
}

/** Senders that wait while the last one who could receive goes. */
static void run_closed_while_waiting(const void *data)
{
    const bool *by_death = data;
    uint64_t children[3];
    uint64_t server = child_create();

    endpoint_create(ENDPOINT);
    mint(ENDPOINT, BADGED, MN_RIGHT_WRITE | MN_RIGHT_GRANT, 9, 0);
    for (uint64_t i = 0; i < 3; i++) {
        children[i] = start(SCENARIO_SEND, 1, sender_rights, BADGED);
    }
    if (*by_death) {
        child_give(server, ENDPOINT, CHILD_SLOT_EXTRA, receiver_rights);
        child_start(server, SCENARIO_RECEIVE, 1, CPU_OWN);
        CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
        let_run();
    } else {
        let_run();
        CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    }
    for (uint64_t i = 0; i < 3; i++) {
        CHECK_EQUAL(child_wait(children[i]), MN_ERROR_NO_ENDPOINT);
    }
    CHECK_EQUAL(send_number(BADGED, 0), MN_ERROR_NO_ENDPOINT);
}

/** A receiver whose capability is taken... by nobody: it only loses the last sender. */
static void run_no_sender_left(const void *data)
{
    uint64_t child = child_create();
    struct mn_cap_info info;

    (void)data;
    endpoint_create(ENDPOINT);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, receiver_rights);
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    child_start(child, SCENARIO_RECEIVE, 1, CPU_OWN);
    let_run();
    CHECK_EQUAL(sys_cap_info(child, &info), MN_OK);
    CHECK_EQUAL(info.b, MN_PROCESS_RUNNING); /* it waits; that is its affair */
    child_kill(child);
}

/** A copy with READ keeps the endpoint open. */
static void run_copy_keeps_open(const void *data)
{
    uint64_t child = child_create();

    (void)data;
    endpoint_create(ENDPOINT);
    mint(ENDPOINT, BACK, MN_RIGHT_READ, 0, 0);
    mint(ENDPOINT, BADGED, MN_RIGHT_WRITE | MN_RIGHT_GRANT, 4, 0);
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    child_give(child, BADGED, CHILD_SLOT_ENDPOINT, sender_rights);
    child_start(child, SCENARIO_SEND, 2, CPU_OWN);
    receive_number(BACK, 0, 4);
    receive_number(BACK, 1, 4);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    CHECK_EQUAL(sys_drop_cap(BACK), MN_OK);
    CHECK_EQUAL(send_number(BADGED, 0), MN_ERROR_NO_ENDPOINT);
}

/** One who sends to himself waits for ever; somebody ends him. */
static void run_self_send(const void *data)
{
    uint64_t child = child_create();
    struct mn_cap_info info;

    (void)data;
    endpoint_create(ENDPOINT);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, 0);
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    child_start(child, SCENARIO_SEND, 1, CPU_OWN);
    let_run();
    CHECK_EQUAL(sys_cap_info(child, &info), MN_OK);
    CHECK_EQUAL(info.b, MN_PROCESS_RUNNING);
    child_kill(child);
}

/** Many at once on all CPUs: every message comes exactly once. */
static void run_many_senders(const void *data)
{
    uint64_t children[MANY];
    uint64_t next[MANY] = {0};

    (void)data;
    endpoint_create(ENDPOINT);
    for (uint64_t i = 0; i < MANY; i++) {
        children[i] = child_create();
        mint(ENDPOINT, BADGED, MN_RIGHT_WRITE | MN_RIGHT_GRANT, i + 1, 0);
        child_give(children[i], BADGED, CHILD_SLOT_ENDPOINT, sender_rights);
        CHECK_EQUAL(sys_drop_cap(BADGED), MN_OK);
        child_start(children[i], SCENARIO_SEND, 100,
                    CPU_NUMBER(i % boot_info->cpu_count));
    }
    for (unsigned i = 0; i < MANY * 100; i++) {
        struct mn_message message = {0};

        CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
        if (message.badge < 1 || message.badge > MANY) {
            test_fail(__FILE__, __LINE__, "badge %llu",
                      (unsigned long long)message.badge);
            return;
        }
        CHECK_EQUAL(message.label, next[message.badge - 1]);
        next[message.badge - 1]++;
    }
    for (uint64_t i = 0; i < MANY; i++) {
        CHECK_EQUAL(child_wait(children[i]), SCENARIO_GOOD);
    }
}

static void topic_ways(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const struct way way = {(i & 1) != 0, (i & 2) != 0};
        const char *order = way.child_first ? "it waits" : "it comes later";
        const char *where = way.other_cpu ? ", another CPU" : "";

        if (way.other_cpu && boot_info->cpu_count == 1) {
            continue;
        }
        test_run(run_receive, &way, "ipc: 50 messages from a child: %s%s", order,
                 where);
        test_run(run_send, &way, "ipc: 50 messages to a child: %s%s", order, where);
        if (way.child_first) {
            test_run(run_echo, &way, "ipc: 300 round trips%s", where);
        }
    }
}

void topic_ipc(void)
{
    static const uint64_t badges[] = {1, 1ul << 63, ~0ul};
    static const uint64_t which[] = {0, 1, 2};
    static const bool by_drop = false;
    static const bool by_death = true;

    topic_ways();
    test_run(run_senders_in_order, NULL, "ipc: senders are served in order");
    test_run(run_receivers_in_order, NULL, "ipc: receivers are served in order");
    for (unsigned i = 0; i < 3; i++) {
        test_run(run_words, &badges[i], "ipc: extreme words, badge 0x%llx",
                 (unsigned long long)badges[i]);
        test_run(run_kill_sender, &which[i], "ipc: sender %u of 3 is killed", i);
        test_run(run_kill_receiver, &which[i], "ipc: receiver %u of 3 is killed", i);
    }
    test_run(run_server_dies, NULL, "ipc: the server dies between messages");
    test_run(run_closed_while_waiting, &by_drop, "ipc: closed while three wait");
    test_run(run_closed_while_waiting, &by_death, "ipc: the server dies, three wait");
    test_run(run_no_sender_left, NULL, "ipc: a receiver without senders");
    test_run(run_copy_keeps_open, NULL, "ipc: a copy keeps the endpoint open");
    test_run(run_self_send, NULL, "ipc: a send to oneself is killed");
    test_run(run_many_senders, NULL, "ipc: many senders at once");
}
