/**
 * topic_cpus.c - threads on all CPUs: where they run, killed from elsewhere, pages taken away
 * under them.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { FRAME = TEST_SLOT, KILL_ROUNDS = 4, UNMAP_ROUNDS = 6 };

#define HERE (TEST_AREA + 0x300000ul)

/** A thread runs on the CPU that it was started on: each has another APIC ID. */
static void run_placement(const void *data)
{
    uint64_t seen = 0;

    (void)data;
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        uint64_t child = child_create();
        uint64_t id;

        child_start(child, SCENARIO_APIC_ID, 0, CPU_NUMBER(cpu));
        id = child_wait(child);
        CHECK(id < 64 && (seen >> id & 1) == 0);
        seen |= 1ul << (id & 63);
    }
    CHECK_EQUAL(__builtin_popcountl(seen), boot_info->cpu_count);
}

static void run_no_such_cpu(const void *data)
{
    uint64_t child = child_create();

    (void)data;
    CHECK_EQUAL(sys_spawn_thread(child, 0, 0, 0, CPU_NUMBER(boot_info->cpu_count)),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK(!mn_is_error(
        sys_spawn_thread(child, 0, 0, 0, CPU_NUMBER(boot_info->cpu_count - 1))));
}

/** All CPUs count at the same time. */
static void run_all_at_once(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t cpus = boot_info->cpu_count;

    (void)data;
    for (uint64_t cpu = 0; cpu < cpus; cpu++) {
        uint64_t child = child_create();

        child_share(child);
        child_start(child, SCENARIO_SPIN, cpu, CPU_NUMBER(cpu));
    }
    for (uint64_t cpu = 0; cpu < cpus; cpu++) {
        wait_for_word(&shared->counter[cpu], 10000);
    }
}

static void run_kill(const void *data)
{
    const uint64_t *cpu = data;
    struct shared_page *shared = shared_create();

    for (unsigned round = 0; round < KILL_ROUNDS; round++) {
        uint64_t child = child_create();

        shared->counter[0] = 0;
        child_share(child);
        child_start(child, SCENARIO_SPIN, 0, CPU_NUMBER(*cpu));
        wait_for_word(&shared->counter[0], 100);
        child_kill(child);
        CHECK(shared->counter[0] >= 100);
    }
}

/**
 * A page is taken from a process that writes to it on another CPU. When UNMAP_MEMORY has
 * returned nothing is written any more, and the process has faulted or will.
 */
static void run_shootdown(const void *data)
{
    const uint64_t *cpu = data;

    for (unsigned round = 0; round < UNMAP_ROUNDS; round++) {
        struct shared_page *shared = shared_create();
        uint64_t child = child_create();
        uint64_t at_unmap;

        child_share(child);
        child_start(child, SCENARIO_SPIN, 1, CPU_NUMBER(*cpu));
        wait_for_word(&shared->counter[1], 100);
        CHECK_EQUAL(sys_unmap_memory(child, SHARED_CHILD_VADDR, 1), MN_OK);
        at_unmap = shared->counter[1];
        for (unsigned i = 0; i < 50; i++) {
            sys_yield();
        }
        CHECK_EQUAL(shared->counter[1], at_unmap);
        CHECK_EQUAL(child_wait(child), FAULT_CODE(14));
        CHECK_EQUAL(sys_drop_cap(child), MN_OK);
        CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, (uint64_t)shared, 1), MN_OK);
        CHECK_EQUAL(sys_drop_cap(TEST_SLOTS_END - 2), MN_OK);
    }
}

/** The same with a frame that comes back to life elsewhere: the old writer is not seen. */
static void run_reuse(const void *data)
{
    const uint64_t *cpu = data;
    uint64_t child = child_create();

    REQUIRE_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(child, FRAME, SHARED_CHILD_VADDR, MN_MAP_WRITABLE),
                  MN_OK);
    CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    child_start(child, SCENARIO_SPIN, 0, CPU_NUMBER(*cpu));
    for (unsigned i = 0; i < 5; i++) {
        sys_yield(); /* on one CPU each is a slice of the child's */
    }
    CHECK_EQUAL(sys_unmap_memory(child, SHARED_CHILD_VADDR, 1), MN_OK);
    /* The frame is free; whoever gets it next sees zeros, and they stay. */
    REQUIRE_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, FRAME, HERE, MN_MAP_WRITABLE),
                  MN_OK);
    for (unsigned i = 0; i < 1000; i++) {
        check_zero(HERE, MN_PAGE_SIZE / sizeof(uint64_t));
    }
    CHECK_EQUAL(child_wait(child), FAULT_CODE(14));
}

/** Blocks are allocated on all CPUs at once; nobody hears a wrong answer. */
static void run_allocators(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t children[4];
    uint64_t cpus = boot_info->cpu_count < 4 ? boot_info->cpu_count : 4;

    (void)data;
    for (uint64_t cpu = 0; cpu < cpus; cpu++) {
        children[cpu] = child_create();
        child_share(children[cpu]);
        child_give(children[cpu], MN_INIT_SLOT_MEMORY, CHILD_SLOT_ACCOUNT,
                   MN_RIGHT_WRITE);
        child_start(children[cpu], SCENARIO_ALLOCATE, cpu * 2, CPU_NUMBER(cpu));
    }
    wait_for_word(&shared->counter[0], 40);
    for (uint64_t cpu = 0; cpu < cpus; cpu++) {
        child_kill(children[cpu]);
    }
}

/** A process is killed while it is in the middle of zeroing a large block. */
static void run_kill_allocator(const void *data)
{
    const uint64_t *cpu = data;

    for (unsigned round = 0; round < KILL_ROUNDS; round++) {
        struct shared_page *shared = shared_create();
        uint64_t child = child_create();

        child_share(child);
        child_give(child, MN_INIT_SLOT_MEMORY, CHILD_SLOT_ACCOUNT, MN_RIGHT_WRITE);
        child_start(child, SCENARIO_ALLOCATE, 10, CPU_NUMBER(*cpu));
        wait_for_word(&shared->counter[0], 1 + round % 3);
        child_kill(child);
        CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, (uint64_t)shared, 1), MN_OK);
        CHECK_EQUAL(sys_drop_cap(TEST_SLOTS_END - 2), MN_OK);
    }
}

void topic_cpus(void)
{
    test_run(run_placement, NULL, "cpus: a thread runs where it was started");
    test_run(run_no_such_cpu, NULL, "cpus: no thread behind the last CPU");
    test_run(run_all_at_once, NULL, "cpus: all count at once");
    test_run(run_allocators, NULL, "cpus: all allocate at once");
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        unsigned long long number = cpu;

        test_run(run_kill, &cpu, "cpus: a spinner on CPU %llu is killed", number);
        test_run(run_kill_allocator, &cpu, "cpus: an allocator on CPU %llu is killed",
                 number);
        test_run(run_shootdown, &cpu, "cpus: a page is unmapped under CPU %llu",
                 number);
        test_run(run_reuse, &cpu, "cpus: CPU %llu does not write a frame given away",
                 number);
    }
}
