/**
 * topic_fuzz.c - children that make random system calls (hostile/fuzz.c), one a CPU.
 *
 * Each has a capability of every type that there is: those of the fixture, so that a new
 * type is there by itself, as the numbers of new calls are; and its own Thread. A child that blocks, ends or
 * faults is replaced by one with the next seed. An account of the round pays for all of
 * them, and for what they make; with it everything goes, to the frame, in each round.
 * `fuzz_calls=N` on the kernel's command line: how many calls each test makes.
 */
#include "abi/rights.h"
#include "guest/runner/child.h"
#include "guest/runner/fixture.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/process.h"

enum {
    ACCOUNT = FIXTURE_SPARE,
    PORT,
    ACCOUNT_FRAMES = 8192,
    MAX_CHILDREN = 4,
    PATIENCE_YIELDS = 40,
    END_YIELDS = 100000,
    HARMLESS_PORT = 0x3ff, /* COM1's scratch register */
    ROUNDS_MAX = 1000000
};

uint64_t fuzz_calls = 20000;

/** May the children of a round close the account that pays for them? */
static bool may_close(uint64_t round)
{
    return round % 4 == 0;
}

/** What a child may do with the fixture's capability: all but end the machine, and the test
 *  by way of the console. */
static void give(uint64_t child, uint32_t type)
{
    uint64_t rights =
        type == MN_CAP_MACHINE ? MN_RIGHTS_ALL & ~MN_RIGHT_EXEC : MN_RIGHTS_ALL;
    uint64_t slot = type == MN_CAP_IO_PORT ? PORT : FIXTURE_SLOT + type;

    if (type != MN_CAP_EMPTY && type != MN_CAP_THREAD && type_exists(type)) {
        CHECK_EQUAL(sys_delegate(child, slot, CHILD_SLOT_EXTRA + type, rights), MN_OK);
    }
}

static uint64_t make_fuzzer(uint64_t round)
{
    uint64_t child = child_create_from(ACCOUNT);

    child_share(child);
    child_give(child, FIXTURE_SLOT + MN_CAP_ENDPOINT, CHILD_SLOT_ENDPOINT, 0);
    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_give(child, ACCOUNT, CHILD_SLOT_ACCOUNT,
               may_close(round) ? MN_RIGHTS_ALL : MN_RIGHTS_ALL & ~MN_RIGHT_REVOKE);
    for (uint32_t type = 0; type < MN_CAP_TYPES; type++) {
        give(child, type);
    }
    return child;
}

/** Lets it run until it makes no more calls. */
static void watch(struct shared_page *shared, uint64_t wanted)
{
    unsigned silent = 0;
    uint64_t made = shared->counter[0];

    while (silent < PATIENCE_YIELDS && made < wanted) {
        sys_yield();
        silent = shared->counter[0] == made ? silent + 1 : 0;
        made = shared->counter[0];
    }
}

/** Takes back all that a round made; the children may have closed the account already. */
static void end_round(uint64_t round, uint64_t before, uint64_t seed)
{
    mn_status status = sys_close_account(ACCOUNT);

    CHECK(status == MN_OK || (may_close(round) && status == MN_ERROR_INVALID_SLOT));
    for (uint64_t slot = TEST_SLOT; slot <= PORT; slot++) {
        (void)sys_drop_cap(slot);
    }
    for (unsigned i = 0; i < END_YIELDS && frames_used() != before; i++) {
        sys_yield();
    }
    if (frames_used() != before) {
        test_fail(__FILE__, __LINE__, "%lld frames too many after seed %llu",
                  (long long)(frames_used() - before), (unsigned long long)seed);
    }
}

static void run_round(struct shared_page *shared, uint64_t round, uint64_t seed)
{
    uint64_t children[MAX_CHILDREN];
    uint64_t before = frames_used();
    uint64_t cpus =
        boot_info->cpu_count < MAX_CHILDREN ? boot_info->cpu_count : MAX_CHILDREN;

    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, ACCOUNT_FRAMES),
                MN_OK);
    fixture_create_from(ACCOUNT);
    mint(MN_INIT_SLOT_COM1, PORT, 0, HARMLESS_PORT, 1);
    for (uint64_t cpu = 0; cpu < cpus; cpu++) {
        children[cpu] = make_fuzzer(round);
    }
    for (uint64_t cpu = 0; cpu < cpus; cpu++) {
        child_start(children[cpu], SCENARIO_FUZZ, seed + cpu, CPU_NUMBER(cpu));
    }
    watch(shared, fuzz_calls);
    end_round(round, before, seed);
    for (uint64_t cpu = 0; cpu < cpus; cpu++) {
        (void)sys_drop_cap(children[cpu]);
    }
}

static void run_fuzz(const void *data)
{
    const uint64_t *seed = data;
    struct shared_page *shared = shared_create();

    for (uint64_t round = 0;
         round < ROUNDS_MAX && shared->counter[0] < fuzz_calls && !test_has_failed();
         round++) {
        run_round(shared, round, *seed + round * MAX_CHILDREN);
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
