/**
 * instance.h - a process that Init supervises, with an account of its own.
 *
 * Each holds a capability to the supervisor's endpoint with a badge of its own, which
 * nobody else has: by it Init knows who speaks, and that the last capability with that
 * badge is gone is how Init hears of an end (WATCH_BADGES). Closing the account gives
 * back all that the process had, wherever that is.
 */
#ifndef INIT_INSTANCE_H
#define INIT_INSTANCE_H

#include "abi/ipc_message.h"
#include "core/attributes.h"
#include "mnos/process_loader.h"
#include <stdbool.h>
#include <stdint.h>

enum instance_kind { INSTANCE_SERVICE, INSTANCE_PROGRAM };

enum { INSTANCES_MAX = 512 };

/** An instance. A zeroed one is free. */
struct instance {
    uint64_t badge; /**< 0: free */
    enum instance_kind kind;
    uint32_t index; /**< of the service or program that it is */
    uint64_t account_slot;
    struct mnos_process process;
};

/** What an instance is to be. */
struct instance_request {
    enum instance_kind kind;
    uint32_t index;
    uint64_t memory_bytes; /**< what its account holds */
    uint64_t life_slot;    /**< where in its CNode the badged capability goes */
};

/** The message buffer of Init's first thread, which is the supervisor's. */
extern struct mn_ipc_buffer init_buffer;

/** Makes the supervisor's endpoint and notification, bound to this thread, and names its
 *  buffer. False with
 *  @p out_error written. */
MN_MUST_CHECK bool instances_open(struct mnos_process_error *out_error);

/** Makes a process without a thread. NULL with @p out_error written. */
MN_MUST_CHECK struct instance *instance_create(const struct instance_request *request,
                                               struct mnos_process_error *out_error);

/** The loader that fills it. */
struct mnos_loader instance_loader(const struct instance *instance);

/** Puts a copy of what is in Init's @p slot into its CNode, with at most @p rights. */
MN_MUST_CHECK bool instance_give(const struct instance *instance, uint64_t slot,
                                 uint64_t target, uint64_t rights,
                                 struct mnos_process_error *out_error);

/** Puts a copy of the endpoint in Init's @p slot into it, WRITE, badged (0: not). */
MN_MUST_CHECK bool instance_give_endpoint(const struct instance *instance,
                                          uint64_t slot, uint64_t badge,
                                          uint64_t target,
                                          struct mnos_process_error *out_error);

/** Ends it, if it has not ended, and gives back all that it had; its exit code. */
uint64_t instance_end(struct instance *instance);

/** The instance with this badge; NULL: there is none any more. */
struct instance *instance_find(uint64_t badge);

/** An Empty slot of Init's own; grows the CNode where it must. 0: there is none. */
uint64_t instance_find_slot(void);

#endif
