/**
 * own_thread.h - further threads of the runner: the other side of a test, in plain C.
 *
 * A thread that is still blocked when its test ends is woken when the harness drops the
 * capability that it waits by; it must end then.
 */
#ifndef GUEST_RUNNER_OWN_THREAD_H
#define GUEST_RUNNER_OWN_THREAD_H

#include <stdint.h>

/** How many there can be at a time. */
enum { OWN_THREADS = 6 };

typedef void own_thread_function(void *argument);

/** Starts @p function as thread @p number of the test, on CPU_OWN or CPU_NUMBER(); its id. */
uint64_t own_thread_start(unsigned number, own_thread_function *function,
                          void *argument, uint64_t cpu);

/** Waits until that thread's function has returned. */
void own_thread_wait(unsigned number);

/** Has it returned? */
uint64_t own_thread_has_ended(unsigned number);

/** Lets the others run until they block; on several CPUs: for a while. */
void let_others_run(void);

#endif
