/**
 * thread.c - further threads of one's own process.
 */
#include "mnos/thread.h"
#include "mnos/process.h"

/** What start.S's mnos_thread_entry reads at the top of the new stack. */
struct mnos_thread_start {
    mnos_thread_function function;
    void *argument;
};
_Static_assert(sizeof(struct mnos_thread_start) == 16, "start.S reads it");

/** In start.S. Not to be called: it is where a thread begins. */
extern char mnos_thread_entry[];

mn_status mnos_thread_start(uint64_t process, const struct mnos_thread *thread)
{
    uintptr_t top = ((uintptr_t)thread->stack + thread->stack_size) & ~(uintptr_t)(15);
    struct mnos_thread_start *start = (struct mnos_thread_start *)top - 1;

    start->function = thread->function;
    start->argument = thread->argument;
    return sys_spawn_thread(process, (uintptr_t)mnos_thread_entry, (uintptr_t)start,
                            (uintptr_t)start, thread->cpu);
}
