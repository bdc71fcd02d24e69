/**
 * fuzz.c - random system calls by a process with capabilities of every type.
 *
 * The arguments are mostly near to what makes sense: slots that exist, page addresses,
 * small numbers; else extremes. The runner counts the calls in the shared page and starts
 * another child when this one has blocked, ended itself or faulted.
 */
#include "abi/cap.h"
#include "abi/syscall.h"
#include "abi/user_memory_map.h"
#include "guest/hostile/hostile.h"

#define FUZZ_AREA 0x60000000ul

static uint64_t state;

/** xorshift64*. */
static uint64_t random(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1dull;
}

static uint64_t random_below(uint64_t limit)
{
    return (random() >> 33) % limit;
}

static uint64_t random_extreme(void)
{
    static const uint64_t extremes[] = {
        0,
        1,
        MN_CNODE_INITIAL_SLOTS - 1,
        MN_CNODE_INITIAL_SLOTS,
        1ull << 32,
        1ull << 63,
        ~0ull,
        MN_USER_BASE - MN_PAGE_SIZE,
        MN_USER_LIMIT - MN_PAGE_SIZE,
        MN_USER_LIMIT,
        0x0000800000000000ull,
        0xffff800000000000ull,
        0xffffffff80200000ull,
    };

    return extremes[random_below(sizeof(extremes) / sizeof(extremes[0]))];
}

static uint64_t random_argument(void)
{
    switch (random_below(8)) {
    case 0:
        return random_extreme();
    case 1:
        return random();
    case 2:
    case 3:
        return FUZZ_AREA + random_below(64) * MN_PAGE_SIZE;
    case 4:
        return random_below(4);
    default:
        return random_below(20);
    }
}

/** EXIT ends the child at once, and YIELD and THREAD_ID have no arguments: seldom. */
static uint64_t random_number(void)
{
    uint64_t number = random_below(MN_SYSCALL_COUNT + 2);

    if ((number == MN_SYS_EXIT || number == MN_SYS_YIELD ||
         number == MN_SYS_KILL_PROCESS) &&
        random_below(64) != 0) {
        number = MN_SYS_MAP_MEMORY;
    }
    return random_below(200) == 0 ? random() : number;
}

/** Makes some arguments of a call likely to be good ones. */
static void help(uint64_t number, uint64_t arguments[6])
{
    switch (number) {
    case MN_SYS_ALLOC_MEMORY:
        arguments[2] = random_below(32) == 0 ? random_below(22) : random_below(3);
        arguments[0] = random_below(4) == 0 ? arguments[0] : CHILD_SLOT_ACCOUNT;
        break;
    case MN_SYS_MAP_MEMORY:
    case MN_SYS_UNMAP_MEMORY:
        arguments[0] = random_below(4) == 0 ? arguments[0] : CHILD_SLOT_SELF;
        break;
    default:
        break;
    }
}

static void call_at_random(void)
{
    uint64_t number = random_number();
    uint64_t arguments[6];

    for (unsigned i = 0; i < 6; i++) {
        arguments[i] = random_argument();
    }
    help(number, arguments);
    __atomic_fetch_add(&shared()->counter[0], 1, __ATOMIC_SEQ_CST);
    (void)raw_syscall(number, arguments);
}

uint64_t scenario_fuzz(uint64_t parameter)
{
    const uint64_t own_thread[6] = {CHILD_SLOT_SELF, 0,
                                    CHILD_SLOT_EXTRA + MN_CAP_THREAD};

    (void)raw_syscall(MN_SYS_OPEN_THREAD, own_thread);
    state = parameter * 0x9e3779b97f4a7c15ull + 1;
    for (;;) {
        call_at_random();
    }
}
