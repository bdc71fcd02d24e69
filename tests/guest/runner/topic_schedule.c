/**
 * topic_schedule.c - turns on one CPU, preemption, and that a thread's registers are its own.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/machine.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { SPINNERS = 3, KEEPERS = 3, YIELDERS = 4, TRIES = 5 };

/** Lets the children take turns once; did they go round? */
static bool turns_go_round(void)
{
    struct shared_page *shared = shared_create();
    uint64_t children[YIELDERS];
    bool round = true;

    for (uint64_t i = 0; i < YIELDERS; i++) {
        children[i] = child_create();
        child_share(children[i]);
        child_start(children[i], SCENARIO_YIELD_ORDER, i + 1, CPU_OWN);
    }
    sys_yield(); /* all wait for `go` */
    shared->go = 1;
    for (uint64_t i = 0; i < YIELDERS; i++) {
        CHECK_EQUAL(child_wait(children[i]), SCENARIO_GOOD);
        CHECK_EQUAL(sys_drop_cap(children[i]), MN_OK);
    }
    CHECK_EQUAL(shared->log_used, YIELDERS * 8);
    for (unsigned i = YIELDERS; i < YIELDERS * 8; i++) {
        round = round && shared->log[i] == shared->log[i - YIELDERS];
    }
    CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, (uint64_t)shared, 1), MN_OK);
    CHECK_EQUAL(sys_drop_cap(TEST_SLOTS_END - 2), MN_OK);
    return round;
}

/** All turns go round: a, b, c, d, a, b, c, d, ... A slice that ends in the middle, which on
 *  a busy host it may, changes the order once. */
static void run_yield_order(const void *data)
{
    bool round = false;

    (void)data;
    for (unsigned i = 0; i < TRIES && !round; i++) {
        round = turns_go_round();
    }
    CHECK(round);
}

/** Spinners don't keep each other, or the runner, from running. */
static void run_preemption(const void *data)
{
    struct shared_page *shared = shared_create();

    (void)data;
    for (uint64_t i = 0; i < SPINNERS; i++) {
        uint64_t child = child_create();

        child_share(child);
        child_start(child, SCENARIO_SPIN, i, CPU_OWN);
    }
    for (unsigned round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < SPINNERS; i++) {
            wait_for_word(&shared->counter[i], shared->counter[i] + 1);
        }
    }
}

/** Children with different patterns in the same registers, which preempt each other. */
struct keep_row {
    enum scenario scenario;
    bool all_cpus;
};

static void run_keepers(const void *data)
{
    const struct keep_row *row = data;
    uint64_t cpus = row->all_cpus ? boot_info->cpu_count : 1;
    uint64_t children[KEEPERS * 4];
    uint64_t count = 0;

    for (uint64_t cpu = 0; cpu < cpus && cpu < 4; cpu++) {
        for (uint64_t i = 0; i < KEEPERS; i++) {
            children[count] = child_create();
            child_start(children[count], row->scenario, count * 5 + 1, CPU_NUMBER(cpu));
            count++;
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        CHECK_EQUAL(child_wait(children[i]), SCENARIO_GOOD);
    }
}

/** READ_LOG that waits goes on when somebody faults. */
static void run_log_waiter(const void *data)
{
    struct mnos_log_piece piece = {0};
    char text[8];
    uint64_t reader = child_create();
    uint64_t offset = 0;

    (void)data;
    do {
        CHECK_EQUAL(
            sys_read_log(MN_INIT_SLOT_MACHINE, text, sizeof(text), offset, 0, &piece),
            MN_OK);
        offset = piece.offset + piece.size;
    } while (piece.size > 0);
    child_give(reader, MN_INIT_SLOT_MACHINE, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(reader, SCENARIO_READ_LOG, offset, CPU_OWN);
    for (unsigned i = 0; i < 100; i++) {
        sys_yield();
    }
    CHECK_EQUAL(child_wait(child_run(SCENARIO_ATTACK, 0)), FAULT_CODE(13));
    CHECK_EQUAL(child_wait(reader), 64);
}

static void run_kill_log_waiter(const void *data)
{
    uint64_t reader = child_create();

    (void)data;
    child_give(reader, MN_INIT_SLOT_MACHINE, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(reader, SCENARIO_READ_LOG, ~0ul >> 10, CPU_OWN);
    for (unsigned i = 0; i < 100; i++) {
        sys_yield();
    }
    child_kill(reader);
    CHECK_EQUAL(child_wait(child_run(SCENARIO_ATTACK, 0)), FAULT_CODE(13));
}

static void run_thread_ids(const void *data)
{
    uint64_t self = sys_thread_id();
    uint64_t child = child_create();
    mn_status first = sys_spawn_thread(child, 0, 0, 0, 0);
    mn_status second = sys_spawn_thread(child, 0, 0, 0, 0);

    (void)data;
    CHECK_EQUAL(self, sys_thread_id());
    CHECK(!mn_is_error(first) && !mn_is_error(second));
    CHECK(first != second && first != self && second != self);
}

void topic_schedule(void)
{
    static const struct keep_row rows[] = {{SCENARIO_KEEP_VECTORS, false},
                                           {SCENARIO_KEEP_VECTORS, true},
                                           {SCENARIO_KEEP_REGISTERS, false},
                                           {SCENARIO_KEEP_REGISTERS, true}};

    test_run(run_yield_order, NULL, "schedule: YIELD goes round");
    test_run(run_preemption, NULL, "schedule: spinners are preempted");
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_keepers, &rows[i], "schedule: %s are kept, %s",
                 rows[i].scenario == SCENARIO_KEEP_VECTORS ? "vector registers"
                                                           : "general registers",
                 rows[i].all_cpus ? "all CPUs" : "one CPU");
    }
    test_run(run_log_waiter, NULL, "schedule: a fault wakes who waits for the log");
    test_run(run_kill_log_waiter, NULL, "schedule: who waits for the log is killed");
    test_run(run_thread_ids, NULL, "schedule: thread ids differ");
}
