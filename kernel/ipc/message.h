/**
 * message.h - the messages of CALL and REPLY_RECV: in a trap frame, info in RSI and words 0
 * to 7 in RDX, R10, R8, R9, RBX, R12, R13, R14; further words and capabilities in the
 * threads' buffers (abi/ipc_message.h).
 *
 * A buffer is found by its thread's page tables, and again whenever anything was unmapped
 * there since: a frame is never written to that ring 3 could not write to. Lock: the kernel's.
 */
#ifndef IPC_MESSAGE_H
#define IPC_MESSAGE_H

#include "abi/status.h"
#include "arch/x86_64/trap_frame.h"
#include "core/attributes.h"

struct thread;

/** Copies info and words. */
static inline void message_copy(const struct trap_frame *from, struct trap_frame *to)
{
    to->rsi = from->rsi;
    to->rdx = from->rdx;
    to->r10 = from->r10;
    to->r8 = from->r8;
    to->r9 = from->r9;
    to->rbx = from->rbx;
    to->r12 = from->r12;
    to->r13 = from->r13;
    to->r14 = from->r14;
}

/** Zeroes info and words. */
static inline void message_clear(struct trap_frame *frame)
{
    static const struct trap_frame zero;

    message_copy(&zero, frame);
}

/** SET_BUFFER. MN_ERROR_INVALID_ARGUMENT: not aligned, or outside of the lower half;
 *  MN_ERROR_BAD_ADDRESS: nothing that ring 3 may write to. */
MN_MUST_CHECK mn_status message_set_buffer(struct thread *thread, uint64_t virtual);

/**
 * May the message in the registers of @p from go out?
 *
 * MN_ERROR_INVALID_ARGUMENT: bits of the info word, or of a capability's rights and flags;
 * MN_ERROR_BAD_ADDRESS: it needs a buffer and has none; MN_ERROR_INVALID_SLOT: a capability
 * is Empty; MN_ERROR_RIGHTS: one lacks GRANT.
 */
MN_MUST_CHECK mn_status message_check(struct thread *from);

/** Hands over a message that was checked: registers, words and capabilities. What does not
 *  arrive is told in the info word of @p to. Neither thread is on a queue: a capability that
 *  moves wakes those that wait by it. */
void message_transfer(struct thread *from, struct thread *to);

/** What RECV, which takes no more than registers carry, is told of a message of CALL. */
uint64_t message_info_for_recv(uint64_t info);

#endif
