/**
 * topic_account_ends.c - accounts that nobody names any more: they give back what they have
 * once they pay for nothing, and one whose closer was killed goes all the same.
 */
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum {
    ACCOUNT = TEST_SLOT,
    FRAME,
    LIMIT = 500,
    DEPTH = 64,
    PROCESSES = 8,
    COPIES = 50
};

#define HERE (TEST_AREA + 0x700000ul)

static void account_create(uint64_t parent, uint64_t slot, uint64_t frames)
{
    CHECK_EQUAL(sys_create_account(parent, slot, frames), MN_OK);
}

static void run_empty(const void *data)
{
    uint64_t before = frames_used();

    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    CHECK_EQUAL(sys_mint_cap(ACCOUNT, FRAME, 0, 0, 0), MN_OK);
    CHECK_EQUAL(sys_drop_cap(ACCOUNT), MN_OK);
    CHECK(frames_used() >= before + LIMIT);
    CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

static void run_frame(const void *data)
{
    uint64_t before = frames_used();

    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    CHECK_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 2), MN_OK);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, FRAME, HERE, MN_MAP_WRITABLE), MN_OK);
    CHECK_EQUAL(sys_drop_cap(ACCOUNT), MN_OK);
    CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    CHECK(frames_used() >= before + LIMIT);
    *(volatile uint64_t *)HERE = 5;
    CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, HERE, 4), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

static void run_process(const void *data)
{
    uint64_t before = frames_used();
    mn_status process;

    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    process = sys_spawn_process(ACCOUNT);
    CHECK(!mn_is_error(process));
    CHECK_EQUAL(sys_drop_cap(ACCOUNT), MN_OK);
    CHECK(frames_used() >= before + LIMIT);
    CHECK_EQUAL(sys_kill_process(process, 3), MN_OK);
    CHECK_EQUAL(child_wait(process), 3);
    CHECK(frames_used() >= before + LIMIT); /* the capability names what it paid for */
    CHECK_EQUAL(sys_drop_cap(process), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

/** As deep as accounts nest; then all go with the innermost. */
static void run_deep(const void *data)
{
    uint64_t before = frames_used();
    uint64_t outer = ACCOUNT;
    uint64_t inner = FRAME;

    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, outer, 2 * DEPTH);
    for (unsigned i = 1; i < DEPTH; i++) {
        uint64_t swap = outer;

        account_create(outer, inner, 2ul * (DEPTH - i));
        CHECK_EQUAL(sys_drop_cap(outer), MN_OK);
        outer = inner;
        inner = swap;
    }
    CHECK_EQUAL(sys_create_account(outer, inner, 0), MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_alloc_memory(outer, inner, 0), MN_OK);
    CHECK_EQUAL(sys_drop_cap(outer), MN_OK);
    CHECK(frames_used() > before);
    CHECK_EQUAL(sys_drop_cap(inner), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

/** Who closes an account is killed in the middle. */
static void run_closer_killed(const void *data)
{
    const uint64_t *yields = data;
    struct shared_page *shared = shared_create();
    uint64_t before = frames_used();
    uint64_t child = child_create();

    child_share(child);
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    for (unsigned i = 0; i < PROCESSES; i++) {
        mn_status process = sys_spawn_process(ACCOUNT);

        for (uint64_t slot = 1; slot < COPIES; slot++) {
            CHECK_EQUAL(sys_delegate(process, ACCOUNT, slot, 0), MN_OK);
        }
    }
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT, 0);
    CHECK_EQUAL(sys_drop_cap(ACCOUNT), MN_OK);
    child_start(child, SCENARIO_CLOSE_ACCOUNT, 0, CPU_OWN);
    wait_for_word(&shared->go, 1);
    for (uint64_t i = 0; i < *yields; i++) {
        sys_yield();
    }
    if (sys_kill_process(child, 1) == MN_OK) {
        (void)child_wait(child);
    }
    CHECK_EQUAL(sys_drop_cap(child), MN_OK);
    for (unsigned i = 0; i < 2000000 && frames_used() != before; i++) {
        sys_yield();
    }
    CHECK_EQUAL(frames_used(), before);
}

void topic_account_ends(void)
{
    static const uint64_t yields[] = {0, 1, 2, 5, 10, 20};

    test_run(run_empty, NULL, "account: nobody names an empty one");
    test_run(run_frame, NULL, "account: nobody names it but a frame");
    test_run(run_process, NULL, "account: nobody names it but a process");
    test_run(run_deep, NULL, "account: %u in each other", DEPTH);
    for (unsigned i = 0; i < sizeof(yields) / sizeof(yields[0]); i++) {
        test_run(run_closer_killed, &yields[i],
                 "account: its closer is killed after %llu turns",
                 (unsigned long long)yields[i]);
    }
}
