/**
 * topic_account.c - accounts: limits that hold, and that an account which is closed takes all
 * that it paid for with it.
 */
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    TRIES = 5,
    ACCOUNT = TEST_SLOT,
    INNER,
    INNERMOST,
    FRAME,
    COPY,
    OBJECT,
    LIMIT = 256,
    BIG_LIMIT = 2048,
    BIG_ORDER = 9,
    CLOSE_ROUNDS = 20,
    MANY = 120
};

#define HERE (TEST_AREA + 0x700000ul)

static void account_create(uint64_t parent, uint64_t slot, uint64_t frames)
{
    CHECK_EQUAL(sys_create_account(parent, slot, frames), MN_OK);
}

static struct mn_cap_info look(uint64_t slot)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(slot, &info), MN_OK);
    return info;
}

static void run_limit(const void *data)
{
    uint64_t before = frames_used();
    uint64_t taken = 0;

    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    CHECK(frames_used() >= before + LIMIT);
    CHECK_EQUAL(look(ACCOUNT).a, LIMIT);
    CHECK_EQUAL(look(ACCOUNT).b, 0);
    while (sys_alloc_memory(ACCOUNT, FRAME, 0) == MN_OK) {
        taken++;
        CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, FRAME,
                                   HERE + taken * MN_PAGE_SIZE, MN_MAP_WRITABLE),
                    MN_OK);
        CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    }
    CHECK(taken >= LIMIT * 9 / 10 && taken < LIMIT);
    CHECK_EQUAL(look(ACCOUNT).b, LIMIT);
    CHECK_EQUAL(sys_create_account(ACCOUNT, INNER, 1), MN_ERROR_NO_MEMORY);
    CHECK_EQUAL(sys_spawn_process(ACCOUNT), MN_ERROR_NO_MEMORY);
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
    CHECK_EQUAL(look(ACCOUNT).type, MN_CAP_EMPTY);
    CHECK_EQUAL(frames_used(), before); /* but page tables, which the harness counts */
}

/** A hog that is given an account takes that, and nothing of anybody else's. */
static void run_hog(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t hog = child_create();
    uint64_t before;

    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    endpoint_create(OBJECT);
    child_share(hog);
    child_give(hog, ACCOUNT, CHILD_SLOT_ACCOUNT, MN_RIGHT_WRITE);
    child_give(hog, hog, CHILD_SLOT_SELF, MN_RIGHT_WRITE | MN_RIGHT_EXEC);
    child_give(hog, OBJECT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    before = frames_used();
    child_start(hog, SCENARIO_HOG_BLOCKS, 0, CPU_OWN);
    wait_for_word(&shared->go, 1);
    CHECK_EQUAL(shared->words[1], MN_ERROR_NO_MEMORY);
    CHECK_EQUAL(look(ACCOUNT).b, LIMIT);
    CHECK(frames_used() < before + 16); /* its page tables */
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
}

/** All that an account can pay for, and who waits for it. */
static void run_close(const void *data)
{
    uint64_t before = frames_used();
    uint64_t process;
    uint64_t code = 0;

    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    for (uint64_t slot = FRAME + 1; slot < FRAME + 8; slot += 4) {
        CHECK_EQUAL(sys_create_endpoint(ACCOUNT, slot), MN_OK);
        CHECK_EQUAL(sys_create_notification(ACCOUNT, slot + 1), MN_OK);
        CHECK_EQUAL(sys_alloc_memory(ACCOUNT, slot + 2, slot % 3), MN_OK);
        CHECK_EQUAL(sys_create_account(ACCOUNT, slot + 3, 10), MN_OK);
    }
    process = sys_spawn_process(ACCOUNT);
    CHECK(!mn_is_error(process));
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
    for (uint64_t slot = ACCOUNT; slot < FRAME + 9; slot++) {
        CHECK_EQUAL(look(slot).type, MN_CAP_EMPTY);
    }
    CHECK_EQUAL(sys_wait_process(process, &code), MN_ERROR_INVALID_SLOT);
    CHECK_EQUAL(frames_used(), before);
}

/** A program that runs from an account's memory is ended where it is. */
static void run_close_running(const void *data)
{
    const uint64_t *cpu = data;
    extern const char tiny_spin[];
    extern const char tiny_spin_end[];

    tiny_code_create(FRAME, tiny_spin, (size_t)(tiny_spin_end - tiny_spin));
    for (unsigned i = 0; i < CLOSE_ROUNDS && !test_has_failed(); i++) {
        uint64_t before = frames_used();
        uint64_t process;

        account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
        process = sys_spawn_process(ACCOUNT);
        REQUIRE_EQUAL(mn_is_error(process), false);
        CHECK_EQUAL(sys_map_memory(process, FRAME, TINY_CODE, MN_MAP_EXECUTABLE),
                    MN_OK);
        tiny_start(process, 0, CPU_NUMBER(*cpu));
        sys_yield();
        CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
        CHECK_EQUAL(look(process).type, MN_CAP_EMPTY);
        CHECK_EQUAL(frames_used(), before);
    }
}

/** A frame that another process has mapped vanishes under it, on whatever CPU. */
static void run_frame_vanishes(const void *data)
{
    const uint64_t *cpu = data;
    uint64_t child = child_create();
    volatile uint64_t *counter = (volatile uint64_t *)HERE;
    uint64_t seen;

    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 0), MN_OK);
    CHECK_EQUAL(sys_map_memory(child, FRAME, SHARED_CHILD_VADDR, MN_MAP_WRITABLE),
                MN_OK);
    REQUIRE_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, FRAME, HERE, 0), MN_OK);
    child_start(child, SCENARIO_SPIN, 0, CPU_NUMBER(*cpu));
    wait_for_word(counter, 1000);
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
    CHECK_EQUAL(child_wait(child), FAULT_CODE(14));
    /* Nor is it mapped here: the place is free. */
    REQUIRE_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, FRAME, HERE, 0), MN_OK);
    seen = *counter;
    CHECK_EQUAL(seen, 0);
}

static void run_nested(const void *data)
{
    uint64_t before = frames_used();

    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    account_create(ACCOUNT, INNER, LIMIT / 2);
    account_create(INNER, INNERMOST, LIMIT / 4);
    CHECK_EQUAL(sys_alloc_memory(INNERMOST, FRAME, 4), MN_OK);
    CHECK_EQUAL(sys_create_account(INNER, COPY, LIMIT / 4), MN_ERROR_NO_MEMORY);
    CHECK_EQUAL(sys_close_account(INNERMOST), MN_OK);
    CHECK_EQUAL(look(FRAME).type, MN_CAP_EMPTY);
    account_create(INNER, INNERMOST, LIMIT / 4);
    CHECK_EQUAL(sys_alloc_memory(INNERMOST, FRAME, 4), MN_OK);
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
    for (uint64_t slot = ACCOUNT; slot <= FRAME; slot++) {
        CHECK_EQUAL(look(slot).type, MN_CAP_EMPTY);
    }
    CHECK_EQUAL(frames_used(), before);
}

/** Another process is in the middle of an ALLOC_MEMORY from it. */
static void run_close_allocating(const void *data)
{
    const uint64_t *cpu = data;

    for (unsigned i = 0; i < CLOSE_ROUNDS / 2 && !test_has_failed(); i++) {
        struct shared_page *shared = shared_create();
        uint64_t child = child_create();
        uint64_t before = frames_used();

        account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, BIG_LIMIT);
        child_share(child);
        child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT, MN_RIGHT_WRITE);
        child_start(child, SCENARIO_ALLOCATE, BIG_ORDER, CPU_NUMBER(*cpu));
        wait_for_word(&shared->counter[0], 1 + i % 3);
        CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
        CHECK_EQUAL(child_wait(child), SCENARIO_BAD); /* it was refused */
        CHECK_EQUAL(sys_drop_cap(child), MN_OK);
        CHECK(frames_used() < before);
        CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, (uint64_t)shared, 1), MN_OK);
        CHECK_EQUAL(sys_drop_cap(TEST_SLOTS_END - 2), MN_OK);
    }
}

static mn_status allocation;

static void allocate_block(void *data)
{
    (void)data;
    allocation = sys_alloc_memory(COPY, FRAME, BIG_ORDER);
}

/** The account's slot holds another account by the time that the block is zero: that one
 *  pays, and gave the block. */
static void run_account_changes(const void *data)
{
    (void)data;
    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, BIG_LIMIT);
    account_create(MN_INIT_SLOT_MEMORY, INNER, BIG_LIMIT);
    allocation = MN_ERROR_INVALID_SLOT;
    /* A slice may end while the slot is Empty: then the call is refused, and made again. */
    for (unsigned i = 0; i < TRIES && allocation == MN_ERROR_INVALID_SLOT; i++) {
        if (i > 0) {
            CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
        }
        mint(ACCOUNT, COPY, 0, 0, 0);
        own_thread_start(0, allocate_block, NULL, CPU_OWN);
        sys_yield();
        CHECK(look(ACCOUNT).b > 0);
        CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
        mint(INNER, COPY, 0, 0, 0);
        own_thread_wait(0);
    }
    CHECK_EQUAL(allocation, MN_OK);
    CHECK_EQUAL(look(FRAME).type, MN_CAP_MEMORY_FRAME);
    CHECK_EQUAL(look(ACCOUNT).b, 0);
    CHECK(look(INNER).b > 1ul << BIG_ORDER);
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
    CHECK_EQUAL(look(FRAME).type, MN_CAP_MEMORY_FRAME);
    CHECK_EQUAL(sys_close_account(INNER), MN_OK);
    CHECK_EQUAL(look(FRAME).type, MN_CAP_EMPTY);
}

/** While it is closed another thread copies its capability, and closes it as well. */
static volatile uint64_t closed_by_other;

static void copy_for_ever(void *data)
{
    const bool *close = data;

    closed_by_other = 0;
    while (look(ACCOUNT).type == MN_CAP_PMM_ALLOCATOR) {
        (void)!sys_mint_cap(ACCOUNT, COPY, 0, 0, 0);
        if (*close && sys_close_account(COPY) == MN_OK) {
            closed_by_other++;
        }
        sys_yield();
    }
}

static void run_close_copied(const void *data)
{
    bool close = *(const bool *)data;
    uint64_t before = frames_used();
    mn_status status;

    account_create(MN_INIT_SLOT_MEMORY, ACCOUNT, LIMIT);
    CHECK_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 0), MN_OK);
    for (uint64_t i = 0; i < MANY; i++) {
        CHECK_EQUAL(
            sys_map_memory(MN_INIT_SLOT_SELF, FRAME, HERE + i * MN_PAGE_SIZE, 0),
            MN_OK);
    }
    own_thread_start(0, copy_for_ever, &close, CPU_OWN);
    status = sys_close_account(ACCOUNT);
    own_thread_wait(0);
    CHECK_EQUAL(status, closed_by_other != 0 ? MN_ERROR_INVALID_SLOT : MN_OK);
    CHECK_EQUAL(look(ACCOUNT).type, MN_CAP_EMPTY);
    CHECK_EQUAL(look(COPY).type, MN_CAP_EMPTY);
    CHECK_EQUAL(look(FRAME).type, MN_CAP_EMPTY);
    for (unsigned i = 0; i < MANY && frames_used() != before; i++) {
        sys_yield();
    }
}

void topic_account(void)
{
    static const bool no = false;
    static const bool yes = true;

    test_run(run_limit, NULL, "account: its limit holds");
    test_run(run_hog, NULL, "account: a hog has no more than its account");
    test_run(run_close, NULL, "account: closed, all that it paid for is gone");
    test_run(run_nested, NULL, "account: accounts in accounts");
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        unsigned long long number = cpu;

        test_run(run_close_running, &cpu,
                 "account: closed, its process runs on CPU %llu", number);
        test_run(run_frame_vanishes, &cpu,
                 "account: closed, its frame is written to by CPU %llu", number);
        test_run(run_close_allocating, &cpu,
                 "account: closed, CPU %llu allocates from it", number);
    }
    test_run(run_account_changes, NULL,
             "account: another one by the end of ALLOC_MEMORY");
    test_run(run_close_copied, &no, "account: closed and copied at once");
    test_run(run_close_copied, &yes, "account: closed twice at once");
}
