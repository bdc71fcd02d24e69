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
 * the low 16 bits what it does with the message. Bits that are not named are 0.
 *
 * Going out:   MN_MESSAGE_INFO(label) | MN_MESSAGE_MORE(n) | MN_MESSAGE_CAPS(n) | flags
 * Coming in:   MN_MESSAGE_INFO(label) | MN_MESSAGE_MORE(n) | what of it arrived
 *
 * Eight words travel in registers, always. What is more, words and capabilities, travels
 * through the buffers of the two threads (struct mn_ipc_buffer), which each has named by
 * SET_BUFFER. An info word whose low 16 bits are 0 touches no buffer and is the fastest.
 */
#define MN_MESSAGE_LABEL(info) ((info) >> 16)
#define MN_MESSAGE_INFO(label) ((uint64_t)(label) << 16)
/** Out: MN_ERROR_WOULD_BLOCK instead of waiting for the other side to come (CALL: for a
 *  receiver, but not for its reply; REPLY_RECV: for a message; the reply is given). */
#define MN_MESSAGE_NO_WAIT 0x1u
/** Out: R15 is a time of the kernel's clock in ns (mnos_clock_ns()); from then on nothing is
 *  waited for any more, a CALL's reply included: MN_ERROR_TIMED_OUT. */
#define MN_MESSAGE_DEADLINE 0x2u
/** Out: @p count capabilities, 0 to 4, are in the buffer's `send`. */
#define MN_MESSAGE_CAPS(count)     ((uint64_t)(count) << 4)
#define MN_MESSAGE_CAP_COUNT(info) ((unsigned)((info) >> 4 & 7))
#define MN_MESSAGE_CAP_COUNT_MASK  0x70u
/** In: did capability @p n arrive, in the slot that `receive[n]` names? */
#define MN_MESSAGE_ARRIVED(info, n) (((info) >> (4 + (n)) & 1) != 0)
/** Out and in: @p count further words, 0 to 56, are in the buffer's `words`. */
#define MN_MESSAGE_MORE(count)      ((uint64_t)(count) << 8)
#define MN_MESSAGE_MORE_COUNT(info) ((unsigned)((info) >> 8 & 63))
#define MN_MESSAGE_MORE_MASK        0x3f00u
/** In: something of the message did not arrive: a capability (see MN_MESSAGE_ARRIVED), or,
 *  where one of the two has no buffer any more, all but the eight words. */
#define MN_MESSAGE_SHORTENED 0x4000u
/** In: no message, but signals of the bound notification; the badge has the bits. */
#define MN_MESSAGE_SIGNAL 0x8000u
#define MN_MESSAGE_FLAGS  0xffffu

#define MN_MESSAGE_WORDS      8u  /**< in registers */
#define MN_MESSAGE_MORE_WORDS 56u /**< in the buffer at most */
#define MN_MESSAGE_WORDS_MAX  64u
#define MN_MESSAGE_CAPS_MAX   4u

/** One capability on its way out. */
struct mn_ipc_cap {
    uint64_t slot;   /**< the sender's; it needs GRANT */
    uint32_t rights; /**< MN_RIGHTS_SAME, or the rights that the copy keeps */
    uint32_t flags;  /**< 0: a copy, the source's child; or MN_IPC_CAP_MOVE */
};
_Static_assert(sizeof(struct mn_ipc_cap) == 16, "no holes");

/** The capability itself goes, with its place in the derivation tree; the sender's slot is
 *  Empty then. `rights` has to be MN_RIGHTS_SAME. Where it does not arrive it stays. */
#define MN_IPC_CAP_MOVE 1u

/**
 * The buffer of a thread, named by SET_BUFFER; mapped writable, at a multiple of its size.
 *
 * Sending n capabilities: fill in send[0] to send[n - 1], then CALL or REPLY_RECV with
 * MN_MESSAGE_CAPS(n). Who receives (a server in REPLY_RECV, a client in CALL) has named
 * before, in receive[0] to receive[3], the Empty slots of its own that it takes them in:
 * capability n of a message goes to the slot receive[n]. Where that is 0, outside of the
 * CNode or not Empty, the capability stays with its sender; so do all when the receiver has
 * no buffer, or waits in RECV. The kernel never writes `send` and `receive`: a server that
 * keeps what it got names another slot before it receives again.
 */
struct mn_ipc_buffer {
    uint64_t words[MN_MESSAGE_MORE_WORDS]; /**< words 8 to 63, out and in */
    struct mn_ipc_cap send[MN_MESSAGE_CAPS_MAX];
    uint64_t receive[MN_MESSAGE_CAPS_MAX]; /**< slots; 0: none */
    uint64_t reserved[60];                 /**< 0 */
};
#define MN_IPC_BUFFER_SIZE 1024u
_Static_assert(sizeof(struct mn_ipc_buffer) == MN_IPC_BUFFER_SIZE, "a power of two");

#endif
