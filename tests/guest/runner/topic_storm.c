/**
 * topic_storm.c - children that do everything at once with shared objects
 * (hostile/all_work.c), three a CPU; then all of it is taken back, in one of several ways, and
 * to the frame. `storm_ms=N` on the kernel's command line: how long.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    ACCOUNT = TEST_SLOT,
    ENDPOINT,
    NOTIFICATION,
    CHILDREN_A_CPU = 3,
    CHILDREN_MAX = 12,
    ACCOUNT_FRAMES = 8192,
    WAYS = 3,
    END_YIELDS = 100000
};

#define ROUND_NS 30000000ul

uint64_t storm_ms = 500;

static uint64_t make_child(uint64_t seed)
{
    uint64_t child = child_create_from(ACCOUNT);

    child_share(child);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, 0);
    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT, 0);
    child_give(child, NOTIFICATION, CHILD_SLOT_EXTRA, 0);
    child_start(child, SCENARIO_ALL_WORK, seed,
                CPU_NUMBER(seed % boot_info->cpu_count));
    return child;
}

/** Takes everything back: by the account at once, or first from the children one by one by
 *  killing them, or by revoking what they share. */
static void take_back(const uint64_t *children, uint64_t count, uint64_t way)
{
    for (uint64_t i = 0; i < count && way == 1; i++) {
        (void)sys_kill_process(children[i], 0);
        (void)child_wait(children[i]);
    }
    if (way == 2) {
        CHECK_EQUAL(sys_revoke(ENDPOINT), MN_OK);
        CHECK_EQUAL(sys_revoke(NOTIFICATION), MN_OK);
        CHECK_EQUAL(sys_revoke(ACCOUNT), MN_OK);
    }
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
    for (uint64_t i = 0; i < count; i++) {
        (void)sys_drop_cap(children[i]);
    }
}

static void run_round(const struct shared_page *shared, uint64_t round)
{
    uint64_t children[CHILDREN_MAX];
    uint64_t count = CHILDREN_A_CPU * boot_info->cpu_count;
    uint64_t before = frames_used();
    uint64_t end_ns;

    count = count < CHILDREN_MAX ? count : CHILDREN_MAX;
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, ACCOUNT_FRAMES),
                MN_OK);
    CHECK_EQUAL(sys_create_endpoint(ACCOUNT, ENDPOINT), MN_OK);
    CHECK_EQUAL(sys_create_notification(ACCOUNT, NOTIFICATION), MN_OK);
    for (uint64_t i = 0; i < count; i++) {
        children[i] = make_child(round * CHILDREN_MAX + i);
    }
    end_ns = mnos_clock_ns() + ROUND_NS;
    while (mnos_clock_ns() < end_ns) {
        sys_yield();
    }
    take_back(children, count, round % WAYS);
    for (unsigned i = 0; i < END_YIELDS && frames_used() != before; i++) {
        sys_yield();
    }
    if (frames_used() != before || shared->counter[1] != 0) {
        test_fail(__FILE__, __LINE__,
                  "round %llu: %lld frames too many, %llu children saw something wrong",
                  (unsigned long long)round, (long long)(frames_used() - before),
                  (unsigned long long)shared->counter[1]);
    }
}

static void run_storm(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t end_ns = mnos_clock_ns() + storm_ms * 1000000;

    (void)data;
    for (uint64_t round = 0; mnos_clock_ns() < end_ns && !test_has_failed(); round++) {
        run_round(shared, round);
    }
    CHECK(shared->counter[0] > 0);
}

void topic_storm(void)
{
    test_run(run_storm, NULL, "storm: %llu ms of everything",
             (unsigned long long)storm_ms);
}
