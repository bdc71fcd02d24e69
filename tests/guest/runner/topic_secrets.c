/**
 * topic_secrets.c - what a process leaves in registers, stacks and frames is not seen by the
 * next one, nor by the runner in memory that it gets.
 */
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { FRAME = TEST_SLOT, LOOKED_AT_ORDER = 11 };

#define HERE   (TEST_AREA + 0x400000ul)
#define SECRET 0x5ec7e75ec7e7ul

static void run_start_state(const void *data)
{
    const uint64_t *cpu = data;
    uint64_t child = child_create();

    child_start(child, SCENARIO_CHECK_START, 5, *cpu);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** One plants, ends; the next, in the very same frames, looks. */
static void run_plant_and_search(const void *data)
{
    const uint64_t *cpu = data;

    for (unsigned round = 0; round < 5; round++) {
        uint64_t child = child_create();

        child_start(child, SCENARIO_PLANT, SECRET, *cpu);
        CHECK_EQUAL(child_wait(child), 0);
        CHECK_EQUAL(sys_drop_cap(child), MN_OK);
        child = child_create();
        child_start(child, SCENARIO_SEARCH, SECRET, *cpu);
        CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
        CHECK_EQUAL(sys_drop_cap(child), MN_OK);
    }
}

/** The one who looks starts while the one with the secrets still runs beside it. */
static void run_search_beside(const void *data)
{
    uint64_t keeper = child_run(SCENARIO_KEEP_VECTORS, 3);
    uint64_t child = child_run(SCENARIO_CHECK_START, 5);

    (void)data;
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    CHECK_EQUAL(child_wait(keeper), SCENARIO_GOOD);
}

/** All memory that the runner can get after processes with secrets have ended. */
static void run_free_frames(const void *data)
{
    (void)data;
    for (unsigned i = 0; i < 4; i++) {
        uint64_t child = child_run(SCENARIO_PLANT, SECRET);

        CHECK_EQUAL(child_wait(child), 0);
        CHECK_EQUAL(sys_drop_cap(child), MN_OK);
    }
    REQUIRE_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, LOOKED_AT_ORDER), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, FRAME, HERE, 0), MN_OK);
    check_zero(HERE, MN_PAGE_SIZE << LOOKED_AT_ORDER >> 3);
}

void topic_secrets(void)
{
    uint64_t cpu = CPU_OWN;

    test_run(run_start_state, &cpu, "secrets: the registers of a new thread");
    test_run(run_plant_and_search, &cpu, "secrets: planted and looked for");
    cpu = CPU_NUMBER(boot_info->cpu_count - 1);
    test_run(run_start_state, &cpu, "secrets: the registers of a thread, last CPU");
    test_run(run_plant_and_search, &cpu, "secrets: planted and looked for, last CPU");
    test_run(run_search_beside, NULL, "secrets: looked for beside their owner");
    test_run(run_free_frames, NULL, "secrets: free frames");
}
