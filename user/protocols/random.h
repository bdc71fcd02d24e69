/**
 * random.h - random bytes, by CALL.
 *
 * A request's label: RANDOM_FILL in bits 0 to 7, the number of bytes wanted in bits 8 to
 * 23, 1 to RANDOM_MESSAGE_BYTES. A reply's label: enum random_status in bits 0 to 7, the
 * number of bytes in bits 8 to 23, which may be fewer; they lie in the words from word 0 on
 * (those from word 8 on in the buffer page).
 */
#ifndef PROTOCOLS_RANDOM_H
#define PROTOCOLS_RANDOM_H

#include "protocols/service.h"

enum random_opcode { RANDOM_FILL = 1 };

enum random_status {
    RANDOM_OK = 0,
    RANDOM_UNSEEDED = 1, /**< no source has given enough yet: the machine has none */
    RANDOM_INVALID = 2   /**< opcode or size */
};

#define RANDOM_MESSAGE_BYTES 512u

#define RANDOM_LABEL(code, bytes) ((uint64_t)(code) | (uint64_t)(bytes) << 8)
#define RANDOM_LABEL_CODE(label)  ((uint32_t)((label)&0xff))
#define RANDOM_LABEL_BYTES(label) ((uint32_t)((label) >> 8 & 0xffff))

/** The service's own slots, and what virtio_rng serves: the same protocol, straight from
 *  the device, for the service alone. */
enum random_slot {
    RANDOM_SLOT_SOURCE =
        SERVICE_SLOT_OWN /**< Endpoint, WRITE: virtio_rng; may be Empty */
};

#endif
