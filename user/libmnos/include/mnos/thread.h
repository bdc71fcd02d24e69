/**
 * thread.h - further threads of one's own process, and what one may do to any thread.
 */
#ifndef MNOS_THREAD_H
#define MNOS_THREAD_H

#include "abi/status.h"
#include "abi/thread.h"
#include "abi/trap_frame.h"
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

/** Makes a capability for the thread @p thread (its id) of the process in @p process [EXEC];
 *  for the caller itself if @p process is 0 and @p thread MN_THREAD_SELF. It goes, with all
 *  rights, to the Empty slot @p target. */
MN_MUST_CHECK mn_status sys_open_thread(uint64_t process, uint64_t thread,
                                        uint64_t target);

/** Does @p operation with @p value to the Thread in @p slot [REVOKE to end it, else WRITE],
 *  and returns when it is done. */
MN_MUST_CHECK mn_status sys_control_thread(uint64_t slot,
                                           enum mn_thread_operation operation,
                                           uint64_t value);

/** What sys_read_registers() answers beside the frame. */
struct mnos_thread_bases {
    uint64_t fs_base;
    uint64_t gs_base;
};

/** The registers of the Thread in @p slot [READ], which is suspended or faulted. Both are
 *  written on MN_OK only. */
MN_MUST_CHECK mn_status sys_read_registers(uint64_t slot,
                                           struct mn_trap_frame *out_frame,
                                           struct mnos_thread_bases *out_bases);

/** Sets the registers of the Thread in @p slot [WRITE], which is suspended or faulted, to
 *  those of @p frame, as TRAP_RETURN does. */
MN_MUST_CHECK mn_status sys_write_registers(uint64_t slot,
                                            const struct mn_trap_frame *frame);

#endif
