/**
 * topic_badges.c - WATCH_BADGES and TAKE_GONE_BADGE: a server learns of each badge that
 * nobody has any more, whatever way it went, once, and of no other.
 */
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    ENDPOINT = TEST_SLOT,
    NOTIFICATION,
    CLIENT,
    COPY,
    ACCOUNT,
    OTHER,
    BADGE = 77,
    MANY = 500
};

static void prepare(void)
{
    endpoint_create(ENDPOINT);
    notification_create(NOTIFICATION);
    CHECK_EQUAL(sys_watch_badges(ENDPOINT, NOTIFICATION), MN_OK);
}

static uint64_t poll(uint64_t slot)
{
    uint64_t bits = 0;
    mn_status status = sys_wait_signal(slot, MN_WAIT_SIGNAL_POLL, &bits);

    CHECK(status == MN_OK || status == MN_ERROR_WOULD_BLOCK);
    return bits;
}

/** The one badge that is gone is @p badge, and the notification has told; 0: none is. */
static void expect_gone(uint64_t badge)
{
    uint64_t gone = 0;

    CHECK_EQUAL(poll(NOTIFICATION), badge == 0 ? 0 : 1);
    if (badge != 0) {
        CHECK_EQUAL(sys_take_gone_badge(ENDPOINT, &gone), MN_OK);
        CHECK_EQUAL(gone, badge);
    }
    CHECK_EQUAL(sys_take_gone_badge(ENDPOINT, &gone), MN_ERROR_WOULD_BLOCK);
}

/* --- the ways to go --- */

enum way { BY_DROP, BY_REVOKE, BY_KILL, BY_EXIT, BY_ACCOUNT, WAYS };

/** The last capability is a child's, copied there or moved; it goes. */
static void go_with_child(enum way way)
{
    uint64_t child;
    uint64_t account = MN_INIT_SLOT_MEMORY;

    if (way == BY_ACCOUNT) {
        CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 64), MN_OK);
        account = ACCOUNT;
    }
    child = way == BY_ACCOUNT ? sys_spawn_process(account) : child_create();
    CHECK_EQUAL(sys_move_cap(child, CLIENT, CHILD_SLOT_ENDPOINT), MN_OK);
    expect_gone(0);
    if (way == BY_ACCOUNT) {
        CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
        CHECK_EQUAL(sys_drop_cap(child), MN_ERROR_INVALID_SLOT);
    } else if (way == BY_KILL) {
        child_kill(child);
    } else {
        child_start(child, SCENARIO_EXIT, 3, CPU_OWN);
        CHECK_EQUAL(child_wait(child), 3);
    }
}

static void run_way(const void *data)
{
    const enum way *way = data;

    prepare();
    mint(ENDPOINT, CLIENT, MN_RIGHT_WRITE | MN_RIGHT_GRANT, BADGE, 0);
    mint(CLIENT, COPY, MN_RIGHT_WRITE, 0, 0);
    mint(ENDPOINT, OTHER, MN_RIGHT_WRITE, BADGE + 1, 0);
    expect_gone(0);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    expect_gone(0);
    if (*way == BY_DROP) {
        CHECK_EQUAL(sys_drop_cap(CLIENT), MN_OK);
    } else if (*way == BY_REVOKE) {
        CHECK_EQUAL(sys_drop_cap(OTHER), MN_OK);
        expect_gone(BADGE + 1);
        CHECK_EQUAL(sys_revoke(ENDPOINT), MN_OK);
    } else {
        go_with_child(*way);
    }
    expect_gone(BADGE);
}

/* --- counting --- */

/** One badge, minted twice: gone with the second. Minted again before it is taken: told
 *  once; and again when it goes once more. */
static void run_minted_again(const void *data)
{
    (void)data;
    prepare();
    mint(ENDPOINT, CLIENT, 0, BADGE, 0);
    mint(ENDPOINT, COPY, 0, BADGE, 0);
    CHECK_EQUAL(sys_drop_cap(CLIENT), MN_OK);
    expect_gone(0);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    mint(ENDPOINT, COPY, 0, BADGE, 0);
    expect_gone(BADGE);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    mint(ENDPOINT, COPY, 0, BADGE, 0);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    expect_gone(BADGE);
}

/** Moving a capability, or sending it in a message, is not its end. */
static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

static void run_travels(const void *data)
{
    struct mnos_message message = {.label = RELAY_RETURNS};
    uint64_t child = child_create();

    (void)data;
    prepare();
    endpoint_create(OTHER);
    CHECK_EQUAL(sys_set_buffer(&buffer), MN_OK);
    child_give(child, OTHER, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_start(child, SCENARIO_RELAY, 2, CPU_OWN);
    mint(ENDPOINT, CLIENT, 0, BADGE, 0);
    CHECK_EQUAL(sys_move_cap(0, CLIENT, COPY), MN_OK);
    expect_gone(0);
    buffer.receive[0] = CLIENT;
    mnos_message_move_cap(&message, COPY);
    CHECK_EQUAL(mnos_message_call(&buffer, OTHER, &message), MN_OK);
    expect_gone(0);
    message.label = RELAY_KEEPS;
    mnos_message_move_cap(&message, CLIENT);
    CHECK_EQUAL(mnos_message_call(&buffer, OTHER, &message), MN_OK);
    expect_gone(0);
    child_kill(child);
    expect_gone(BADGE);
    CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
}

/** Many go before one is taken: each is told of, in order, none is lost. */
static void run_many(const void *data)
{
    uint64_t gone = 0;

    (void)data;
    prepare();
    for (uint64_t i = 0; i < MANY; i++) {
        mint(ENDPOINT, CLIENT, 0, BADGE + i * 3, 0);
        CHECK_EQUAL(sys_drop_cap(CLIENT), MN_OK);
    }
    CHECK_EQUAL(poll(NOTIFICATION), 1);
    for (uint64_t i = 0; i < MANY && !test_has_failed(); i++) {
        CHECK_EQUAL(sys_take_gone_badge(ENDPOINT, &gone), MN_OK);
        CHECK_EQUAL(gone, BADGE + i * 3);
    }
    expect_gone(0);
}

/** Many are gone and nobody takes them: they go with the endpoint, in each of the ways. */
static void run_nobody_takes(const void *data)
{
    const enum way *way = data;
    uint64_t child = 0;

    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 64), MN_OK);
    CHECK_EQUAL(sys_create_endpoint(ACCOUNT, ENDPOINT), MN_OK);
    notification_create(NOTIFICATION);
    CHECK_EQUAL(sys_watch_badges(ENDPOINT, NOTIFICATION), MN_OK);
    for (uint64_t i = 0; i < MANY; i++) {
        mint(ENDPOINT, CLIENT, 0, i + 1, 0);
        CHECK_EQUAL(sys_drop_cap(CLIENT), MN_OK);
    }
    if (*way == BY_KILL) {
        child = child_create();
        CHECK_EQUAL(sys_move_cap(child, ENDPOINT, 1), MN_OK);
        child_kill(child);
    } else if (*way == BY_DROP) {
        /* The last one has a badge itself. */
        mint(ENDPOINT, CLIENT, 0, 1, 0);
        CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
        CHECK_EQUAL(sys_drop_cap(CLIENT), MN_OK);
    }
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
}

/* --- who is told --- */

static void run_refused(const void *data)
{
    (void)data;
    endpoint_create(ENDPOINT);
    notification_create(NOTIFICATION);
    mint(ENDPOINT, CLIENT, 0, BADGE, 0);
    CHECK_EQUAL(sys_watch_badges(ENDPOINT, NOTIFICATION), MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_drop_cap(CLIENT), MN_OK);
    CHECK_EQUAL(sys_watch_badges(ENDPOINT, NOTIFICATION), MN_OK);
    CHECK_EQUAL(sys_watch_badges(ENDPOINT, NOTIFICATION), MN_ERROR_GONE);
    expect_gone(0);
}

/** The notification goes; what goes meanwhile is told to the next one at once. */
static void run_next_notification(const void *data)
{
    (void)data;
    prepare();
    mint(ENDPOINT, CLIENT, 0, BADGE, 0);
    CHECK_EQUAL(sys_drop_cap(NOTIFICATION), MN_OK);
    CHECK_EQUAL(sys_drop_cap(CLIENT), MN_OK);
    notification_create(NOTIFICATION);
    CHECK_EQUAL(sys_watch_badges(ENDPOINT, NOTIFICATION), MN_OK);
    expect_gone(BADGE);
}

/** By a badged notification its bits are set; a server that waits for messages hears. */
static void run_bound(const void *data)
{
    struct mnos_message message = {0};
    uint64_t child = child_create();
    uint64_t gone = 0;

    (void)data;
    endpoint_create(ENDPOINT);
    notification_create(NOTIFICATION);
    mint(NOTIFICATION, OTHER, MN_RIGHT_WRITE, 0x50, 0);
    CHECK_EQUAL(sys_watch_badges(ENDPOINT, OTHER), MN_OK);
    CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_OK);
    mint(ENDPOINT, CLIENT, MN_RIGHT_WRITE | MN_RIGHT_GRANT, BADGE, 0);
    CHECK_EQUAL(sys_move_cap(child, CLIENT, CHILD_SLOT_ENDPOINT), MN_OK);
    child_start(child, SCENARIO_SEND, 3, CPU_OWN);
    for (unsigned i = 0; i < 3; i++) {
        /* All messages come first, then that nobody sends any more. */
        CHECK_EQUAL(mnos_message_reply_recv(NULL, ENDPOINT, &message), MN_OK);
        CHECK(!message.signalled);
        CHECK_EQUAL(message.badge, BADGE);
    }
    CHECK_EQUAL(mnos_message_reply_recv(NULL, ENDPOINT, &message), MN_OK);
    CHECK(message.signalled);
    CHECK_EQUAL(message.badge, 0x50);
    CHECK_EQUAL(sys_take_gone_badge(ENDPOINT, &gone), MN_OK);
    CHECK_EQUAL(gone, BADGE);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** The endpoint's account pays for the records: without it no badge more. */
static void run_no_memory(const void *data)
{
    uint64_t badges = 0;
    uint64_t gone = 0;
    mn_status status = MN_OK;

    (void)data;
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 2), MN_OK);
    CHECK_EQUAL(sys_create_endpoint(ACCOUNT, ENDPOINT), MN_OK);
    notification_create(NOTIFICATION);
    CHECK_EQUAL(sys_watch_badges(ENDPOINT, NOTIFICATION), MN_OK);
    while (status == MN_OK && badges < MANY) {
        status = sys_mint_cap(ENDPOINT, CLIENT, 0, badges + 1, 0);
        if (status == MN_OK) {
            badges++;
            CHECK_EQUAL(sys_drop_cap(CLIENT), MN_OK);
        }
    }
    CHECK_EQUAL(status, MN_ERROR_NO_MEMORY);
    CHECK(badges > 60);
    CHECK_EQUAL(sys_take_gone_badge(ENDPOINT, &gone), MN_OK);
    CHECK_EQUAL(sys_mint_cap(ENDPOINT, CLIENT, 0, badges + 1, 0), MN_OK);
}

void topic_badges(void)
{
    static const char *const ways[] = {"is dropped", "is revoked", "is killed", "exits",
                                       "is closed with its account"};

    for (unsigned way = BY_DROP; way < WAYS; way++) {
        test_run(run_way, &way, "badges: the last holder %s", ways[way]);
        if (way == BY_DROP || way == BY_KILL || way == BY_ACCOUNT) {
            test_run(run_nobody_takes, &way, "badges: untaken, the endpoint %s",
                     ways[way]);
        }
    }
    test_run(run_minted_again, NULL, "badges: minted twice");
    test_run(run_travels, NULL, "badges: a capability that travels");
    test_run(run_many, NULL, "badges: many before one is taken");
    test_run(run_refused, NULL, "badges: WATCH_BADGES comes first, and once");
    test_run(run_next_notification, NULL, "badges: another notification");
    test_run(run_bound, NULL, "badges: messages first");
    test_run(run_no_memory, NULL, "badges: no memory for one more");
}
