/**
 * fault.h - a thread's exception: its own handler's, a message to a fault handler, or the
 * end of its process with a report in the kernel's log.
 *
 * In this order: the thread's trap handler (trap_handler.h); the endpoint of the thread; that
 * of its process. A message is a CALL on the thread's behalf (core/fault_message.h): whoever
 * ends the wait otherwise than by a reply that lets it go on ends its process. Lock: the
 * kernel's.
 */
#ifndef PROCESS_FAULT_H
#define PROCESS_FAULT_H

#include <stdint.h>

#include "sched/thread.h"

/** Does with the exception of the current thread what is to be done; @p address: what CR2
 *  held, for a page fault, else 0. Returns only if the thread goes on in its trap handler. */
void fault_raise(struct trap_frame *frame, uint64_t address);

/** The turn of a thread with THREAD_FAULTED: nobody has answered, so its process ends. */
void fault_give_up(struct thread *thread);

/** Tells the fault of @p thread, whose address space is loaded (fault_report.c). */
void fault_report(const struct thread *thread);

#endif
