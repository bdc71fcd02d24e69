/**
 * message.h - CALL and REPLY_RECV with all that they carry: 64 words and four capabilities.
 *
 * Each thread that sends or receives more than eight words or any capability has a buffer
 * of its own: struct mn_ipc_buffer (abi/ipc_message.h), 1024-aligned memory that stays
 * mapped, named once by sys_set_buffer() on that thread. Both sides need one.
 *
 * To take capabilities, name Empty slots first: buffer->receive[n] = slot. What arrived is
 * told in `received`; name other slots before the next message, or move what came away.
 * mnos/call.h has the stubs for short messages without capabilities, which are faster.
 */
#ifndef MNOS_MESSAGE_H
#define MNOS_MESSAGE_H

#include "abi/ipc_message.h"
#include "abi/rights.h"
#include "abi/status.h"
#include "core/attributes.h"
#include <stdbool.h>
#include <stdint.h>

/** A message, as it goes out and as it comes in. What a received one holds may be sent as it
 *  stands: it carries no capabilities then. */
struct mnos_message {
    uint64_t label; /**< 48 bits */
    uint64_t badge; /**< in: of the capability that it came by; of a signal: the bits */
    uint64_t words[MN_MESSAGE_WORDS_MAX];
    uint32_t length; /**< words that count; in: 8, or more if they came by buffer */
    uint32_t flags;  /**< out: MN_MESSAGE_NO_WAIT, MN_MESSAGE_DEADLINE; stays */
    uint64_t deadline_ns; /**< out, if flagged: a time of mnos_clock_ns(); stays */
    uint32_t cap_count;   /**< out: how many of `caps` go with it; in: 0 */
    bool signalled;       /**< in: no message but signals of the bound notification */
    bool shortened;       /**< in: not everything that was sent arrived */
    struct mn_ipc_cap caps[MN_MESSAGE_CAPS_MAX];
    /** In: the slot that capability n lies in now; 0: it did not come. */
    uint64_t received[MN_MESSAGE_CAPS_MAX];
};

/** Names the buffer of the calling thread; NULL: it has none any more.
 *  MN_ERROR_INVALID_ARGUMENT: not aligned to 1024; MN_ERROR_BAD_ADDRESS: not writable. */
MN_MUST_CHECK mn_status sys_set_buffer(struct mn_ipc_buffer *buffer);

/** Adds to @p message a copy, with at most @p rights (0: all), of what is in @p slot [GRANT];
 *  there is room for four. */
void mnos_message_add_cap(struct mnos_message *message, uint64_t slot, uint32_t rights);

/** Adds to @p message what is in @p slot [GRANT] itself. */
void mnos_message_move_cap(struct mnos_message *message, uint64_t slot);

/** Sends @p message to the endpoint in @p slot [WRITE] and waits for the reply, which replaces
 *  it. @p buffer is the calling thread's; NULL if it has none: then up to 8 words and no
 *  capability. After an error @p message is as it was. Errors: docs/syscalls/call.md. */
MN_MUST_CHECK mn_status mnos_message_call(struct mn_ipc_buffer *buffer, uint64_t slot,
                                          struct mnos_message *message);

/** Replies with @p message to the call that this thread owes a reply, if any, and waits at the
 *  endpoint in @p slot [READ] for the next message, which replaces it. */
MN_MUST_CHECK mn_status mnos_message_reply_recv(struct mn_ipc_buffer *buffer,
                                                uint64_t slot,
                                                struct mnos_message *message);

#endif
