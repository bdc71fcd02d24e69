/**
 * ipc_message.h - what SEND carries and RECV hands out.
 */
#ifndef ABI_IPC_MESSAGE_H
#define ABI_IPC_MESSAGE_H

#include <stdint.h>

/**
 * A message. The sender chooses the first three words; the badge is that of the
 * capability that it sent by, which only the capability's maker could choose.
 */
struct mn_message {
    uint64_t label; /**< SEND RSI, RECV RDI */
    uint64_t data0; /**< SEND RDX, RECV RSI */
    uint64_t data1; /**< SEND R10, RECV RDX */
    uint64_t badge; /**< RECV R10; 0 for a capability that was never badged */
};
_Static_assert(sizeof(struct mn_message) == 32, "no holes");

/**
 * The info word of CALL and REPLY_RECV: a label of 48 bits that the kernel carries, and in
 * the low 16 bits what it does with the message; those that are not named are 0.
 */
#define MN_MESSAGE_LABEL(info) ((info) >> 16)
#define MN_MESSAGE_INFO(label) ((uint64_t)(label) << 16)
#define MN_MESSAGE_NO_WAIT     1u /**< CALL: MN_ERROR_WOULD_BLOCK if nobody receives yet */
/** REPLY_RECV's result: no message, but signals of the bound notification; the badge has
 *  the bits. */
#define MN_MESSAGE_SIGNAL 0x8000u
#define MN_MESSAGE_FLAGS  0xffffu
#define MN_MESSAGE_WORDS  8

#endif
