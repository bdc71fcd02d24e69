/**
 * topic_signal.c - notifications: bits that are or-ed and never lost, waiters, badges, and
 * servers that wait for messages and signals at once.
 */
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    NOTIFICATION = TEST_SLOT,
    ENDPOINT,
    COPY,
    OTHER,
    WAITER = 0,
    SIGNALLER = 1,
    MANY = 2000,
    SIGNALLERS = 4
};

static uint64_t poll(uint64_t slot)
{
    uint64_t bits = 0;
    mn_status status = sys_wait_signal(slot, MN_WAIT_SIGNAL_POLL, &bits);

    CHECK(status == MN_OK ? bits != 0 : status == MN_ERROR_WOULD_BLOCK);
    return bits;
}

static void run_bits(const void *data)
{
    struct mn_cap_info info;

    (void)data;
    notification_create(NOTIFICATION);
    CHECK_EQUAL(poll(NOTIFICATION), 0);
    CHECK_EQUAL(sys_signal(NOTIFICATION, 0), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), 0);
    for (unsigned i = 0; i < 64; i += 3) {
        CHECK_EQUAL(sys_signal(NOTIFICATION, 1ul << i), MN_OK);
        CHECK_EQUAL(sys_signal(NOTIFICATION, 1ul << i), MN_OK);
    }
    CHECK_EQUAL(sys_cap_info(NOTIFICATION, &info), MN_OK);
    CHECK_EQUAL(info.b, 0x9249249249249249ul);
    CHECK_EQUAL(poll(NOTIFICATION), 0x9249249249249249ul);
    CHECK_EQUAL(poll(NOTIFICATION), 0);
    CHECK_EQUAL(sys_signal(NOTIFICATION, ~0ul), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), ~0ul);
}

/** A badge is what is signalled, whatever the caller asks for. */
static void run_badge(const void *data)
{
    (void)data;
    notification_create(NOTIFICATION);
    mint(NOTIFICATION, COPY, MN_RIGHT_WRITE, 0x500, 0);
    CHECK_EQUAL(sys_signal(COPY, ~0ul), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), 0x500);
    CHECK_EQUAL(sys_signal(COPY, 0), MN_OK);
    CHECK_EQUAL(sys_signal(NOTIFICATION, 3), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), 0x503);
}

/** A thread that waits once. */
struct waiter {
    volatile uint64_t status;
    volatile uint64_t bits;
};

static void wait_once(void *data)
{
    struct waiter *waiter = data;
    uint64_t bits = 0;
    mn_status status = sys_wait_signal(COPY, 0, &bits);

    waiter->bits = bits;
    waiter->status = status;
}

/** The first that waits gets the bits, all of them; the next ones are the next one's. */
static void run_waiters(const void *data)
{
    struct waiter waiters[SIGNALLERS];

    (void)data;
    notification_create(NOTIFICATION);
    mint(NOTIFICATION, COPY, MN_RIGHT_READ, 0, 0);
    for (unsigned i = 0; i < SIGNALLERS; i++) {
        waiters[i] = (struct waiter){1, 0};
        own_thread_start(i, wait_once, &waiters[i], CPU_OWN);
        let_others_run();
    }
    for (unsigned i = 0; i < SIGNALLERS; i++) {
        CHECK_EQUAL(own_thread_has_ended(i), 0);
        CHECK_EQUAL(sys_signal(NOTIFICATION, 0x11ul << i), MN_OK);
        own_thread_wait(i);
        CHECK_EQUAL(waiters[i].status, MN_OK);
        CHECK_EQUAL(waiters[i].bits, 0x11ul << i);
        CHECK_EQUAL(poll(NOTIFICATION), 0);
    }
}

static void run_cancel(const void *data)
{
    struct waiter waiter = {1, 0};

    (void)data;
    notification_create(NOTIFICATION);
    mint(NOTIFICATION, COPY, MN_RIGHT_READ, 0, 0);
    own_thread_start(WAITER, wait_once, &waiter, CPU_OWN);
    let_others_run();
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    own_thread_wait(WAITER);
    CHECK_EQUAL(waiter.status, MN_ERROR_CANCELLED);
    CHECK_EQUAL(waiter.bits, 0);
    CHECK_EQUAL(sys_signal(NOTIFICATION, 4), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), 4);
}

/** A waiter that is killed takes no bits with it. */
static void run_kill(const void *data)
{
    uint64_t child = child_create();

    (void)data;
    notification_create(NOTIFICATION);
    child_give(child, NOTIFICATION, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(child, SCENARIO_WAIT_SIGNAL, 1, CPU_OWN);
    let_others_run();
    child_kill(child);
    CHECK_EQUAL(sys_signal(NOTIFICATION, 1), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), 1);
}

/** A bound server: what it got, in order. */
struct bound_server {
    volatile uint64_t bind;
    volatile uint64_t count;
    volatile uint64_t infos[8];
    volatile uint64_t badges[8];
    volatile uint64_t status;
};

static void serve_bound(void *data)
{
    struct bound_server *server = data;
    struct call_image image;

    server->bind = sys_bind_signal(NOTIFICATION);
    for (;;) {
        image_fill(&image, ENDPOINT, 0x21);
        server->status = call_all(MN_SYS_REPLY_RECV, &image);
        if (server->status != MN_OK || server->count == 8) {
            return;
        }
        server->infos[server->count] = image.info;
        server->badges[server->count] = image.slot;
        for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
            CHECK(image.info != MN_MESSAGE_SIGNAL || image.words[n] == 0);
        }
        CHECK(image_is_kept(&image, 0x21));
        server->count++;
    }
}

static void check_got(const struct bound_server *server, unsigned at, uint64_t info,
                      uint64_t badge)
{
    wait_for_word(&server->count, at + 1);
    CHECK_EQUAL(server->infos[at], info);
    CHECK_EQUAL(server->badges[at], badge);
}

static void run_bound(const void *data)
{
    const uint64_t *cpu = data;
    static struct bound_server server;
    struct call_image image;

    server = (struct bound_server){.bind = 1};
    notification_create(NOTIFICATION);
    endpoint_create(ENDPOINT);
    CHECK_EQUAL(sys_signal(NOTIFICATION, 6), MN_OK);
    own_thread_start(SIGNALLER, serve_bound, &server, *cpu);
    check_got(&server, 0, MN_MESSAGE_SIGNAL, 6); /* was there before the server */
    CHECK_EQUAL(server.bind, MN_OK);
    image_fill(&image, ENDPOINT, 0x42);
    CHECK_EQUAL(call_all(MN_SYS_CALL, &image), MN_OK);
    check_got(&server, 1, MN_MESSAGE_INFO(0x42), 0);
    let_others_run();
    CHECK_EQUAL(sys_signal(NOTIFICATION, 9), MN_OK); /* comes as it waits */
    check_got(&server, 2, MN_MESSAGE_SIGNAL, 9);
    CHECK_EQUAL(send_number(ENDPOINT, 5), MN_OK);
    check_got(&server, 3, MN_MESSAGE_INFO(5), 0);
    CHECK_EQUAL(poll(NOTIFICATION), 0);
    /* It is the server's, and nobody else's. */
    CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_ERROR_GONE);
    CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    own_thread_wait(SIGNALLER);
    CHECK_EQUAL(server.status, MN_ERROR_NO_ENDPOINT);
}

/** The binding ends with either side. */
static void run_unbind(const void *data)
{
    static struct bound_server server;

    (void)data;
    server = (struct bound_server){.bind = 1};
    notification_create(NOTIFICATION);
    notification_create(OTHER);
    CHECK_EQUAL(sys_bind_signal(OTHER), MN_OK);
    CHECK_EQUAL(sys_bind_signal(OTHER), MN_ERROR_GONE);
    CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_ERROR_GONE);
    CHECK_EQUAL(sys_drop_cap(OTHER), MN_OK);
    own_thread_start(SIGNALLER, serve_bound, &server,
                     CPU_OWN); /* no endpoint: it ends */
    own_thread_wait(SIGNALLER);
    CHECK_EQUAL(server.bind, MN_OK);
    let_others_run();
    CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_OK);
}

/** Each child signals a bit many times; every bit is heard of after its last signal. */
static void run_many(const void *data)
{
    uint64_t children[SIGNALLERS];
    uint64_t seen = 0;
    uint64_t bits;

    (void)data;
    notification_create(NOTIFICATION);
    for (uint64_t i = 0; i < SIGNALLERS; i++) {
        children[i] = child_create();
        mint(NOTIFICATION, COPY, MN_RIGHT_WRITE | MN_RIGHT_GRANT, 1ul << i, 0);
        child_give(children[i], COPY, CHILD_SLOT_EXTRA, MN_RIGHT_WRITE);
        CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
        child_start(children[i], SCENARIO_SIGNAL, MANY,
                    CPU_NUMBER(i % boot_info->cpu_count));
    }
    while (seen != (1ul << SIGNALLERS) - 1) {
        REQUIRE_EQUAL(sys_wait_signal(NOTIFICATION, 0, &bits), MN_OK);
        seen |= bits;
        CHECK(bits != 0 && bits < 1ul << SIGNALLERS);
    }
    for (uint64_t i = 0; i < SIGNALLERS; i++) {
        CHECK_EQUAL(child_wait(children[i]), SCENARIO_GOOD);
    }
    (void)poll(NOTIFICATION);
    CHECK_EQUAL(poll(NOTIFICATION), 0);
}

/** A signal and its answer, over and over: one that is lost would hang this. */
static void answer_signals(void *data)
{
    uint64_t bits;

    (void)data;
    while (sys_wait_signal(COPY, 0, &bits) == MN_OK) {
        CHECK_EQUAL(sys_signal(OTHER, bits), MN_OK);
    }
}

static void run_ping_pong(const void *data)
{
    const uint64_t *cpu = data;
    uint64_t bits = 0;

    notification_create(NOTIFICATION);
    notification_create(OTHER);
    mint(NOTIFICATION, COPY, MN_RIGHT_READ, 0, 0);
    own_thread_start(WAITER, answer_signals, NULL, *cpu);
    for (uint64_t i = 1; i <= MANY && !test_has_failed(); i++) {
        CHECK_EQUAL(sys_signal(NOTIFICATION, i), MN_OK);
        CHECK_EQUAL(sys_wait_signal(OTHER, 0, &bits), MN_OK);
        CHECK_EQUAL(bits, i);
    }
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    own_thread_wait(WAITER);
}

void topic_signal(void)
{
    test_run(run_bits, NULL, "signal: bits are or-ed, and taken once");
    test_run(run_badge, NULL, "signal: a badge chooses the bits");
    test_run(run_waiters, NULL, "signal: waiters in order");
    test_run(run_cancel, NULL, "signal: a waiter's capability goes");
    test_run(run_kill, NULL, "signal: a waiter is killed");
    test_run(run_unbind, NULL, "signal: bindings end");
    test_run(run_many, NULL, "signal: many signals from all CPUs");
    for (unsigned i = 0; i < boot_info->cpu_count && i < 2; i++) {
        uint64_t cpu = i == 0 ? CPU_OWN : CPU_NUMBER(boot_info->cpu_count - 1);
        const char *where = i == 0 ? "same CPU" : "another CPU";

        test_run(run_bound, &cpu, "signal: a server is bound, %s", where);
        test_run(run_ping_pong, &cpu, "signal: back and forth, %s", where);
    }
}
