/**
 * thread_control.h - what others do to a thread: suspend, resume and end it, where it runs,
 * how it is preferred, its FS and GS base, its registers.
 *
 * A thread that runs on another CPU does it to itself: it is asked, its CPU is interrupted,
 * and the caller's system call is made anew until it is done. Lock: the kernel's.
 */
#ifndef PROCESS_THREAD_CONTROL_H
#define PROCESS_THREAD_CONTROL_H

#include "abi/trap_frame.h"
#include "process/process.h"

/**
 * CONTROL_THREAD by the current thread, on one whose process is RUNNING, perhaps itself: then
 * it may not return. @p operation: MN_THREAD_*.
 *
 * MN_ERROR_INVALID_ARGUMENT: no such operation, or @p value is out of its range;
 * MN_ERROR_RIGHTS: a priority above the thread's ceiling, or a ceiling above the caller's.
 */
mn_status thread_control(struct thread *thread, uint64_t operation, uint64_t value);

/** On an interrupt: does what others have asked of the current thread meanwhile. */
void thread_control_serve(void);

/** The continuation of a thread with a hold other than THREAD_REAPS. */
bool thread_control_continue(struct thread *thread);

/** The registers of a thread that stands still: suspended or faulted, and not running.
 *  MN_ERROR_WOULD_BLOCK: it does not. */
MN_MUST_CHECK mn_status thread_control_read(const struct thread *thread,
                                            struct mn_trap_frame *out_frame);

/** Sets them to what is admitted of @p frame. MN_ERROR_WOULD_BLOCK: likewise;
 *  MN_ERROR_INVALID_ARGUMENT: RIP is not in the lower half. */
MN_MUST_CHECK mn_status thread_control_write(struct thread *thread,
                                             struct mn_trap_frame *frame);

#endif
