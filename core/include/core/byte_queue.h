/**
 * byte_queue.h - a first-in, first-out queue of bytes in a fixed array.
 *
 * No lock: its owner's lock guards it. Positions count bytes and run free.
 */
#ifndef CORE_BYTE_QUEUE_H
#define CORE_BYTE_QUEUE_H

#include "core/bytes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_queue {
    uint8_t *bytes;    /**< lent */
    uint32_t capacity; /**< of bytes; a power of two */
    uint32_t written;
    uint32_t taken;
};

/** Bytes that wait in the queue. */
static inline uint32_t byte_queue_used(const struct byte_queue *queue)
{
    return queue->written - queue->taken;
}

/** Bytes that there is room for. */
static inline uint32_t byte_queue_room(const struct byte_queue *queue)
{
    return queue->capacity - byte_queue_used(queue);
}

/** Appends one byte; there is room. */
static inline void byte_queue_put(struct byte_queue *queue, uint8_t byte)
{
    queue->bytes[queue->written++ & (queue->capacity - 1)] = byte;
}

/** Takes the oldest byte; there is one. */
static inline uint8_t byte_queue_take(struct byte_queue *queue)
{
    return queue->bytes[queue->taken++ & (queue->capacity - 1)];
}

/** Appends @p size bytes; there is room for all. */
static inline void byte_queue_put_all(struct byte_queue *queue, const void *bytes,
                                      uint32_t size)
{
    uint32_t at = queue->written & (queue->capacity - 1);
    uint32_t first = size < queue->capacity - at ? size : queue->capacity - at;

    memcpy(queue->bytes + at, bytes, first);
    memcpy(queue->bytes, (const uint8_t *)bytes + first, size - first);
    queue->written += size;
}

/** Takes the oldest bytes, @p size or as many as wait; how many. */
static inline uint32_t byte_queue_take_some(struct byte_queue *queue, void *out_bytes,
                                            size_t size)
{
    uint32_t used = byte_queue_used(queue);
    uint32_t count = size < used ? (uint32_t)size : used;
    uint32_t at = queue->taken & (queue->capacity - 1);
    uint32_t first = count < queue->capacity - at ? count : queue->capacity - at;

    memcpy(out_bytes, queue->bytes + at, first);
    memcpy((uint8_t *)out_bytes + first, queue->bytes, count - first);
    queue->taken += count;
    return count;
}

#endif
