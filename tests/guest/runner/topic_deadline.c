/**
 * topic_deadline.c - deadlines of CALL, REPLY_RECV and WAIT_SIGNAL: never early, always in
 * the end, and without harm to whoever else takes part.
 */
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum { ENDPOINT = TEST_SLOT, OTHER, NOTIFICATION, BOUND, ROUNDS = 40 };

enum { SERVER_THREAD = 0, CLIENT_THREAD };

#define MS        1000000ull
#define NEVER     UINT64_MAX
#define FAR_AWAY  (mnos_clock_ns() + 100000 * MS)
#define WORD_SENT 0x1234

/** What waits for what. */
enum wait { WAIT_QUEUED, WAIT_REPLY, WAIT_MESSAGE, WAIT_BOUND, WAIT_SIGNALS, WAITS };

static mn_status call(uint64_t slot, uint64_t deadline_ns, struct mnos_message *message)
{
    *message = (struct mnos_message){.words = {WORD_SENT},
                                     .length = 1,
                                     .flags = MN_MESSAGE_DEADLINE,
                                     .deadline_ns = deadline_ns};
    return mnos_message_call(NULL, slot, message);
}

static mn_status receive(uint64_t deadline_ns, struct mnos_message *message)
{
    *message =
        (struct mnos_message){.flags = MN_MESSAGE_DEADLINE, .deadline_ns = deadline_ns};
    return mnos_message_reply_recv(NULL, ENDPOINT, message);
}

/** Tells the other thread that it may end; and how many requests that has served. */
static volatile uint64_t done;
static volatile uint64_t served;

/** Takes a message and never replies. */
static void take_and_keep(void *data)
{
    struct mn_message message;

    (void)data;
    CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
    wait_for_word(&done, 1);
}

static mn_status wait_until(enum wait wait, uint64_t deadline_ns)
{
    struct mnos_message message;
    uint64_t bits = 0;

    switch (wait) {
    case WAIT_QUEUED:
    case WAIT_REPLY:
        return call(ENDPOINT, deadline_ns, &message);
    case WAIT_MESSAGE:
    case WAIT_BOUND:
        return receive(deadline_ns, &message);
    default:
        return sys_wait_signal_until(NOTIFICATION, deadline_ns, &bits);
    }
}

static void prepare(void)
{
    endpoint_create(ENDPOINT);
    endpoint_create(OTHER);
    notification_create(NOTIFICATION);
}

/** Nobody comes: the wait ends, not before its time; one that is past ends at once; and the
 *  thread can wait and be waited for as before. */
static void run_expires(const void *data)
{
    const enum wait *wait = data;
    prepare();
    done = 0;
    if (*wait == WAIT_BOUND) {
        CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_OK);
    }
    for (unsigned i = 0; i < 3; i++) {
        static const uint64_t waits_ns[] = {3 * MS, 0, 50000};
        uint64_t deadline_ns = i == 1 ? 1 : mnos_clock_ns() + waits_ns[i];

        if (*wait == WAIT_REPLY) {
            done = 0;
            own_thread_start(SERVER_THREAD, take_and_keep, NULL, CPU_OWN);
        }
        CHECK_EQUAL(wait_until(*wait, deadline_ns), MN_ERROR_TIMED_OUT);
        CHECK(mnos_clock_ns() >= deadline_ns);
        if (*wait == WAIT_REPLY) {
            done = 1;
            /* If the deadline was over before it had been taken, it waits still. */
            while (own_thread_has_ended(SERVER_THREAD) == 0) {
                struct mnos_message message = {.flags = MN_MESSAGE_NO_WAIT};

                (void)!mnos_message_call(NULL, ENDPOINT, &message);
                sys_yield();
            }
        }
    }
    CHECK_EQUAL(sys_signal(NOTIFICATION, 4), MN_OK);
    if (*wait == WAIT_SIGNALS || *wait == WAIT_BOUND) {
        CHECK_EQUAL(wait_until(*wait, NEVER), MN_OK);
    }
}

/** Somebody does come: the deadline is forgotten, and does not end a later wait. */
struct partner {
    enum wait wait;
    uint64_t rounds;
};

static void be_there(void *data)
{
    const struct partner *partner = data;
    struct mnos_message message = {0};

    while (partner->wait == WAIT_SIGNALS && done == 0) {
        sys_yield();
        CHECK_EQUAL(sys_signal(NOTIFICATION, 1), MN_OK);
    }
    for (uint64_t i = 0; partner->wait != WAIT_SIGNALS && i < partner->rounds; i++) {
        if (partner->wait == WAIT_MESSAGE) {
            CHECK_EQUAL(mnos_message_call(NULL, ENDPOINT, &message), MN_OK);
        } else {
            CHECK_EQUAL(mnos_message_reply_recv(NULL, ENDPOINT, &message), MN_OK);
        }
    }
    if (partner->wait != WAIT_SIGNALS && partner->wait != WAIT_MESSAGE) {
        message.flags = MN_MESSAGE_NO_WAIT;
        CHECK_EQUAL(mnos_message_reply_recv(NULL, ENDPOINT, &message),
                    MN_ERROR_WOULD_BLOCK);
    }
}

static void run_in_time(const void *data)
{
    const enum wait *wait = data;
    struct partner partner = {*wait, ROUNDS};
    struct mnos_message message = {0};
    uint64_t bits;

    prepare();
    done = 0;
    own_thread_start(CLIENT_THREAD, be_there, &partner, CPU_OWN);
    for (unsigned i = 0; i < ROUNDS && !test_has_failed(); i++) {
        uint64_t deadline_ns = FAR_AWAY;

        if (*wait == WAIT_SIGNALS) {
            CHECK_EQUAL(sys_wait_signal_until(NOTIFICATION, deadline_ns, &bits), MN_OK);
        } else if (*wait == WAIT_MESSAGE) {
            message.flags = MN_MESSAGE_DEADLINE;
            message.deadline_ns = deadline_ns;
            CHECK_EQUAL(mnos_message_reply_recv(NULL, ENDPOINT, &message), MN_OK);
        } else {
            CHECK_EQUAL(call(ENDPOINT, deadline_ns, &message), MN_OK);
            CHECK_EQUAL(message.words[0], WORD_SENT);
        }
    }
    if (*wait == WAIT_MESSAGE) {
        message.flags = MN_MESSAGE_NO_WAIT;
        CHECK_EQUAL(mnos_message_reply_recv(NULL, ENDPOINT, &message),
                    MN_ERROR_WOULD_BLOCK);
    }
    done = 1;
    own_thread_wait(CLIENT_THREAD);
    (void)!sys_wait_signal(NOTIFICATION, MN_WAIT_SIGNAL_POLL, &bits);
    /* None of them is left over. */
    CHECK_EQUAL(sys_wait_signal_until(NOTIFICATION, mnos_clock_ns() + MS, &bits),
                MN_ERROR_TIMED_OUT);
}

/** A deadline that comes about as the reply does, again and again: exactly one of the two
 *  happens, and the server never owes a reply to nobody. */
static void reply_for_ever(void *data)
{
    struct mnos_message message = {0};

    (void)data;
    while (mnos_message_reply_recv(NULL, ENDPOINT, &message) == MN_OK) {
        served++;
    }
}

static void run_close_race(const void *data)
{
    const uint64_t *cpu = data;
    uint64_t good = 0;
    uint64_t late = 0;

    served = 0;
    prepare();
    own_thread_start(SERVER_THREAD, reply_for_ever, NULL, *cpu);
    for (uint64_t i = 0; i < 400 && !test_has_failed(); i++) {
        struct mnos_message message;
        mn_status status = call(ENDPOINT, mnos_clock_ns() + i * 25, &message);

        good += status == MN_OK;
        late += status == MN_ERROR_TIMED_OUT;
        CHECK(status != MN_OK || message.words[0] == WORD_SENT);
    }
    CHECK_EQUAL(good + late, 400);
    CHECK(served >= good);
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    own_thread_wait(SERVER_THREAD);
}

/** A client with a deadline is killed, in the queue and waiting for its reply; the deadline
 *  must find nobody. */
static void run_killed(const void *data)
{
    const bool *taken = data;
    uint64_t child = child_create();
    struct mn_message message;
    uint64_t bits;

    prepare();
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    child_start(child, SCENARIO_CALL_UNTIL, 5 * MS, CPU_OWN);
    let_others_run();
    if (*taken) {
        CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
    }
    CHECK_EQUAL(sys_kill_process(child, 9), MN_OK);
    CHECK_EQUAL(child_wait(child), 9);
    CHECK_EQUAL(sys_wait_signal_until(NOTIFICATION, mnos_clock_ns() + 10 * MS, &bits),
                MN_ERROR_TIMED_OUT);
}

/** A server takes a call whose deadline comes before it replies: its reply goes nowhere, and
 *  the next caller gets only its own. */
static void run_late_reply(const void *data)
{
    uint64_t child = child_create();
    struct mnos_message message;

    (void)data;
    prepare();
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    child_start(child, SCENARIO_CALL_UNTIL, MS, CPU_OWN);
    CHECK_EQUAL(receive(NEVER, &message), MN_OK);
    CHECK_EQUAL(child_wait(child), MN_ERROR_TIMED_OUT);
    message.flags = MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(mnos_message_reply_recv(NULL, ENDPOINT, &message),
                MN_ERROR_WOULD_BLOCK);
}

void topic_deadline(void)
{
    static const char *const names[] = {"in the queue", "for a reply", "for a message",
                                        "for messages and signals", "for signals"};
    uint64_t cpus[] = {CPU_OWN, CPU_NUMBER(boot_info->cpu_count - 1)};

    for (unsigned wait = WAIT_QUEUED; wait < WAITS; wait++) {
        test_run(run_expires, &wait, "deadline: past, %s", names[wait]);
        if (wait != WAIT_BOUND && wait != WAIT_QUEUED) {
            test_run(run_in_time, &wait, "deadline: in time, %s", names[wait]);
        }
    }
    for (unsigned i = 0; i < 2; i++) {
        bool taken = i == 1;

        test_run(run_close_race, &cpus[i], "deadline: or the reply, server on CPU %u",
                 i == 0 ? 0 : boot_info->cpu_count - 1);
        test_run(run_killed, &taken, "deadline: of a caller that is killed, %s",
                 names[i]);
    }
    test_run(run_late_reply, NULL, "deadline: before the reply");
}
