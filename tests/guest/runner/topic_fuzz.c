/**
 * topic_fuzz.c - children that make random system calls (hostile/fuzz.c), one a CPU.
 *
 * A child that blocks, ends or faults is replaced by one with the next seed. What it made
 * goes with the account that it has a capability of. The sum of
 * calls is what counts; afterwards everything is back, and the kernel lives.
 * `fuzz_calls=N` on the kernel's command line: how many calls each test makes.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum {
    ENDPOINT = TEST_SLOT,
    IRQ,
    PORT,
    ACCOUNT,
    NOTIFICATION,
    ACCOUNT_FRAMES = 4096,
    MAX_CHILDREN = 4,
    PATIENCE_YIELDS = 40,
    ROUNDS_MAX = 100000
};

static uint64_t fuzz_calls = 20000;

void fuzz_set_calls(uint64_t calls)
{
    fuzz_calls = calls;
}

/** May the children of a round close the account that they were given? */
static bool may_close(uint64_t round)
{
    return round % 4 == 0;
}

/** A child with one capability of each harmless kind; slots as in scenario.h, then more. */
static uint64_t make_fuzzer(uint64_t round)
{
    uint64_t child = child_create();

    child_share(child);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, 0);
    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT,
               may_close(round) ? MN_RIGHTS_ALL : MN_RIGHTS_ALL & ~MN_RIGHT_REVOKE);
    child_give(child, IRQ, CHILD_SLOT_EXTRA, 0);
    CHECK_EQUAL(sys_delegate(child, PORT, CHILD_SLOT_EXTRA + 1, 0), MN_OK);
    CHECK_EQUAL(sys_delegate(child, NOTIFICATION, CHILD_SLOT_EXTRA + 2, 0), MN_OK);
    return child;
}

/** Lets it run until it makes no more calls. */
static void watch(struct shared_page *shared, uint64_t wanted)
{
    unsigned silent = 0;
    uint64_t calls = shared->counter[0];

    while (silent < PATIENCE_YIELDS && calls < wanted) {
        sys_yield();
        silent = shared->counter[0] == calls ? silent + 1 : 0;
        calls = shared->counter[0];
    }
}

static void run_fuzz(const void *data)
{
    const uint64_t *seed = data;
    struct shared_page *shared = shared_create();
    uint64_t children[MAX_CHILDREN];
    mn_status status;
    uint64_t cpus =
        boot_info->cpu_count < MAX_CHILDREN ? boot_info->cpu_count : MAX_CHILDREN;

    endpoint_create(ENDPOINT);
    mint(MN_INIT_SLOT_INTERRUPTS, IRQ, 0, 7, 1);
    mint(MN_INIT_SLOT_COM1, PORT, 0, 0x3ff, 1);
    notification_create(NOTIFICATION);
    for (uint64_t round = 0;
         round < ROUNDS_MAX && shared->counter[0] < fuzz_calls && !test_has_failed();
         round++) {
        CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, ACCOUNT_FRAMES),
                    MN_OK);
        for (uint64_t cpu = 0; cpu < cpus; cpu++) {
            children[cpu] = make_fuzzer(round);
        }
        for (uint64_t cpu = 0; cpu < cpus; cpu++) {
            child_start(children[cpu], SCENARIO_FUZZ,
                        *seed + round * MAX_CHILDREN + cpu, CPU_NUMBER(cpu));
        }
        watch(shared, fuzz_calls);
        for (uint64_t cpu = 0; cpu < cpus; cpu++) {
            (void)sys_kill_process(children[cpu], 0);
            (void)child_wait(children[cpu]);
            CHECK_EQUAL(sys_drop_cap(children[cpu]), MN_OK);
        }
        status = sys_close_account(ACCOUNT);
        CHECK(status == MN_OK || (may_close(round) && status == MN_ERROR_INVALID_SLOT));
    }
    CHECK(shared->counter[0] >= fuzz_calls);
}

void topic_fuzz(void)
{
    static const uint64_t seeds[] = {1, 1000000, 2000000, 3000000};

    for (unsigned i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        test_run(run_fuzz, &seeds[i], "fuzz: %llu calls from seed %llu",
                 (unsigned long long)fuzz_calls, (unsigned long long)seeds[i]);
    }
}
