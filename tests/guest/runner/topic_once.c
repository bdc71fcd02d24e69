/**
 * topic_once.c - one-shot capabilities: good for one use that succeeds, and for nothing else.
 */
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/call.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/io.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum { THING = TEST_SLOT, ONCE, COPY, NOTIFICATION, PEER, BADGE = 77, SENDERS = 2 };

#define MAPPED (TEST_AREA + 0x200000ul)

/** Is the slot Empty? */
static bool is_empty(uint64_t slot)
{
    struct mn_cap_info info;

    return sys_cap_info(slot, &info) == MN_OK && info.type == MN_CAP_EMPTY;
}

static void mint_once(uint64_t rights, uint64_t badge)
{
    mint(THING, ONCE, rights | MN_MINT_ONE_SHOT, badge, 0);
}

/* --- messages: a sender that waits, or a receiver that does --- */

struct sender {
    uint64_t calls;
    mn_status statuses[SENDERS];
};

static struct sender sender;

static void send_once(void *argument)
{
    struct mnos_call message = {.info = MN_MESSAGE_INFO(5)};
    uint64_t i = (uint64_t)argument;

    sender.statuses[i] =
        sender.calls ? sys_call(ONCE, &message) : sys_send(ONCE, 5, 6, 7);
}

static void serve_one(void *argument)
{
    struct mnos_call message = {0};

    (void)argument;
    CHECK_EQUAL(sys_reply_recv(THING, &message), MN_OK);
    CHECK_EQUAL(message.badge, BADGE);
    message = (struct mnos_call){0};
    /* Until the endpoint goes. */
    CHECK_EQUAL(sys_reply_recv(PEER, &message), MN_ERROR_NO_ENDPOINT);
}

/** The receiver waits; the second message has no capability to go by. */
static void run_receiver_first(const void *data)
{
    const uint64_t *calls = data;

    sender.calls = *calls;
    endpoint_create(THING);
    endpoint_create(PEER);
    mint_once(MN_RIGHTS_ALL, BADGE);
    own_thread_start(0, serve_one, NULL, CPU_OWN);
    let_others_run();
    send_once((void *)0);
    CHECK_EQUAL(sender.statuses[0], MN_OK);
    CHECK(is_empty(ONCE));
    send_once((void *)0);
    CHECK_EQUAL(sender.statuses[0], MN_ERROR_INVALID_SLOT);
    let_others_run();
    CHECK_EQUAL(sys_drop_cap(PEER), MN_OK);
    own_thread_wait(0);
}

/** Two wait by one capability: with the first message the second one's wait is cancelled. */
static void run_senders_first(const void *data)
{
    const uint64_t *calls = data;
    struct mnos_call message = {.info = MN_MESSAGE_NO_WAIT};

    sender.calls = *calls;
    endpoint_create(THING);
    mint_once(0, BADGE);
    for (uint64_t i = 0; i < SENDERS; i++) {
        own_thread_start((unsigned)i, send_once, (void *)i, CPU_OWN);
        let_others_run();
    }
    CHECK(!is_empty(ONCE));
    CHECK_EQUAL(sys_reply_recv(THING, &message), MN_OK);
    CHECK_EQUAL(message.badge, BADGE);
    CHECK(is_empty(ONCE));
    message = (struct mnos_call){.info = MN_MESSAGE_NO_WAIT};
    CHECK_EQUAL(sys_reply_recv(THING, &message), MN_ERROR_WOULD_BLOCK);
    own_thread_wait(0);
    own_thread_wait(1);
    CHECK_EQUAL(sender.statuses[0], MN_OK);
    CHECK_EQUAL(sender.statuses[1], MN_ERROR_CANCELLED);
}

/** A call that nobody takes leaves it. */
static void run_call_fails(const void *data)
{
    struct mnos_call message = {.info = MN_MESSAGE_NO_WAIT};

    (void)data;
    endpoint_create(THING);
    mint_once(0, BADGE);
    CHECK_EQUAL(sys_call(ONCE, &message), MN_ERROR_WOULD_BLOCK);
    CHECK(!is_empty(ONCE));
    CHECK_EQUAL(sys_drop_cap(THING), MN_OK);
    message = (struct mnos_call){0};
    CHECK_EQUAL(sys_call(ONCE, &message), MN_ERROR_NO_ENDPOINT);
    CHECK_EQUAL(sys_send(ONCE, 1, 2, 3), MN_ERROR_NO_ENDPOINT);
    CHECK(!is_empty(ONCE));
}

/** The badge is gone with the one message; its owner is told while it takes that. */
static void run_badge_goes(const void *data)
{
    struct mnos_call message = {.info = MN_MESSAGE_NO_WAIT};
    uint64_t badge = 0;

    (void)data;
    endpoint_create(THING);
    notification_create(NOTIFICATION);
    CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_OK);
    CHECK_EQUAL(sys_watch_badges(THING, NOTIFICATION), MN_OK);
    mint_once(0, BADGE);
    sender.calls = 1;
    own_thread_start(0, send_once, (void *)0, CPU_OWN);
    /* This thread waits first, bound to what its own message's end signals. */
    message = (struct mnos_call){0};
    CHECK_EQUAL(sys_reply_recv(THING, &message), MN_OK);
    CHECK_EQUAL(message.badge, BADGE);
    CHECK_EQUAL(sys_take_gone_badge(THING, &badge), MN_OK);
    CHECK_EQUAL(badge, BADGE);
    message = (struct mnos_call){.info = 0};
    CHECK_EQUAL(sys_reply_recv(THING, &message), MN_OK); /* the signal */
    CHECK_EQUAL(message.info & MN_MESSAGE_SIGNAL, MN_MESSAGE_SIGNAL);
    own_thread_wait(0);
    CHECK_EQUAL(sender.statuses[0], MN_OK);
}

/* --- the others --- */

static void run_signal(const void *data)
{
    uint64_t bits = 0;

    (void)data;
    notification_create(THING);
    mint_once(0, 6);
    CHECK_EQUAL(sys_set_timer(ONCE, 1), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_wait_signal(ONCE, MN_WAIT_SIGNAL_POLL, &bits), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_bind_signal(ONCE), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_signal(ONCE, 0), MN_OK);
    CHECK_EQUAL(sys_signal(ONCE, 0), MN_ERROR_INVALID_SLOT);
    CHECK_EQUAL(sys_wait_signal(THING, MN_WAIT_SIGNAL_POLL, &bits), MN_OK);
    CHECK_EQUAL(bits, 6);
}

/** A mapping stays, below the frame's capability, and goes when that is revoked. */
static void run_map(const void *data)
{
    volatile uint64_t *word = (volatile uint64_t *)MAPPED;

    (void)data;
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, THING, 0), MN_OK);
    mint_once(MN_RIGHT_READ | MN_RIGHT_WRITE, 0);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, ONCE, MAPPED, MN_MAP_EXECUTABLE),
                MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, ONCE, MAPPED + 1, 0),
                MN_ERROR_NO_MEMORY);
    CHECK(!is_empty(ONCE));
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, ONCE, MAPPED, MN_MAP_WRITABLE),
                MN_OK);
    CHECK(is_empty(ONCE));
    *word = 5;
    CHECK_EQUAL(*word, 5);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, ONCE, MAPPED + 0x1000, 0),
                MN_ERROR_INVALID_SLOT);
    CHECK_EQUAL(sys_revoke(THING), MN_OK);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, THING, MAPPED, 0), MN_OK);
}

static void run_port(const void *data)
{
    uint8_t value;

    (void)data;
    for (unsigned i = 0; i < 2; i++) {
        mint(MN_INIT_SLOT_COM1, ONCE, MN_MINT_ONE_SHOT, 0x3ff, 1);
        CHECK_EQUAL(sys_port_in(ONCE, 0x3fe, &value), MN_ERROR_RIGHTS);
        CHECK_EQUAL(
            i == 0 ? sys_port_in(ONCE, 0x3ff, &value) : sys_port_out(ONCE, 0x3ff, 1),
            MN_OK);
        CHECK_EQUAL(sys_port_in(ONCE, 0x3ff, &value), MN_ERROR_INVALID_SLOT);
    }
}

/** It can't be copied, can be moved, and stays one-shot there. */
static void run_copies(const void *data)
{
    struct mn_cap_info info;

    (void)data;
    notification_create(THING);
    mint_once(MN_RIGHTS_ALL, 0);
    CHECK_EQUAL(sys_cap_info(ONCE, &info), MN_OK);
    CHECK_EQUAL(info.rights, MN_RIGHT_WRITE);
    CHECK_EQUAL(sys_mint_cap(ONCE, COPY, 0, 0, 0), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_delegate(MN_INIT_SLOT_SELF, ONCE, COPY, 0), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_move_cap(MN_INIT_SLOT_SELF, ONCE, COPY), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_move_cap(0, ONCE, COPY), MN_OK);
    CHECK_EQUAL(sys_signal(COPY, 1), MN_OK);
    CHECK(is_empty(COPY));
    /* What has no use that is one. */
    CHECK_EQUAL(sys_mint_cap(THING, ONCE, MN_RIGHT_READ | MN_MINT_ONE_SHOT, 0, 0),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_mint_cap(MN_INIT_SLOT_MEMORY, ONCE, MN_MINT_ONE_SHOT, 0, 0),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK(is_empty(ONCE));
}

/** A child that is given one signals once. */
static void run_child(const void *data)
{
    uint64_t child = child_create();
    uint64_t bits = 0;

    (void)data;
    notification_create(THING);
    child_give(child, THING, CHILD_SLOT_EXTRA, MN_RIGHT_WRITE | MN_MINT_ONE_SHOT);
    child_start(child, SCENARIO_SIGNAL, 1, CPU_OWN);
    (void)child_wait(child);
    CHECK_EQUAL(sys_wait_signal(THING, MN_WAIT_SIGNAL_POLL, &bits), MN_OK);
    CHECK_EQUAL(bits, 1);
}

void topic_once(void)
{
    for (uint64_t calls = 0; calls < 2; calls++) {
        const char *name = calls ? "CALL" : "SEND";

        test_run(run_receiver_first, &calls, "once: %s to who waits", name);
        test_run(run_senders_first, &calls, "once: %s, two of them", name);
    }
    test_run(run_call_fails, NULL, "once: a call that fails");
    test_run(run_badge_goes, NULL, "once: the badge goes with the message");
    test_run(run_signal, NULL, "once: SIGNAL");
    test_run(run_map, NULL, "once: MAP_MEMORY");
    test_run(run_port, NULL, "once: PORT_IN and PORT_OUT");
    test_run(run_copies, NULL, "once: copies and moves");
    test_run(run_child, NULL, "once: in another process");
}
