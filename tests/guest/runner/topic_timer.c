/**
 * topic_timer.c - the clock that ring 3 reads, and the timers of notifications. Nothing
 * here says how late a timer may be, only that it is never early and always comes.
 */
#include "abi/ipc_message.h"
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/call.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    NOTIFICATION = TEST_SLOT,
    COPY,
    ENDPOINT,
    FIRST_OF_MANY,
    MANY = TEST_SLOTS_END - FIRST_OF_MANY - 2,
    READINGS = 5000,
    ROUNDS = 20
};

#define MS 1000000ull

static uint64_t poll(uint64_t slot)
{
    uint64_t bits = 0;
    mn_status status = sys_wait_signal(slot, MN_WAIT_SIGNAL_POLL, &bits);

    CHECK(status == MN_OK ? bits != 0 : status == MN_ERROR_WOULD_BLOCK);
    return bits;
}

static uint64_t wait_bits(uint64_t slot)
{
    uint64_t bits = 0;

    CHECK_EQUAL(sys_wait_signal(slot, 0, &bits), MN_OK);
    return bits;
}

/** Sleeps until the clock has shown @p deadline_ns, by the timer of @p slot. */
static void sleep_until(uint64_t slot, uint64_t deadline_ns)
{
    CHECK_EQUAL(sys_set_timer(slot, deadline_ns), MN_OK);
    CHECK_EQUAL(wait_bits(slot), 1);
    CHECK(mnos_clock_ns() >= deadline_ns);
}

/** CPUID 80000007h, EDX bit 8. */
static bool tsc_is_invariant(void)
{
    uint32_t eax = 0x80000007;
    uint32_t ebx;
    uint32_t ecx = 0;
    uint32_t edx;

    __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    return (edx >> 8 & 1) != 0;
}

static void run_clock(const void *data)
{
    struct mnos_clock_info info;
    uint64_t last = 0;

    (void)data;
    for (unsigned i = 0; i < READINGS; i++) {
        uint64_t now = mnos_clock_ns();

        CHECK(now >= last);
        last = now;
    }
    CHECK(last != 0);
    sys_clock_info(&info);
    CHECK(info.multiplier != 0 && info.shift == 32);
    CHECK_EQUAL((info.flags & MN_CLOCK_NOT_INVARIANT) == 0, tsc_is_invariant());
    CHECK_EQUAL(info.flags & MN_CLOCK_CPUS_DIFFER, 0);
    CHECK_EQUAL(info.flags & ~7ul, 0);
}

/** At 200 ms the rate is measured for good: nothing changes any more, nor steps back. */
static void run_clock_final(const void *data)
{
    struct mnos_clock_info first;
    struct mnos_clock_info second;
    uint64_t before;

    (void)data;
    notification_create(NOTIFICATION);
    if (mnos_clock_ns() < 190 * MS) {
        sleep_until(NOTIFICATION, 190 * MS);
    }
    do {
        before = mnos_clock_ns();
        sys_clock_info(&first);
        CHECK(mnos_clock_ns() >= before);
    } while ((first.flags & MN_CLOCK_PROVISIONAL) != 0 && !test_has_failed());
    sleep_until(NOTIFICATION, mnos_clock_ns() + 20 * MS);
    sys_clock_info(&second);
    CHECK_EQUAL(second.base_tsc, first.base_tsc);
    CHECK_EQUAL(second.multiplier, first.multiplier);
    CHECK_EQUAL(second.flags, first.flags);
}

/** The machine has nothing else to do: it sleeps in between. */
static void run_sleep(const void *data)
{
    const uint64_t *ns = data;

    notification_create(NOTIFICATION);
    for (unsigned i = 0; i < ROUNDS; i++) {
        sleep_until(NOTIFICATION, mnos_clock_ns() + *ns);
    }
}

static void run_past(const void *data)
{
    static const uint64_t past[] = {1, 2, 1000};

    (void)data;
    notification_create(NOTIFICATION);
    for (unsigned i = 0; i < sizeof(past) / sizeof(past[0]); i++) {
        CHECK_EQUAL(sys_set_timer(NOTIFICATION, past[i]), MN_OK);
        CHECK_EQUAL(poll(NOTIFICATION), 1);
        CHECK_EQUAL(poll(NOTIFICATION), 0);
    }
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, mnos_clock_ns()), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), 1);
}

/** What never comes, and what is set again before it came. */
static void run_again(const void *data)
{
    uint64_t now = mnos_clock_ns();

    (void)data;
    notification_create(NOTIFICATION);
    notification_create(COPY);
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, UINT64_MAX), MN_OK);
    sleep_until(COPY, now + MS);
    CHECK_EQUAL(poll(NOTIFICATION), 0);
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, UINT64_MAX - 1), MN_OK);
    sleep_until(COPY, now + 2 * MS);
    CHECK_EQUAL(poll(NOTIFICATION), 0);
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, 1ull << 63), MN_OK);
    sleep_until(NOTIFICATION, now + 3 * MS); /* earlier */
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, mnos_clock_ns() + MS), MN_OK);
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, 0), MN_OK);
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, 0), MN_OK);
    sleep_until(COPY, mnos_clock_ns() + 3 * MS);
    CHECK_EQUAL(poll(NOTIFICATION), 0); /* cancelled */
    now = mnos_clock_ns();
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, now + MS), MN_OK);
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, now + 4 * MS), MN_OK);
    CHECK_EQUAL(wait_bits(NOTIFICATION), 1);
    CHECK(mnos_clock_ns() >= now + 4 * MS); /* later */
    sleep_until(COPY, mnos_clock_ns() + 2 * MS);
    CHECK_EQUAL(poll(NOTIFICATION), 0); /* once */
}

/** The bits are those of the capability that set it last, and join those that are there. */
static void run_bits(const void *data)
{
    (void)data;
    notification_create(NOTIFICATION);
    mint(NOTIFICATION, COPY, MN_RIGHT_WRITE, 0x500, 0);
    CHECK_EQUAL(sys_set_timer(COPY, 1), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), 0x500);
    CHECK_EQUAL(sys_set_timer(COPY, mnos_clock_ns() + MS), MN_OK);
    CHECK_EQUAL(wait_bits(NOTIFICATION), 0x500);
    CHECK_EQUAL(sys_signal(NOTIFICATION, 0x30), MN_OK);
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, 1), MN_OK);
    CHECK_EQUAL(poll(NOTIFICATION), 0x31);
    /* The timer outlives the capability that it was set by. */
    CHECK_EQUAL(sys_set_timer(COPY, mnos_clock_ns() + MS), MN_OK);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    CHECK_EQUAL(wait_bits(NOTIFICATION), 0x500);
}

/** With its last capability the notification goes, and its timer. */
static void run_gone(const void *data)
{
    (void)data;
    notification_create(COPY);
    for (unsigned i = 0; i < ROUNDS; i++) {
        notification_create(NOTIFICATION);
        CHECK_EQUAL(sys_set_timer(NOTIFICATION, mnos_clock_ns() + MS / 10), MN_OK);
        CHECK_EQUAL(sys_drop_cap(NOTIFICATION), MN_OK);
        /* Whatever is made of the memory next, no timer writes there. */
        endpoint_create(NOTIFICATION);
        sleep_until(COPY, mnos_clock_ns() + MS / 5);
        CHECK_EQUAL(sys_drop_cap(NOTIFICATION), MN_OK);
    }
}

/** Many at once, set in another order than they are to come. */
static void run_many(const void *data)
{
    uint64_t base;

    (void)data;
    for (uint64_t i = 0; i < MANY; i++) {
        notification_create(FIRST_OF_MANY + i);
    }
    base = mnos_clock_ns() + 2 * MS;
    for (uint64_t i = 0; i < MANY; i++) {
        uint64_t at = i * 7 % MANY;

        CHECK_EQUAL(sys_set_timer(FIRST_OF_MANY + at, base + at * MS / 10), MN_OK);
    }
    for (uint64_t i = 0; i < MANY; i++) {
        CHECK_EQUAL(wait_bits(FIRST_OF_MANY + i), 1);
        CHECK(mnos_clock_ns() >= base + i * MS / 10);
    }
    /* All at the same time: more than one interrupt deals with. */
    base = mnos_clock_ns() + 2 * MS;
    for (uint64_t i = 0; i < MANY; i++) {
        CHECK_EQUAL(sys_set_timer(FIRST_OF_MANY + i, base), MN_OK);
    }
    for (uint64_t i = MANY; i-- > 0;) {
        CHECK_EQUAL(wait_bits(FIRST_OF_MANY + i), 1);
    }
}

/** A server with signals bound hears of it in REPLY_RECV. */
static void run_bound(const void *data)
{
    struct mnos_call message = {0};

    (void)data;
    notification_create(NOTIFICATION);
    endpoint_create(ENDPOINT);
    CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_OK);
    CHECK_EQUAL(sys_set_timer(NOTIFICATION, mnos_clock_ns() + MS), MN_OK);
    CHECK_EQUAL(sys_reply_recv(ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.badge, 1);
    CHECK_EQUAL(message.info, MN_MESSAGE_SIGNAL);
}

/** Sleepers beside a spinner, on one CPU: the timer interrupts it. */
static void sleep_often(void *data)
{
    const uint64_t *slot = data;

    for (unsigned i = 0; i < ROUNDS; i++) {
        sleep_until(*slot, mnos_clock_ns() + MS);
    }
}

static void run_beside_spinner(const void *data)
{
    static uint64_t slots[2] = {NOTIFICATION, COPY};
    const uint64_t *cpu = data;
    struct shared_page *shared = shared_create();
    uint64_t spinner = child_create();

    notification_create(slots[0]);
    notification_create(slots[1]);
    child_share(spinner);
    child_start(spinner, SCENARIO_SPIN, 0, *cpu);
    wait_for_word(&shared->counter[0], 1);
    own_thread_start(0, sleep_often, &slots[0], *cpu);
    own_thread_start(1, sleep_often, &slots[1], *cpu);
    own_thread_wait(0);
    own_thread_wait(1);
}

void topic_timer(void)
{
    static const uint64_t sleeps[] = {1000, MS / 10, 3 * MS};

    test_run(run_clock, NULL, "timer: the clock does not step back");
    for (unsigned i = 0; i < sizeof(sleeps) / sizeof(sleeps[0]); i++) {
        test_run(run_sleep, &sleeps[i], "timer: sleeps of %lu ns", sleeps[i]);
    }
    test_run(run_past, NULL, "timer: a deadline that is past");
    test_run(run_again, NULL, "timer: never, earlier, later, cancelled");
    test_run(run_bits, NULL, "timer: which bits");
    test_run(run_gone, NULL, "timer: it goes with its notification");
    test_run(run_many, NULL, "timer: many, in order");
    test_run(run_bound, NULL, "timer: in REPLY_RECV");
    for (unsigned i = 0; i < boot_info->cpu_count && i < 2; i++) {
        uint64_t cpu = i == 0 ? CPU_OWN : CPU_NUMBER(boot_info->cpu_count - 1);

        test_run(run_beside_spinner, &cpu, "timer: sleepers beside a spinner, %s CPU",
                 i == 0 ? "same" : "another");
    }
    test_run(run_clock_final, NULL, "timer: the clock's rate is final after 200 ms");
}
