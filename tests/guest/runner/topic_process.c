/**
 * topic_process.c - lives of processes and threads: born, ended by themselves, by faults, by
 * others; who waits for them; what is left.
 */
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { EXTRA = TEST_SLOT, EXTRA_2, EXTRA_3, WAITERS = 4 };

static enum mn_process_state state_of(uint64_t child)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(child, &info), MN_OK);
    return (enum mn_process_state)info.b;
}

static void run_exit_code(const void *data)
{
    const uint64_t *code = data;
    uint64_t child = child_run(SCENARIO_EXIT, *code);
    struct mn_cap_info info;

    CHECK_EQUAL(child_wait(child), *code);
    CHECK_EQUAL(sys_cap_info(child, &info), MN_OK);
    CHECK_EQUAL(info.b, MN_PROCESS_GONE);
    CHECK_EQUAL(info.c, *code);
    CHECK_EQUAL(child_wait(child), *code); /* again, and at once */
}

/** When a process is gone all that it had is back, though its capability is there. */
static void run_gone_is_empty(const void *data)
{
    uint64_t before = frames_used();
    uint64_t child = child_run(SCENARIO_EXIT, 1);

    (void)data;
    CHECK(frames_used() > before + 10);
    CHECK_EQUAL(child_wait(child), 1);
    CHECK(frames_used() <= before + 1); /* the object, which the capability keeps */
    CHECK_EQUAL(sys_drop_cap(child), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

/** A process whose last capability is dropped lives on, and ends without a trace. */
static void run_dropped(const void *data)
{
    uint64_t before = frames_used();
    uint64_t child = child_create();

    (void)data;
    endpoint_create(EXTRA);
    child_give(child, EXTRA, CHILD_SLOT_ENDPOINT, 0);
    child_start(child, SCENARIO_RECEIVE, 1, CPU_OWN);
    CHECK_EQUAL(sys_drop_cap(child), MN_OK);
    sys_yield();
    CHECK_EQUAL(send_number(EXTRA, 0), MN_OK);
    CHECK_EQUAL(sys_drop_cap(EXTRA), MN_OK);
    for (unsigned i = 0; i < 10000 && frames_used() != before; i++) {
        sys_yield();
    }
    CHECK_EQUAL(frames_used(), before);
}

static void run_never_started(const void *data)
{
    uint64_t child = child_create();

    (void)data;
    CHECK_EQUAL(state_of(child), MN_PROCESS_RUNNING);
    child_kill(child);
}

static void run_kill_spinner(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t child = child_create();

    (void)data;
    child_share(child);
    child_start(child, SCENARIO_SPIN, 3, CPU_OWN);
    wait_for_word(&shared->counter[3], 1000);
    child_kill(child);
}

static void run_kill_twice(const void *data)
{
    uint64_t child = child_run(SCENARIO_EXIT, 1);

    (void)data;
    CHECK_EQUAL(sys_kill_process(child, 5), MN_OK);
    CHECK_EQUAL(sys_kill_process(child, 6), MN_ERROR_GONE);
    CHECK_EQUAL(child_wait(child), 5);
    CHECK_EQUAL(sys_kill_process(child, 7), MN_ERROR_GONE);
    CHECK_EQUAL(child_wait(child), 5);
}

static void run_kill_self(const void *data)
{
    uint64_t child = child_create();

    (void)data;
    child_give(child, child, CHILD_SLOT_SELF, MN_RIGHT_REVOKE);
    child_start(child, SCENARIO_KILL_SELF, 99, CPU_OWN);
    CHECK_EQUAL(child_wait(child), 99);
}

static void run_wait_for_self(const void *data)
{
    uint64_t code = 0;

    (void)data;
    CHECK_EQUAL(sys_wait_process(MN_INIT_SLOT_SELF, &code), MN_ERROR_INVALID_ARGUMENT);
}

/** Starts processes that wait for @p victim. */
static void start_waiters(uint64_t victim, uint64_t waiters[WAITERS])
{
    for (unsigned i = 0; i < WAITERS; i++) {
        waiters[i] = child_create();
        child_give(waiters[i], victim, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
        child_start(waiters[i], SCENARIO_WAIT_PROCESS, 0, CPU_OWN);
    }
    sys_yield();
    sys_yield();
}

static void run_waiters(const void *data)
{
    uint64_t waiters[WAITERS];
    uint64_t victim = child_create();

    (void)data;
    start_waiters(victim, waiters);
    child_kill(waiters[1]); /* while it waits */
    CHECK_EQUAL(sys_kill_process(victim, 55), MN_OK);
    CHECK_EQUAL(child_wait(waiters[0]), 55);
    CHECK_EQUAL(child_wait(waiters[2]), 55);
    CHECK_EQUAL(child_wait(waiters[3]), 55);
    CHECK_EQUAL(child_wait(victim), 55);
}

/** Two processes wait for each other: a deadlock, but both can be killed. */
static void run_wait_cycle(const void *data)
{
    uint64_t first = child_create();
    uint64_t second = child_create();

    (void)data;
    child_give(first, second, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_give(second, first, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(first, SCENARIO_WAIT_PROCESS, 0, CPU_OWN);
    child_start(second, SCENARIO_WAIT_PROCESS, 0, CPU_OWN);
    sys_yield();
    sys_yield();
    CHECK_EQUAL(state_of(first), MN_PROCESS_RUNNING);
    CHECK_EQUAL(state_of(second), MN_PROCESS_RUNNING);
    CHECK_EQUAL(sys_kill_process(first, 3), MN_OK);
    CHECK_EQUAL(child_wait(second), 3);
    CHECK_EQUAL(child_wait(first), 3);
}

/** Each process holds a capability to the other; both come back whole. */
static void run_capability_cycle(const void *data)
{
    uint64_t before = frames_used();
    uint64_t first = child_create();
    uint64_t second = child_create();

    (void)data;
    child_give(first, second, CHILD_SLOT_EXTRA, 0);
    child_give(second, first, CHILD_SLOT_EXTRA, 0);
    child_give(first, first, CHILD_SLOT_SELF, 0);
    child_kill(first);
    CHECK_EQUAL(state_of(second), MN_PROCESS_RUNNING);
    child_kill(second);
    CHECK_EQUAL(frames_used(), before);
}

/** Threads in all states, on all CPUs; somebody kills the process. */
static void run_kill_all_states(const void *data)
{
    const bool *by_fault = data;
    struct shared_page *shared = shared_create();
    uint64_t child = child_create();
    uint64_t other = child_create();
    uint64_t cpus = boot_info->cpu_count;

    child_share(child);
    endpoint_create(EXTRA);
    endpoint_create(EXTRA_2);
    child_give(child, EXTRA, CHILD_SLOT_ENDPOINT, 0);
    child_give(child, EXTRA_2, CHILD_SLOT_EXTRA, 0);
    CHECK_EQUAL(sys_delegate(child, other, CHILD_SLOT_EXTRA + 1, MN_RIGHT_READ), MN_OK);
    child_give(child, child, CHILD_SLOT_SELF, MN_RIGHT_EXEC);
    child_start(child, SCENARIO_ALL_STATES, cpus, CPU_OWN);
    wait_for_word(&shared->go, 1);
    wait_for_word(&shared->counter[0], shared->words[1]);
    if (*by_fault) {
        CHECK_EQUAL(sys_unmap_memory(child, SHARED_CHILD_VADDR, 1), MN_OK);
        CHECK_EQUAL(child_wait(child), FAULT_CODE(14));
    } else {
        child_kill(child);
    }
    CHECK_EQUAL(shared->words[0], 0); /* no blocked thread was woken */
}

static void run_thread_exits(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t child = child_create();
    uint64_t before = 0;

    (void)data;
    child_share(child);
    child_give(child, child, CHILD_SLOT_SELF, MN_RIGHT_EXEC);
    before = frames_used();
    child_start(child, SCENARIO_THREAD_EXITS, 100, CPU_OWN);
    wait_for_word(&shared->counter[0], 50);
    CHECK(frames_used() <= before + 4); /* each thread's page comes back at its end */
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    CHECK_EQUAL(shared->counter[0], 100);
}

static void run_pids(const void *data)
{
    uint64_t first = child_create();
    uint64_t pid = child_pid(first);

    (void)data;
    CHECK(pid > 1);
    child_kill(first);
    CHECK(child_pid(child_create()) > pid); /* never used again */
}

/** The kernel takes the lowest Empty slot. */
static void run_slot_choice(const void *data)
{
    uint64_t lowest = mnos_cap_find_empty(1);
    uint64_t first = sys_spawn_process(MN_INIT_SLOT_MEMORY);
    uint64_t second = sys_spawn_process(MN_INIT_SLOT_MEMORY);

    (void)data;
    CHECK_EQUAL(first, lowest);
    CHECK(second > first);
    child_kill(first);
    CHECK_EQUAL(sys_spawn_process(MN_INIT_SLOT_MEMORY), first);
}

/** Processes that were never started, and that only each other could start, end with the
 *  one that made them. */
static void run_orphans(const void *data)
{
    const uint64_t *count = data;
    uint64_t child = child_create();

    child_start(child, SCENARIO_ORPHANS, *count, CPU_OWN);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

void topic_process(void)
{
    static const uint64_t codes[] = {0, 1, 255, 1ul << 31, 1ul << 32, (1ul << 55) - 1};
    static const uint64_t orphans[] = {1, 10};
    static const bool by_kill = false;
    static const bool by_fault = true;

    for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        test_run(run_exit_code, &codes[i], "process: EXIT with 0x%llx",
                 (unsigned long long)codes[i]);
    }
    test_run(run_gone_is_empty, NULL, "process: gone, everything is given back");
    test_run(run_dropped, NULL, "process: its last capability is dropped");
    test_run(run_never_started, NULL, "process: killed before it started");
    test_run(run_kill_spinner, NULL, "process: killed while it spins");
    test_run(run_kill_twice, NULL, "process: killed twice");
    test_run(run_kill_self, NULL, "process: kills itself");
    test_run(run_wait_for_self, NULL, "process: does not wait for itself");
    test_run(run_waiters, NULL, "process: four wait, one is killed meanwhile");
    test_run(run_wait_cycle, NULL, "process: two wait for each other");
    test_run(run_capability_cycle, NULL, "process: two hold each other");
    for (unsigned i = 0; i < sizeof(orphans) / sizeof(orphans[0]); i++) {
        test_run(run_orphans, &orphans[i], "process: %llu times three orphans",
                 (unsigned long long)orphans[i]);
    }
    test_run(run_kill_all_states, &by_kill, "process: killed, threads in all states");
    test_run(run_kill_all_states, &by_fault, "process: faults, threads in all states");
    test_run(run_thread_exits, NULL, "process: a hundred threads end");
    test_run(run_pids, NULL, "process: pids are never used again");
    test_run(run_slot_choice, NULL, "process: the lowest Empty slot is taken");
}
