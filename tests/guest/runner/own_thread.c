/**
 * own_thread.c - see own_thread.h.
 */
#include "guest/runner/own_thread.h"

#include "guest/runner/child.h"
#include "mnos/process.h"

enum { STACK_SIZE = 8192, OTHERS_YIELDS = 200 };

struct own_thread {
    uint8_t stack[STACK_SIZE] __attribute__((aligned(16)));
    own_thread_function *function;
    void *argument;
    volatile uint64_t ended;
};

static struct own_thread threads[OWN_THREADS];

static void begin(struct own_thread *thread)
{
    thread->function(thread->argument);
    thread->ended = 1;
    sys_exit(0);
}

uint64_t own_thread_start(unsigned number, own_thread_function *function,
                          void *argument, uint64_t cpu)
{
    struct own_thread *thread = &threads[number];
    /* As behind a CALL: RSP + 8 is a multiple of 16. */
    uint64_t stack = (uint64_t)(thread->stack + STACK_SIZE) - 8;
    mn_status status;

    thread->function = function;
    thread->argument = argument;
    thread->ended = 0;
    status = sys_spawn_thread(MN_INIT_SLOT_SELF, (uint64_t)begin, stack,
                              (uint64_t)thread, cpu);
    if (mn_is_error(status)) {
        CHECK_EQUAL(status, MN_OK);
    }
    return status;
}

void own_thread_wait(unsigned number)
{
    wait_for_word(&threads[number].ended, 1);
}

uint64_t own_thread_has_ended(unsigned number)
{
    return threads[number].ended;
}

void let_others_run(void)
{
    for (unsigned i = 0; i < OTHERS_YIELDS; i++) {
        sys_yield();
    }
}
