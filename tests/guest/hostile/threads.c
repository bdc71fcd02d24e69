/**
 * threads.c - scenarios with several threads in one process.
 */
#include "guest/hostile/hostile.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

enum { STACKS = 12, STACK_SIZE = 4096 };

static uint8_t stacks[STACKS][STACK_SIZE] __attribute__((aligned(16)));

/** In start.S. */
extern char thread_entry[];

uint64_t start_thread(uint64_t what, unsigned stack, uint64_t cpu)
{
    return sys_spawn_thread(CHILD_SLOT_SELF, (uint64_t)thread_entry,
                            (uint64_t)(stacks[stack] + STACK_SIZE), what, cpu);
}

void main_thread(uint64_t what)
{
    uint64_t code;

    __atomic_fetch_add(&shared()->counter[0], 1, __ATOMIC_SEQ_CST);
    switch ((enum thread_work)what) {
    case WORK_END:
        return;
    case WORK_SPIN:
        for (;;) {
            shared()->counter[1]++;
        }
    case WORK_SEND:
        (void)!sys_send(CHILD_SLOT_ENDPOINT, 1, 2, 3);
        break;
    case WORK_RECEIVE: {
        struct mn_message message;

        (void)!sys_recv(CHILD_SLOT_EXTRA, &message);
        break;
    }
    case WORK_WAIT:
        (void)!sys_wait_process(CHILD_SLOT_EXTRA + 1, &code);
        break;
    case WORK_YIELD:
        for (;;) {
            sys_yield();
        }
    case WORK_FLOOD:
        while (sys_send(CHILD_SLOT_ENDPOINT, 1, 2, 3) == MN_OK) {
            shared()->counter[2]++;
        }
        break;
    case WORK_CLOSE_ACCOUNT:
        donor_close();
        break;
    }
    shared()->words[0]++; /* nobody should have woken it */
}

/** On each CPU a spinner and a yielder; one that sends, one that receives, one that waits. */
uint64_t scenario_all_states(uint64_t parameter)
{
    unsigned stack = 0;
    uint64_t wrong = 0;

    for (uint64_t cpu = 1; cpu <= parameter && cpu <= 4; cpu++) {
        wrong |= mn_is_error(start_thread(WORK_SPIN, stack++, cpu));
        wrong |= mn_is_error(start_thread(WORK_YIELD, stack++, cpu));
    }
    wrong |= mn_is_error(start_thread(WORK_SEND, stack++, 0));
    wrong |= mn_is_error(start_thread(WORK_RECEIVE, stack++, 0));
    wrong |= mn_is_error(start_thread(WORK_WAIT, stack++, 0));
    if (wrong != 0) {
        return SCENARIO_BAD;
    }
    shared()->words[1] = stack;
    shared()->go = 1;
    for (;;) {
        sys_yield();
    }
}

uint64_t scenario_thread_exits(uint64_t parameter)
{
    for (uint64_t i = 0; i < parameter; i++) {
        if (mn_is_error(start_thread(WORK_END, i % STACKS, 0))) {
            return SCENARIO_BAD;
        }
        while (shared()->counter[0] < i + 1) {
            sys_yield();
        }
    }
    return SCENARIO_GOOD;
}
