/**
 * fault_message.h - faults as messages (abi/fault.h): what the handler is told, and what it
 * answers. Lock: the kernel's.
 */
#ifndef IPC_FAULT_MESSAGE_H
#define IPC_FAULT_MESSAGE_H

#include "sched/thread.h"

/** Puts the fault of @p thread into the registers in which @p receiver takes it. */
void fault_message_fill(const struct thread *thread, struct thread *receiver);

/** Does with the faulted @p thread, which stands still, what the reply in @p reply says: it
 *  is held no longer if it may go on. */
void fault_message_answer(const struct trap_frame *reply, struct thread *thread);

#endif
