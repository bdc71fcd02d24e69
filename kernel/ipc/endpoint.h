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

#include "cap/capability.h"
#include "core/list.h"

struct endpoint {
    struct list_node senders;   /**< threads with a message in RSI, RDX, R10 */
    struct list_node receivers; /**< threads that wait for one */
    uint32_t references;        /**< capabilities */
    uint32_t readers;           /**< those of them with READ */
};

extern const struct object_ops endpoint_ops;

/** Makes an endpoint without capabilities. NULL: the account can't pay. */
MN_MUST_CHECK struct endpoint *endpoint_create(struct account *account);

/** Gives back an endpoint that never had a capability. */
void endpoint_destroy(struct endpoint *endpoint);

/** SEND by the current thread, whose registers have the message; blocks it until somebody
 *  has it. MN_ERROR_NO_ENDPOINT: closed. */
mn_status endpoint_send(const struct slot *slot);

/** RECV by the current thread, whose registers get the message; blocks until one comes. */
mn_status endpoint_receive(const struct slot *slot);

#endif
