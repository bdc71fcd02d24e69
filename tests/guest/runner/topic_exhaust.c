/**
 * topic_exhaust.c - no memory, no slots, no threads left: errors, never a panic, and all of it
 * comes back.
 */
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { FRAME = TEST_SLOT, ENDPOINT, ENDPOINT_2, CODE };

#define HERE (TEST_AREA + 0x500000ul)

static uint64_t frames_limit(void)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(MN_INIT_SLOT_MEMORY, &info), MN_OK);
    return info.a;
}

/** A child that takes all memory, and holds it when this returns. */
static uint64_t start_hog(enum scenario scenario, struct shared_page *shared)
{
    uint64_t hog = child_create();

    child_share(hog);
    child_give(hog, MN_INIT_SLOT_MEMORY, CHILD_SLOT_ACCOUNT, MN_RIGHT_WRITE);
    child_give(hog, hog, CHILD_SLOT_SELF, MN_RIGHT_WRITE | MN_RIGHT_EXEC);
    child_give(hog, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_start(hog, scenario, 0, CPU_OWN);
    wait_for_word(&shared->go, 1);
    return hog;
}

static void run_hog(const void *data)
{
    const enum scenario *scenario = data;
    struct shared_page *shared = shared_create();
    uint64_t before;
    uint64_t hog;

    endpoint_create(ENDPOINT);
    before = frames_used();
    hog = start_hog(*scenario, shared);

    CHECK_EQUAL(shared->words[1], MN_ERROR_NO_MEMORY);
    CHECK(frames_used() + 8 >= frames_limit());
    child_kill(hog);
    CHECK_EQUAL(frames_used(), before);
}

/** With nothing left the calls that need memory say so, and those that don't, work. */
static void run_calls_without_memory(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t bystander = child_create();
    uint64_t hog;

    (void)data;
    endpoint_create(ENDPOINT);
    child_give(bystander, ENDPOINT, CHILD_SLOT_ENDPOINT, 0);
    REQUIRE_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, CODE, 0), MN_OK);
    hog = start_hog(SCENARIO_HOG_BLOCKS, shared);
    while (sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0) == MN_OK) {
        CHECK_EQUAL(
            sys_map_memory(MN_INIT_SLOT_SELF, FRAME,
                           HERE + shared->words[5] * MN_PAGE_SIZE, MN_MAP_WRITABLE),
            MN_OK);
        CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
        shared->words[5]++;
    }
    CHECK_EQUAL(sys_spawn_process(MN_INIT_SLOT_MEMORY), MN_ERROR_NO_MEMORY);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, CODE, 0x7e0000000000, 0),
                MN_ERROR_NO_MEMORY);
    CHECK(!mn_is_error(sys_spawn_thread(bystander, 0, 0, 0, 0)));
    CHECK_EQUAL(sys_spawn_thread(bystander, 0, 0, 0, 0), MN_ERROR_NO_MEMORY);
    mint(ENDPOINT, ENDPOINT_2, 0, 5, 0);
    CHECK_EQUAL(sys_cap_info(ENDPOINT_2, &(struct mn_cap_info){0}), MN_OK);
    CHECK_EQUAL(child_wait(bystander), FAULT_CODE(14)); /* ends, out of memory or not */
    child_kill(hog);
    CHECK(!mn_is_error(sys_spawn_process(MN_INIT_SLOT_MEMORY)));
}

/** A mapping that fails for want of page tables leaves none of them behind. */
static void run_failed_mapping(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t hog;
    uint64_t used;

    (void)data;
    REQUIRE_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, CODE, 0), MN_OK);
    endpoint_create(ENDPOINT);
    hog = start_hog(SCENARIO_HOG_BLOCKS, shared);
    used = frames_used();
    for (uint64_t i = 0; i < 20; i++) {
        mn_status status = sys_map_memory(MN_INIT_SLOT_SELF, CODE,
                                          0x100000000000 + (i << 39), MN_MAP_WRITABLE);

        if (status == MN_OK) {
            used = frames_used();
        } else {
            CHECK_EQUAL(status, MN_ERROR_NO_MEMORY);
            CHECK_EQUAL(frames_used(), used);
        }
    }
    for (uint64_t i = 0; i < 20; i++) {
        CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, 0x100000000000 + (i << 39), 1),
                    MN_OK);
    }
    child_kill(hog);
}

static void run_threads(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t before;
    uint64_t hog;

    (void)data;
    endpoint_create(ENDPOINT);
    before = frames_used();
    hog = start_hog(SCENARIO_HOG_THREADS, shared);
    CHECK_EQUAL(shared->words[1], MN_ERROR_NO_MEMORY);
    CHECK(shared->words[0] > 1000);
    CHECK(frames_used() >= before + shared->words[0]);
    CHECK_EQUAL(sys_kill_process(hog, 1), MN_OK);
    CHECK_EQUAL(child_wait(hog), 1);
    CHECK_EQUAL(sys_drop_cap(hog), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

/** All 64 slots in use. */
static void run_slots(const void *data)
{
    uint64_t slot = mnos_cap_find_empty(1);
    uint64_t spare = 0;
    uint64_t code;

    (void)data;
    while (slot != MNOS_NO_SLOT) {
        mint(MN_INIT_SLOT_COM1, slot, 0, 0, 0);
        spare = slot;
        slot = mnos_cap_find_empty(slot + 1);
    }
    CHECK_EQUAL(sys_spawn_process(MN_INIT_SLOT_MEMORY), MN_ERROR_SLOT_OCCUPIED);
    CHECK_EQUAL(sys_drop_cap(spare), MN_OK);
    CHECK_EQUAL(sys_spawn_process(MN_INIT_SLOT_MEMORY), spare);
    CHECK_EQUAL(sys_spawn_process(MN_INIT_SLOT_MEMORY), MN_ERROR_SLOT_OCCUPIED);
    CHECK_EQUAL(sys_kill_process(spare, 2), MN_OK);
    CHECK_EQUAL(sys_wait_process(spare, &code), MN_OK);
}

/** The CNode of a child, filled from outside. */
static void run_child_slots(const void *data)
{
    uint64_t child = sys_spawn_process(MN_INIT_SLOT_MEMORY);

    (void)data;
    for (uint64_t i = 1; i < MN_CNODE_INITIAL_SLOTS; i++) {
        CHECK_EQUAL(sys_delegate(child, MN_INIT_SLOT_COM1, i, 0), MN_OK);
    }
    for (uint64_t i = 1; i < MN_CNODE_INITIAL_SLOTS; i++) {
        CHECK_EQUAL(sys_delegate(child, MN_INIT_SLOT_COM1, i, 0),
                    MN_ERROR_SLOT_OCCUPIED);
    }
}

/** As many endpoints as slots, and processes. */
static void run_many_objects(const void *data)
{
    const bool *processes = data;
    uint64_t slot = mnos_cap_find_empty(1);

    while (slot != MNOS_NO_SLOT) {
        if (*processes) {
            CHECK_EQUAL(sys_spawn_process(MN_INIT_SLOT_MEMORY), slot);
        } else {
            endpoint_create(slot);
        }
        slot = mnos_cap_find_empty(slot + 1);
    }
}

void topic_exhaust(void)
{
    static const enum scenario pages = SCENARIO_HOG_MEMORY;
    static const enum scenario blocks = SCENARIO_HOG_BLOCKS;
    static const bool processes = true;
    static const bool endpoints = false;

    test_run(run_hog, &pages, "exhaust: all memory, page by page");
    test_run(run_hog, &blocks, "exhaust: all memory, in blocks");
    test_run(run_calls_without_memory, NULL, "exhaust: calls without memory");
    test_run(run_failed_mapping, NULL, "exhaust: a mapping without page tables");
    test_run(run_threads, NULL, "exhaust: as many threads as memory holds");
    test_run(run_slots, NULL, "exhaust: all slots");
    test_run(run_child_slots, NULL, "exhaust: all slots of a child");
    test_run(run_many_objects, &endpoints, "exhaust: endpoints in all slots");
    test_run(run_many_objects, &processes, "exhaust: processes in all slots");
}
