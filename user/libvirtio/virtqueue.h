/**
 * virtqueue.h - the driver's side of a split virtqueue.
 *
 * Source: virtio 1.2, section 2.7. Without indirect descriptors and event indexes, which
 * are not negotiated.
 *
 * The device is hostile: it can write anywhere in the queue's memory at any time. So the
 * driver writes there and never reads back what it wrote; what it believes is in struct
 * virtqueue, which the device cannot reach. Of the used ring it takes nothing but an id
 * that is in flight and a length that the buffers' bytes bound, each read once. Anything
 * else makes the queue broken, for good.
 *
 * Pure, no lock: one thread, or its owner's lock.
 */
#ifndef LIBVIRTIO_VIRTQUEUE_H
#define LIBVIRTIO_VIRTQUEUE_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    VIRTQUEUE_SIZE_MAX = 64, /**< descriptors that a queue of ours has at most */
    VIRTQUEUE_BYTES_MAX =
        2048 /**< virtqueue_bytes(VIRTQUEUE_SIZE_MAX) is at most this */
};

enum virtqueue_status {
    VIRTQUEUE_OK,
    VIRTQUEUE_FULL,  /**< virtqueue_add(): too few free descriptors now */
    VIRTQUEUE_EMPTY, /**< virtqueue_take(): nothing was completed */
    VIRTQUEUE_BROKEN /**< the device broke a rule: reset it */
};

/** Memory that the device reads or writes: physical, contiguous. */
struct virtqueue_buffer {
    uint64_t physical;
    uint32_t bytes; /**< at least 1 */
};

/** A chain of buffers: first those that the device reads, then those that it writes. */
struct virtqueue_chain {
    const struct virtqueue_buffer *buffers;
    uint16_t readable; /**< how many of them */
    uint16_t writable;
};

/** What the device is done with. */
struct virtqueue_completion {
    uint16_t id; /**< as virtqueue_add() gave it; free again */
    uint32_t
        written; /**< bytes that it says it wrote, at most what there was room for */
};

/** Where the three parts of the queue lie, physical: what the device is told. */
struct virtqueue_addresses {
    uint64_t descriptors;
    uint64_t available;
    uint64_t used;
};

/** Of one descriptor, out of the device's reach. */
struct virtqueue_entry {
    uint16_t next;     /**< in the chain, or in the list of free ones */
    uint16_t length;   /**< descriptors of the chain that begins here; 0: none does */
    uint32_t writable; /**< bytes that the device may write into that chain */
};

/** A queue. Private but for virtqueue.c. */
struct virtqueue {
    uint8_t *memory; /**< lent; shared with the device */
    uint64_t physical;
    uint16_t size; /**< descriptors, a power of two */
    uint16_t free_first;
    uint16_t free_count;
    uint16_t in_flight; /**< chains */
    uint16_t available; /**< chains ever made available, modulo 2^16 */
    uint16_t used;      /**< chains ever taken back, modulo 2^16 */
    bool broken;
    struct virtqueue_entry entries[VIRTQUEUE_SIZE_MAX];
};

/** Bytes of a queue of @p size descriptors, a power of two to VIRTQUEUE_SIZE_MAX. */
size_t virtqueue_bytes(uint16_t size);

/** Makes a queue in the zeroed memory at @p memory, aligned to 16, virtqueue_bytes() large,
 *  whose physical address is @p physical. */
void virtqueue_init(struct virtqueue *queue, void *memory, uint64_t physical,
                    uint16_t size);

/** What the device is told of the queue. */
struct virtqueue_addresses virtqueue_addresses(const struct virtqueue *queue);

/** Gives a chain of at least one buffer to the device. VIRTQUEUE_OK: @p out_id names it
 *  until it comes back. Then virtqueue_must_notify() says whether to tell the device. */
MN_MUST_CHECK enum virtqueue_status virtqueue_add(struct virtqueue *queue,
                                                  const struct virtqueue_chain *chain,
                                                  uint16_t *out_id);

/** Does the device want to be told of what was added? Only its wish: to tell it for nothing
 *  does no harm. */
bool virtqueue_must_notify(const struct virtqueue *queue);

/** Takes one chain back that the device is done with. */
MN_MUST_CHECK enum virtqueue_status
virtqueue_take(struct virtqueue *queue, struct virtqueue_completion *out_completion);

#endif
