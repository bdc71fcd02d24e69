/**
 * transfer.h - what the two topics of long messages and capabilities in messages share.
 */
#ifndef GUEST_RUNNER_TRANSFER_H
#define GUEST_RUNNER_TRANSFER_H

#include "guest/runner/child.h"
#include "mnos/message.h"

enum {
    ENDPOINT = TEST_SLOT,
    BADGED, /**< the same with badge 7 */
    THING,  /**< what is sent: four frames, in four slots */
    TAKEN = THING + MN_MESSAGE_CAPS_MAX,
    OTHER = TAKEN + MN_MESSAGE_CAPS_MAX,
    SPARE,
    SERVER_THREAD = 0,
    CLIENT_THREAD
};

/** The buffer of the runner's main thread. */
extern struct mn_ipc_buffer transfer_buffer;

/** An endpoint, @p things frames, and a buffer that takes capabilities from TAKEN on. */
void transfer_prepare(unsigned things);

/** A child that relays @p requests requests. */
uint64_t transfer_start_relay(uint64_t requests, uint64_t cpu);

/** Fails the test unless what is in @p slot is of this type. */
void transfer_check_type(uint64_t slot, uint32_t type);

/** A message of @p length words that depend on @p seed, for a relay that echoes. */
void transfer_fill(struct mnos_message *message, uint64_t seed, uint32_t length);

/** What moves or copies @p count capabilities from THING on. */
void transfer_add_things(struct mnos_message *message, unsigned count, bool move);

#endif
