/**
 * message.h - the messages of CALL and REPLY_RECV: in a trap frame, info in RSI and words 0
 * to 7 in RDX, R10, R8, R9, RBX, R12, R13, R14; further words and capabilities in buffers
 * (abi/ipc_message.h).
 *
 * Buffers are ring 3's memory, which other threads may write to at any time: what is checked
 * is read once. Pure but for the capabilities that it moves; lock: that of the CNodes.
 */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include "abi/ipc_message.h"
#include "abi/status.h"
#include "core/attributes.h"
#include "core/cnode.h"
#include "core/trap_frame.h"

/** What of a message, or of the room for one, is not in registers. */
struct message_side {
    const struct cnode *cnode;
    struct mn_ipc_buffer *buffer; /**< NULL: there is none */
};

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

/** Makes the registers of @p frame tell REPLY_RECV of signals in the place of a message. */
static inline void message_signals(struct trap_frame *frame, uint64_t bits)
{
    message_clear(frame);
    frame->rdi = bits;
    frame->rsi = MN_MESSAGE_SIGNAL;
}

/** Is there more than what registers carry? */
static inline bool message_needs_buffer(uint64_t info)
{
    return (info & (MN_MESSAGE_CAP_COUNT_MASK | MN_MESSAGE_MORE_MASK)) != 0;
}

/** The three words of SEND in @p from go to REPLY_RECV in @p to. */
void message_from_send(const struct trap_frame *from, uint64_t badge,
                       struct trap_frame *to);

/** The three words of SEND in @p from go to RECV in @p to. */
void message_send_to_recv(const struct trap_frame *from, uint64_t badge,
                          struct trap_frame *to);

/** The message of CALL in @p from goes to RECV in @p to, which takes no more than registers
 *  carry. */
void message_call_to_recv(const struct trap_frame *from, uint64_t badge,
                          struct trap_frame *to);

/** Is the info word of a message that is to go out one that there is? */
static inline bool message_info_is_valid(uint64_t info)
{
    const uint64_t known = MN_MESSAGE_NO_WAIT | MN_MESSAGE_DEADLINE |
                           MN_MESSAGE_CAP_COUNT_MASK | MN_MESSAGE_MORE_MASK;

    if ((info & MN_MESSAGE_FLAGS & ~known) != 0) {
        return false;
    }
    if (!message_needs_buffer(info)) {
        return true;
    }
    return MN_MESSAGE_CAP_COUNT(info) <= MN_MESSAGE_CAPS_MAX &&
           MN_MESSAGE_MORE_COUNT(info) <= MN_MESSAGE_MORE_WORDS;
}

/**
 * May the capabilities of a message go out, whose info word is valid?
 *
 * MN_ERROR_BAD_ADDRESS: there is no buffer; MN_ERROR_INVALID_ARGUMENT: bits of rights or flags;
 * MN_ERROR_INVALID_SLOT: one is Empty; MN_ERROR_RIGHTS: one lacks GRANT.
 */
MN_MUST_CHECK mn_status message_check_caps(struct message_side from, uint64_t info);

/** Hands over further words and capabilities of a message that was checked; answers the bits of
 *  the receiver's info word that tell what has arrived. */
uint64_t message_transfer_more(struct message_side from, struct message_side to,
                               uint64_t info);

#endif
