/**
 * topic_call.c - CALL and REPLY_RECV: what they carry and what they keep.
 *
 * On one CPU most of it goes by the fast path, on several all by the plain one; a bound
 * notification makes REPLY_RECV plain, MN_MESSAGE_NO_WAIT makes CALL so.
 */
#include "core/bytes.h"
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    ENDPOINT = TEST_SLOT,
    NOTIFICATION,
    BADGED,
    BADGED_END = BADGED + 3,
    BADGE = 1000,
    ROUNDS = 300,
    SERVER_THREAD = 1
};

/** How the messages go. */
struct way {
    const char *name;
    bool plain;
    bool other_cpu;
};

static uint64_t cpu_of(const struct way *way)
{
    return way->other_cpu ? CPU_NUMBER(boot_info->cpu_count - 1) : CPU_OWN;
}

static uint64_t answer(uint64_t word, unsigned n, uint64_t badge)
{
    return (word ^ 0x5555555555555555ul) + n * badge;
}

/** The server of the round trips: replies, and has other state at each. */
struct server {
    bool bound;
    volatile uint64_t wrong;  /**< times that its own state was not kept */
    volatile uint64_t status; /**< why it ended */
};

static void serve(void *data)
{
    struct server *server = data;
    struct call_image image;
    uint64_t words[MN_MESSAGE_WORDS] = {0};
    uint64_t info = 0;

    if (server->bound && sys_bind_signal(NOTIFICATION) != MN_OK) {
        server->wrong++;
    }
    for (uint8_t seed = 0x81;; seed = seed == 0xfe ? 0x81 : seed + 1) {
        image_fill(&image, ENDPOINT, seed);
        memcpy(image.words, words, sizeof(words));
        image.info = info;
        server->status = call_all(MN_SYS_REPLY_RECV, &image);
        if (server->status != MN_OK) {
            return;
        }
        server->wrong += !image_is_kept(&image, seed);
        info = image.info + MN_MESSAGE_INFO(1);
        info &= ~(uint64_t)MN_MESSAGE_FLAGS;
        for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
            words[n] = answer(image.words[n], n, image.slot);
        }
    }
}

/** Calls through a badge, and looks at everything that comes back. */
static bool call_once(uint64_t slot, uint64_t badge, uint8_t seed, bool plain)
{
    struct call_image image;
    struct call_image sent;
    uint64_t status;

    do {
        image_fill(&image, slot, seed);
        sent = image;
        image.info |= plain ? MN_MESSAGE_NO_WAIT : 0;
        status = call_all(MN_SYS_CALL, &image);
        if (status == MN_ERROR_WOULD_BLOCK) {
            sys_yield();
        }
    } while (status == MN_ERROR_WOULD_BLOCK);
    CHECK_EQUAL(status, MN_OK);
    CHECK_EQUAL(image.slot, 0);
    CHECK_EQUAL(image.info, sent.info + MN_MESSAGE_INFO(1));
    for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
        CHECK_EQUAL(image.words[n], answer(sent.words[n], n, badge));
    }
    CHECK(image_is_kept(&image, seed));
    return !test_has_failed();
}

static void run_round_trips(const void *data)
{
    const struct way *way = data;
    struct server server = {.bound = way->plain};

    endpoint_create(ENDPOINT);
    notification_create(NOTIFICATION);
    mint(ENDPOINT, BADGED, MN_RIGHT_WRITE, BADGE, 0);
    own_thread_start(SERVER_THREAD, serve, &server, cpu_of(way));
    for (unsigned i = 0; i < ROUNDS && !test_has_failed(); i++) {
        (void)call_once(BADGED, BADGE, (uint8_t)(1 + i % 0x7f), way->plain);
    }
    CHECK_EQUAL(server.wrong, 0);
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    own_thread_wait(SERVER_THREAD);
    /* Its own capability went away; as the last that could receive, the endpoint with it. */
    CHECK_EQUAL(server.status, MN_ERROR_NO_ENDPOINT);
}

/** The messages stand in the queue already when the server comes. */
static void queued_client(void *data)
{
    const bool *plain = data;

    (void)call_once(BADGED, BADGE, 0x33, *plain);
}

static void run_queued(const void *data)
{
    const struct way *way = data;
    struct server server = {.bound = way->plain};
    bool plain = false;

    endpoint_create(ENDPOINT);
    notification_create(NOTIFICATION);
    mint(ENDPOINT, BADGED, MN_RIGHT_WRITE, BADGE, 0);
    for (unsigned i = 2; i < OWN_THREADS; i++) {
        own_thread_start(i, queued_client, &plain, CPU_OWN);
    }
    let_others_run();
    own_thread_start(SERVER_THREAD, serve, &server, cpu_of(way));
    for (unsigned i = 2; i < OWN_THREADS; i++) {
        own_thread_wait(i);
    }
    CHECK_EQUAL(server.wrong, 0);
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    own_thread_wait(SERVER_THREAD);
}

static void run_no_wait(const void *data)
{
    struct server server = {.bound = false};
    struct call_image image;

    (void)data;
    endpoint_create(ENDPOINT);
    image_fill(&image, ENDPOINT, 1);
    image.info |= MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(call_all(MN_SYS_CALL, &image), MN_ERROR_WOULD_BLOCK);
    own_thread_start(SERVER_THREAD, serve, &server, CPU_OWN);
    CHECK(call_once(ENDPOINT, 0, 5, true));
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    own_thread_wait(SERVER_THREAD);
}

static void reply_and_take(void *data)
{
    struct outcome *outcome = data;
    struct call_image image;

    image_fill(&image, ENDPOINT, 0x11);
    outcome->status = call_all(MN_SYS_REPLY_RECV, &image);
    CHECK_EQUAL(image.slot, BADGE);
    CHECK_EQUAL(image.info, MN_MESSAGE_INFO(7));
    CHECK_EQUAL(image.words[0], 14);
    CHECK_EQUAL(image.words[1], ~7ul);
    for (unsigned n = 2; n < MN_MESSAGE_WORDS; n++) {
        CHECK_EQUAL(image.words[n], 0);
    }
}

/** SEND arrives in REPLY_RECV; who comes first is the row's. */
static void run_send(const void *data)
{
    const bool *receiver_first = data;
    static struct outcome outcome;
    uint64_t child = child_create();

    outcome.status = 1;
    endpoint_create(ENDPOINT);
    mint(ENDPOINT, BADGED, 0, BADGE, 0);
    if (*receiver_first) {
        own_thread_start(SERVER_THREAD, reply_and_take, &outcome, CPU_OWN);
        let_others_run();
        CHECK_EQUAL(send_number(BADGED, 7), MN_OK);
    } else {
        child_give(child, BADGED, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
        child_start(child, SCENARIO_SEND, 8, CPU_OWN);
        for (uint64_t i = 0; i < 7; i++) {
            receive_number(ENDPOINT, i, BADGE);
        }
        let_others_run();
        own_thread_start(SERVER_THREAD, reply_and_take, &outcome, CPU_OWN);
        CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    }
    own_thread_wait(SERVER_THREAD);
    CHECK_EQUAL(outcome.status, MN_OK);
}

/** CALL arrives in RECV with three words; the reply, by REPLY_RECV, has eight. */
static void run_receive(const void *data)
{
    uint64_t child = child_create();
    struct mn_message message = {0};
    struct call_image image;

    (void)data;
    endpoint_create(ENDPOINT);
    mint(ENDPOINT, BADGED, 0, BADGE, 0);
    child_give(child, BADGED, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    child_start(child, SCENARIO_CALL, 2, CPU_OWN);
    CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.label, 0);
    CHECK_EQUAL(message.data0, 0);
    CHECK_EQUAL(message.data1, 1);
    CHECK_EQUAL(message.badge, BADGE);
    image_fill(&image, ENDPOINT, 1);
    for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
        image.words[n] = n + 1;
    }
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
    for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
        CHECK_EQUAL(image.words[n], MN_MESSAGE_WORDS + n);
    }
    CHECK_EQUAL(image.slot, BADGE);
}

void topic_call(void)
{
    static const struct way ways[] = {{"same CPU", false, false},
                                      {"same CPU, plain", true, false},
                                      {"another CPU", false, true}};

    for (unsigned i = 0; i < 3; i++) {
        if (ways[i].other_cpu && boot_info->cpu_count == 1) {
            continue;
        }
        test_run(run_round_trips, &ways[i], "call: round trips, %s", ways[i].name);
        test_run(run_queued, &ways[i], "call: callers wait first, %s", ways[i].name);
    }
    test_run(run_no_wait, NULL, "call: that may not wait");
    for (unsigned i = 0; i < 2; i++) {
        bool first = i == 0;

        test_run(run_send, &first, "call: SEND arrives in REPLY_RECV, %s first",
                 first ? "receiver" : "sender");
    }
    test_run(run_receive, NULL, "call: CALL arrives in RECV");
}
