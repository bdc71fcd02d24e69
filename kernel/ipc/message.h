/**
 * message.h - the messages of threads (core/message.h).
 *
 * A buffer is found by its thread's page tables, and again whenever anything was unmapped
 * there since: a frame is never written to that ring 3 could not write to. Lock: the kernel's.
 */
#ifndef IPC_MESSAGE_H
#define IPC_MESSAGE_H

#include "core/message.h"

struct thread;

/** SET_BUFFER. MN_ERROR_INVALID_ARGUMENT: not aligned, or outside of the lower half;
 *  MN_ERROR_BAD_ADDRESS: nothing that ring 3 may write to. */
MN_MUST_CHECK mn_status message_set_buffer(struct thread *thread, uint64_t virtual);

/** May the message in the registers of @p from go out? MN_ERROR_INVALID_ARGUMENT: bits of the
 *  info word; else as message_check_caps(). */
MN_MUST_CHECK mn_status message_check(struct thread *from);

/** Hands over a message that was checked: registers, words and capabilities. What does not
 *  arrive is told in the info word of @p to. Neither thread is on a queue: a capability that
 *  moves wakes those that wait by it. */
void message_transfer(struct thread *from, struct thread *to);

#endif
