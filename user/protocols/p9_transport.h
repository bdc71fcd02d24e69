/**
 * p9_transport.h - 9P messages to the host, through virtio_9p.
 *
 * The driver carries requests and responses and looks into none. One client at a time: it
 * opens the channel and gets a block of memory that it maps, with room for one request and
 * one response. It writes a request there, CALLs P9_TRANSACT, and finds the response there
 * when the call returns. The memory is the bus's and is lent: when the driver ends it
 * vanishes from the client too, so the client touches it by mnos_shared_copy_*.
 *
 * A request's label: the opcode. A reply's label: enum p9_transport_status.
 */
#ifndef PROTOCOLS_P9_TRANSPORT_H
#define PROTOCOLS_P9_TRANSPORT_H

#include "protocols/pci_bus.h"

enum p9_transport_opcode {
    /** Reply: word 0 = bytes of the block, a power of two of pages; word 1 = where in it
     *  requests stand; word 2 = their most bytes; word 3 = where responses stand; word 4 =
     *  their most bytes; words 5 to 7 = the mount tag's first 24 bytes, padded by zeros. The
     *  capability is a MemoryFrame, READ and WRITE. */
    P9_OPEN = 1,
    /** Word 0: bytes of the request, 7 to its most; word 1: the most bytes of response
     *  that are wanted, 7 to its most. Waits for the host. Reply: word 0 = bytes of the
     *  response as the host says, never more than was asked for. */
    P9_TRANSACT = 2,
    /** The client is done; another may open. */
    P9_CLOSE = 3
};

enum p9_transport_status {
    P9_OK = 0,
    P9_BUSY = 1, /**< P9_OPEN: another client has it (it has as long as its badge is) */
    P9_CLOSED = 2,  /**< P9_OPEN comes first */
    P9_INVALID = 3, /**< opcode or size out of range */
    P9_BROKEN = 4   /**< the device misbehaved: the driver ends and is started again */
};

/** Each half of the block: 64 KiB. */
#define P9_TRANSPORT_MESSAGE_MAX 65536u

#endif
