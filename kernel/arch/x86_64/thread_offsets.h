/**
 * thread_offsets.h - what fast_path.S knows of the structures above arch/: offsets and
 * values. Their headers assert that they are so.
 */
#ifndef ARCH_X86_64_THREAD_OFFSETS_H
#define ARCH_X86_64_THREAD_OFFSETS_H

#define THREAD_CR3        176
#define THREAD_SLOTS      184
#define THREAD_REPLIES_TO 192
#define THREAD_CALLED_BY  200
#define THREAD_QUEUE      208
#define THREAD_STATE      224
#define THREAD_PRIORITY   228
#define THREAD_FAST_KEY   232
#define THREAD_IPC        264
#define THREAD_BOUND      272
#define THREAD_VIA        280
#define THREAD_FPU        384

#define THREAD_STATE_RUNNING 2
#define THREAD_STATE_BLOCKED 3
#define THREAD_STATE_CALLED  4

#define THREAD_IPC_REPLY_RECEIVES 3

/** Numbers of the system calls that have a fast path. */
#define FAST_CALL       22
#define FAST_REPLY_RECV 23

/** In a slot's word: its type and whether it is one-shot, which the plain path finds; an
 *  Endpoint with WRITE, and with READ. */
#define CAP_WORD_COMPARED         0x100ff
#define CAP_WORD_ENDPOINT_SEND    0x205
#define CAP_WORD_ENDPOINT_RECEIVE 0x105

/** In the FXSAVE and XSAVE area (SDM vol. 1, 10.5.1, 13.4.2). */
#define FPU_CONTROL_WORD 0
#define FPU_MXCSR        24
#define FPU_XSTATE_BV    512

#define SLOT_SHIFT  6
#define SLOT_OBJECT 40
#define SLOT_VALUE  48
#define FAST_SLOTS  64 /* slots that the fast path can look up */

#define ENDPOINT_RECEIVERS 0
#define ENDPOINT_FAST_KEY  56

#define RUN_QUEUE_OCCUPIED 0

/** Bits of a message info that the fast path leaves to the plain one. */
#define MESSAGE_INFO_PLAIN 0xffff

#endif
