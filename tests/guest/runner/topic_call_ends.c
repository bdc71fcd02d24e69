/**
 * topic_call_ends.c - CALL and REPLY_RECV: what happens when one side goes away, or turns to
 * another, in the middle.
 */
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

enum { ENDPOINT = TEST_SLOT, OTHER, CLIENT = 0, SECOND, SENDER };

/** Kills the child whose slot it gets once that has told that it owes a reply. */
struct killer {
    uint64_t child;
    struct shared_page *shared;
};

static void kill_server(void *data)
{
    const struct killer *killer = data;

    wait_for_word(&killer->shared->words[0], 1);
    let_others_run();
    CHECK_EQUAL(sys_kill_process(killer->child, 5), MN_OK);
}

static mn_status call_numbers(uint64_t i)
{
    struct call_image image;
    mn_status status;

    image_fill(&image, ENDPOINT, (uint8_t)i);
    status = call_all(MN_SYS_CALL, &image);
    CHECK(status != MN_OK || image.words[7] == i * 0x0101010101010101ul + 8);
    return status;
}

/** A server that owes a reply goes, in each of the ways: its caller hears so at once. */
static void run_server_ends(const void *data)
{
    const enum server_end *end = data;
    struct shared_page *shared = shared_create();
    struct killer killer = {child_create(), shared};

    endpoint_create(ENDPOINT);
    endpoint_create(OTHER);
    child_share(killer.child);
    child_give(killer.child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_give(killer.child, OTHER, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(killer.child, SCENARIO_SERVE, SERVER(3, *end), CPU_OWN);
    if (*end != SERVER_EXITS && *end != SERVER_FAULTS) {
        own_thread_start(CLIENT, kill_server, &killer, CPU_OWN);
    }
    for (uint64_t i = 1; i <= 3; i++) {
        CHECK_EQUAL(call_numbers(i), MN_OK);
    }
    CHECK_EQUAL(call_numbers(4), MN_ERROR_CANCELLED);
    (void)child_wait(killer.child);
}

/** A caller is killed: not taken yet, taken, and replied to while it is taken apart. */
static void run_caller_ends(const void *data)
{
    const unsigned *when = data;
    struct call_image image;
    uint64_t child = child_create();
    uint64_t next = child_create();
    struct mn_message message;

    endpoint_create(ENDPOINT);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    child_give(next, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    child_start(child, SCENARIO_CALL, 5, CPU_OWN);
    let_others_run();
    if (*when != 0) {
        CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
    }
    CHECK_EQUAL(sys_kill_process(child, 9), MN_OK);
    if (*when != 2) {
        CHECK_EQUAL(child_wait(child), 9);
    }
    child_start(next, SCENARIO_CALL, 2, CPU_OWN);
    for (uint64_t i = 0; i < 2; i++) {
        image_fill(&image, ENDPOINT, 1);
        for (unsigned n = 0; i > 0 && n < MN_MESSAGE_WORDS; n++) {
            image.words[n] = (i - 1) * MN_MESSAGE_WORDS + n + 1;
        }
        REQUIRE_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
        CHECK_EQUAL(image.words[7], i * MN_MESSAGE_WORDS + 7);
    }
    CHECK_EQUAL(child_wait(child), 9);
    child_kill(next);
}

/** A caller that keeps its status, then RECVs, which may not touch its registers. */
static volatile uint64_t caller_status;
static volatile uint64_t caller_received;

static void call_then_receive(void *data)
{
    struct call_image image;

    (void)data;
    image_fill(&image, ENDPOINT, 0x21);
    caller_status = call_all(MN_SYS_CALL, &image);
    image_fill(&image, OTHER, 0x42);
    caller_received = call_all(MN_SYS_RECV, &image);
    for (unsigned n = 2; n < MN_MESSAGE_WORDS; n++) {
        CHECK_EQUAL(image.words[n], 0x4242424242424242ul + n);
    }
    CHECK_EQUAL(image.slot, MN_MESSAGE_INFO(0x63));
}

static void call_once_only(void *data)
{
    struct outcome *outcome = data;
    struct call_image image;

    image_fill(&image, ENDPOINT, 0x22);
    outcome->status = call_all(MN_SYS_CALL, &image);
}

static void send_one(void *data)
{
    (void)data;
    CHECK_EQUAL(send_number(ENDPOINT, 1), MN_OK);
}

/** Who takes a second call owes one reply, to the second; the first is a free thread. */
static void run_second_call(const void *data)
{
    static struct outcome second;
    struct mn_message message;
    struct call_image image;

    (void)data;
    second.status = 1;
    endpoint_create(ENDPOINT);
    endpoint_create(OTHER);
    own_thread_start(CLIENT, call_then_receive, NULL, CPU_OWN);
    let_others_run();
    own_thread_start(SECOND, call_once_only, &second, CPU_OWN);
    CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.label, MN_MESSAGE_INFO(0x21));
    CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.label, MN_MESSAGE_INFO(0x22));
    let_others_run();
    CHECK_EQUAL(caller_status, MN_ERROR_CANCELLED);
    /* It waits in RECV now, and takes this call by the plain path; then it ends. */
    image_fill(&image, OTHER, 0x63);
    CHECK_EQUAL(call_all(MN_SYS_CALL, &image), MN_ERROR_CANCELLED);
    CHECK_EQUAL(caller_received, MN_OK);
    own_thread_start(SENDER, send_one, NULL, CPU_OWN);
    image_fill(&image, ENDPOINT, 0x64);
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
    own_thread_wait(SECOND);
    CHECK_EQUAL(second.status, MN_OK);
}

/** The capability by which a call waits is dropped; or all by which it could be taken. */
static void run_capability_goes(const void *data)
{
    const bool *own = data;
    static struct outcome outcome;

    outcome.status = 1;
    endpoint_create(OTHER);
    mint(OTHER, ENDPOINT, 0, 0, 0);
    own_thread_start(CLIENT, call_once_only, &outcome, CPU_OWN);
    let_others_run();
    CHECK_EQUAL(sys_drop_cap(*own ? ENDPOINT : OTHER), MN_OK);
    let_others_run();
    if (!*own) {
        CHECK_EQUAL(outcome.status, 1);
        CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    }
    own_thread_wait(CLIENT);
    CHECK_EQUAL(outcome.status, *own ? MN_ERROR_CANCELLED : MN_ERROR_NO_ENDPOINT);
}

void topic_call_ends(void)
{
    static const char *const ends[] = {"exits", "faults", "is killed",
                                       "is killed as it waits elsewhere",
                                       "is killed as it waits there"};
    static const char *const whens[] = {"in the queue", "waiting", "being replied to"};

    for (unsigned end = SERVER_EXITS; end <= SERVER_TAKES_ANOTHER; end++) {
        test_run(run_server_ends, &end, "call: the server %s", ends[end]);
    }
    for (unsigned when = 0; when < 3; when++) {
        test_run(run_caller_ends, &when, "call: the caller is killed, %s", whens[when]);
    }
    test_run(run_second_call, NULL, "call: another is taken before the reply");
    for (unsigned i = 0; i < 2; i++) {
        bool own = i == 0;

        test_run(run_capability_goes, &own, "call: %s goes",
                 own ? "its capability" : "the last who could take it");
    }
}
