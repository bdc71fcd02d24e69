/**
 * message.h - the message words of CALL and REPLY_RECV in a trap frame: info in RSI, words
 * 0 to 7 in RDX, R10, R8, R9, RBX, R12, R13, R14.
 */
#ifndef IPC_MESSAGE_H
#define IPC_MESSAGE_H

#include "arch/x86_64/trap_frame.h"

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

#endif
