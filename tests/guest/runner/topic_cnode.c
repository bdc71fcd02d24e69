/**
 * topic_cnode.c - CNodes that grow: who pays, what reaches the new slots, and that all
 * of it comes back.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/process.h"

enum { ACCOUNT = TEST_SLOT, COPY };

static uint64_t child_with_account(void)
{
    uint64_t child = child_create();

    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, MN_INIT_SLOT_MEMORY, CHILD_SLOT_ACCOUNT, 0);
    return child;
}

static void run_high_slots(const void *data)
{
    const uint64_t *slots = data;
    uint64_t child = child_with_account();

    child_start(child, SCENARIO_HIGH_SLOTS, *slots, CPU_OWN);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** The process is killed while it fills its slots. */
static void run_killed(const void *data)
{
    const uint64_t *yields = data;
    uint64_t child = child_with_account();

    child_start(child, SCENARIO_HIGH_SLOTS, MN_CNODE_SLOTS_MAX, CPU_OWN);
    for (uint64_t i = 0; i < *yields; i++) {
        sys_yield();
    }
    child_kill(child);
}

/** Frames for each page of slots and for the table, from the process's account. */
static void run_paid(const void *data)
{
    struct mn_cap_info before = {0};
    struct mn_cap_info after = {0};
    mn_status child;

    (void)data;
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 40), MN_OK);
    child = sys_spawn_process(ACCOUNT);
    CHECK(!mn_is_error(child));
    CHECK_EQUAL(sys_cap_info(ACCOUNT, &before), MN_OK);
    CHECK_EQUAL(sys_grow_cnode(child, 64 * 10), MN_OK);
    CHECK_EQUAL(sys_cap_info(ACCOUNT, &after), MN_OK);
    CHECK_EQUAL(after.b - before.b, 9 + 2);
    CHECK_EQUAL(sys_grow_cnode(child, MN_CNODE_SLOTS_MAX), MN_ERROR_NO_MEMORY);
    CHECK_EQUAL(sys_cap_info(ACCOUNT, &after), MN_OK);
    CHECK_EQUAL(after.b, 40);
    CHECK_EQUAL(sys_delegate(child, MN_INIT_SLOT_COM1, 64 * 10, 0), MN_OK);
    CHECK_EQUAL(sys_delegate(child, MN_INIT_SLOT_COM1, MN_CNODE_SLOTS_MAX - 1, 0),
                MN_ERROR_INVALID_SLOT);
    CHECK_EQUAL(sys_kill_process(child, 1), MN_OK);
    CHECK_EQUAL(child_wait(child), 1);
    CHECK_EQUAL(sys_drop_cap(child), MN_OK);
    CHECK_EQUAL(sys_cap_info(ACCOUNT, &after), MN_OK);
    CHECK_EQUAL(after.b, 0);
}

/** What is in a high slot of another process is revoked like everything else. */
static void run_revoked(const void *data)
{
    struct mn_cap_info info = {0};
    mn_status child = sys_spawn_process(MN_INIT_SLOT_MEMORY);

    (void)data;
    CHECK_EQUAL(sys_grow_cnode(child, MN_CNODE_SLOTS_MAX), MN_OK);
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, COPY, 0), MN_OK);
    for (uint64_t slot = MN_CNODE_SLOTS_MAX - 100; slot < MN_CNODE_SLOTS_MAX; slot++) {
        CHECK_EQUAL(sys_delegate(child, COPY, slot, 0), MN_OK);
    }
    CHECK_EQUAL(sys_delegate(child, COPY, MN_CNODE_SLOTS_MAX - 1, 0),
                MN_ERROR_SLOT_OCCUPIED);
    CHECK_EQUAL(sys_revoke(COPY), MN_OK);
    CHECK_EQUAL(sys_delegate(child, COPY, MN_CNODE_SLOTS_MAX - 1, 0), MN_OK);
    CHECK_EQUAL(sys_cap_info(COPY, &info), MN_OK);
}

void topic_cnode(void)
{
    static const uint64_t sizes[] = {65, 128, 1000, 4096, 32768, 32769, 65536};
    static const uint64_t yields[] = {1, 3, 10, 30};

    for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        test_run(run_high_slots, &sizes[i], "cnode: %llu slots, all used",
                 (unsigned long long)sizes[i]);
    }
    for (unsigned i = 0; i < sizeof(yields) / sizeof(yields[0]); i++) {
        test_run(run_killed, &yields[i], "cnode: killed after %llu turns",
                 (unsigned long long)yields[i]);
    }
    test_run(run_paid, NULL, "cnode: paid by the process's account");
    test_run(run_revoked, NULL, "cnode: high slots are revoked");
}
