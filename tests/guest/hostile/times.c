/**
 * times.c - scenarios that use time, by calls that somebody else works for; and hogs that take
 * what they can get over and over.
 */
#include "abi/cap.h"
#include "abi/user_memory_map.h"
#include "guest/hostile/hostile.h"
#include "mnos/call.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { SLOT_BUDGET = 10, SLOT_OTHER, FIRST_FREE = 12, FLOODERS = 8 };

/** CALLs by slot 1 for ever; the round trips are counter p. */
uint64_t scenario_count_calls(uint64_t parameter)
{
    for (;;) {
        struct mnos_call message = {0};
        mn_status status = sys_call(CHILD_SLOT_ENDPOINT, &message);

        if (status != MN_OK) {
            return status;
        }
        shared()->counter[parameter]++;
    }
}

/** By RDTSC alone, for a deterministic machine: as many rounds as there are nanoseconds. */
static void work(uint64_t ns)
{
    uint64_t end = mnos_clock_ns() + ns;

    while (mnos_clock_ns() < end) {
    }
}

/** Serves slot 1; each request takes p ns. The requests begun are counter 8, those done 9. */
uint64_t scenario_work(uint64_t parameter)
{
    struct mnos_call message = {0};

    for (;;) {
        mn_status status = sys_reply_recv(CHILD_SLOT_ENDPOINT, &message);

        if (status != MN_OK) {
            return status;
        }
        __atomic_fetch_add(&shared()->counter[8], 1, __ATOMIC_SEQ_CST);
        work(parameter);
        __atomic_fetch_add(&shared()->counter[9], 1, __ATOMIC_SEQ_CST);
    }
}

/** Serves slot 1 by calling slot 4. */
uint64_t scenario_pass_on(uint64_t parameter)
{
    struct mnos_call message = {0};

    (void)parameter;
    for (;;) {
        mn_status status = sys_reply_recv(CHILD_SLOT_ENDPOINT, &message);

        if (status == MN_OK) {
            status = sys_call(CHILD_SLOT_EXTRA, &message);
        }
        if (status != MN_OK) {
            return status;
        }
    }
}

/** Lives on p ns in 10 ms: takes budgets out of that, and finds no way to more. */
uint64_t scenario_subdivide(uint64_t parameter)
{
    uint64_t period = 10000000;

    if (sys_create_budget(CHILD_SLOT_ACCOUNT, SLOT_BUDGET, parameter / 2, period) !=
            MN_OK ||
        sys_create_budget(CHILD_SLOT_ACCOUNT, SLOT_OTHER, parameter / 2 + 1, period) !=
            MN_ERROR_INVALID_ARGUMENT ||
        sys_create_budget(CHILD_SLOT_ACCOUNT, SLOT_OTHER, period, period) !=
            MN_ERROR_INVALID_ARGUMENT) {
        return SCENARIO_BAD;
    }
    /* What is given back can be taken again; then it moves to its own half. */
    if (sys_drop_cap(SLOT_BUDGET) != MN_OK ||
        sys_create_budget(CHILD_SLOT_ACCOUNT, SLOT_BUDGET, parameter / 2, period) !=
            MN_OK ||
        sys_set_budget(CHILD_SLOT_SELF, SLOT_BUDGET) != MN_OK ||
        sys_create_budget(CHILD_SLOT_ACCOUNT, SLOT_OTHER, parameter / 2 + 1, period) !=
            MN_ERROR_INVALID_ARGUMENT) {
        return SCENARIO_BAD;
    }
    /* "The caller's own" is no way out. */
    return sys_set_budget(CHILD_SLOT_SELF, 0) == MN_OK ? scenario_spin(0)
                                                       : (uint64_t)SCENARIO_BAD;
}

/** Makes processes until refused, lets each count in counter p, ends them, and again. */
uint64_t scenario_fork_bomb(uint64_t parameter)
{
    for (;;) {
        uint64_t children[MN_CNODE_INITIAL_SLOTS];
        uint64_t count = 0;

        while (count < MN_CNODE_INITIAL_SLOTS) {
            uint64_t child = sys_spawn_process(CHILD_SLOT_ACCOUNT);

            if (mn_is_error(child)) {
                break;
            }
            /* It has nothing mapped: its first instruction is its end. */
            (void)sys_spawn_thread(child, MN_USER_BASE, 0, 0, 0);
            children[count++] = child;
        }
        shared()->counter[parameter] += count;
        while (count > 0) {
            (void)sys_drop_cap(children[--count]);
        }
    }
}

/** Fills its CNode with copies, and empties it, for ever. */
uint64_t scenario_hog_slots(uint64_t parameter)
{
    for (;;) {
        for (uint64_t i = FIRST_FREE; i < MN_CNODE_INITIAL_SLOTS; i++) {
            shared()->counter[parameter] +=
                sys_mint_cap(CHILD_SLOT_ENDPOINT, i, 0, 0, 0) == MN_OK;
        }
        for (uint64_t i = FIRST_FREE; i < MN_CNODE_INITIAL_SLOTS; i++) {
            (void)sys_drop_cap(i);
        }
    }
}

/** Sends and calls by slot 1 from several threads for ever. */
uint64_t scenario_flood(uint64_t parameter)
{
    (void)parameter;
    for (unsigned i = 0; i < FLOODERS; i++) {
        if (mn_is_error(start_thread(WORK_FLOOD, i, 0))) {
            return SCENARIO_BAD;
        }
    }
    return scenario_count_calls(parameter);
}
