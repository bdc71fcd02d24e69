/**
 * ring.c - see ring.h.
 *
 * The release store of a position stands behind the copy of the bytes that it gives
 * away; the acquire load of the other's position stands before the copy.
 */
#include "core/ring.h"
#include "core/bytes.h"
#include <stdbool.h>

void ring_init(struct ring *ring, struct ring_positions *shared, uint8_t *bytes,
               uint32_t capacity)
{
    ring->shared = shared;
    ring->bytes = bytes;
    ring->capacity = capacity;
    ring->position = 0;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/** The bytes from the ring's position to the end of its memory, at most @p size. */
static size_t until_wrap(const struct ring *ring, size_t size)
{
    uint32_t index = ring->position & (ring->capacity - 1);

    return smaller(size, ring->capacity - index);
}

static uint8_t *at_position(const struct ring *ring)
{
    return ring->bytes + (ring->position & (ring->capacity - 1));
}

enum ring_status ring_write(struct ring *ring, const void *source, size_t size,
                            size_t *out_written)
{
    const uint8_t *from = source;
    uint32_t read = __atomic_load_n(&ring->shared->read, __ATOMIC_ACQUIRE);
    uint32_t used = ring->position - read;
    size_t total;
    size_t first;

    if (used > ring->capacity) {
        return RING_BROKEN;
    }
    total = smaller(size, ring->capacity - used);
    first = until_wrap(ring, total);
    if (total > 0) {
        memcpy(at_position(ring), from, first);
        memcpy(ring->bytes, from + first, total - first);
        ring->position += (uint32_t)total;
        __atomic_store_n(&ring->shared->written, ring->position, __ATOMIC_RELEASE);
    }
    *out_written = total;
    return RING_OK;
}

enum ring_status ring_read(struct ring *ring, void *destination, size_t size,
                           size_t *out_read)
{
    uint8_t *to = destination;
    uint32_t written = __atomic_load_n(&ring->shared->written, __ATOMIC_ACQUIRE);
    uint32_t used = written - ring->position;
    size_t total;
    size_t first;

    if (used > ring->capacity) {
        return RING_BROKEN;
    }
    total = smaller(size, used);
    first = until_wrap(ring, total);
    if (total > 0) {
        memcpy(to, at_position(ring), first);
        memcpy(to + first, ring->bytes, total - first);
        ring->position += (uint32_t)total;
        __atomic_store_n(&ring->shared->read, ring->position, __ATOMIC_RELEASE);
    }
    *out_read = total;
    return RING_OK;
}
