/**
 * thread.h - further threads of one's own process.
 */
#ifndef MNOS_THREAD_H
#define MNOS_THREAD_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stddef.h>
#include <stdint.h>

/** What a thread runs; the thread ends when it returns. */
typedef void (*mnos_thread_function)(void *argument);

/** A thread to be: all fields are the caller's choice. */
struct mnos_thread {
    mnos_thread_function function;
    void *argument;
    void *stack;       /**< lent for the thread's life; mapped and writable */
    size_t stack_size; /**< bytes, at least 4096 */
    uint64_t cpu;      /**< CPU + 1, or MN_CPU_OF_CALLER */
};

/** Starts @p thread, borrowed for the call, in the caller's own process, whose Process
 *  capability is in @p process [EXEC]. Returns the thread's id or an error. */
MN_MUST_CHECK mn_status mnos_thread_start(uint64_t process,
                                          const struct mnos_thread *thread);

#endif
