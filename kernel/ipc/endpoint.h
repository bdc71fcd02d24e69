/**
 * endpoint.h - where messages pass from a sender to a receiver.
 *
 * Whoever comes first waits; a message is never stored. At any time at most one of the two
 * queues is not empty. An endpoint that nobody can receive from any more (no capability
 * with READ is left) is closed: senders get MN_ERROR_NO_ENDPOINT. With the last
 * capability the endpoint goes. Lock: the kernel's.
 */
#ifndef IPC_ENDPOINT_H
#define IPC_ENDPOINT_H

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/thread_offsets.h"
#include "core/capability.h"
#include "core/list.h"

struct badge_watch;

struct endpoint {
    struct list_node receivers; /**< threads that wait for a message */
    struct list_node senders;   /**< threads with one in their registers */
    uint32_t references;        /**< capabilities */
    uint32_t readers;           /**< those of them with READ */
    uint32_t badged;            /**< those of them with a badge */
    struct badge_watch *watch;  /**< counts the badges; NULL: nobody asked for that */
    /** The fast key of its home, the one CPU whose fast path may use it; 0: none may. None may
     *  while there are senders. */
    uint64_t fast_key;
};
_Static_assert(sizeof(struct endpoint) <= 64, "SLAB_64");

_Static_assert(offsetof(struct endpoint, receivers) == ENDPOINT_RECEIVERS,
               "fast_path.S");
_Static_assert(offsetof(struct endpoint, fast_key) == ENDPOINT_FAST_KEY, "fast_path.S");
/* Of an empty queue fast_path.S takes the head for a receiver: its fast key is a pointer then. */
_Static_assert(ENDPOINT_RECEIVERS + THREAD_FAST_KEY - THREAD_QUEUE ==
                   offsetof(struct endpoint, senders.previous),
               "fast_path.S");

extern const struct object_ops endpoint_ops;

/** Makes an endpoint without capabilities. NULL: the account can't pay. */
MN_MUST_CHECK struct endpoint *endpoint_create(struct account *account);

/** Gives back an endpoint that never had a capability. */
void endpoint_destroy(struct endpoint *endpoint);

/** Part of endpoint_hold(): its home is not this CPU. */
void endpoint_hold_far(const struct endpoint *endpoint);

/** Makes the home of an endpoint quiescent (kernel_lock.h). */
static inline void endpoint_hold(const struct endpoint *endpoint)
{
    if (endpoint->fast_key != cpu_this()->fast_key) {
        endpoint_hold_far(endpoint);
    }
}

/** SEND by the current thread, whose registers have the message; blocks it until somebody
 *  has it. MN_ERROR_NO_ENDPOINT: closed. */
mn_status endpoint_send(struct slot *slot);

/** CALL by the current thread: sends, and blocks until the receiver has replied.
 *  MN_ERROR_NO_ENDPOINT; MN_ERROR_WOULD_BLOCK; MN_ERROR_CANCELLED: the one who had the
 *  message is gone, or took another call before it replied; MN_ERROR_TIMED_OUT. */
mn_status endpoint_call(struct slot *slot);

/** The same by a capability that may be one-shot. */
mn_status endpoint_call_any(struct slot *slot);

/** The fault of the current thread, which is held as THREAD_FAULTED, as a call to whoever
 *  receives. False: the endpoint is closed; else it does not return: who ends the wait
 *  otherwise than by a reply leaves the hold. */
bool endpoint_fault(struct slot *slot);

/** REPLY_RECV by the current thread: replies to the call that it owes one, if any, then
 *  blocks until a message comes. */
mn_status endpoint_reply_receive(struct slot *slot);

/** RECV by the current thread, whose registers get the message; blocks until one comes. */
mn_status endpoint_receive(struct slot *slot);

#endif
