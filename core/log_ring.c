/**
 * log_ring.c - see log_ring.h.
 */
#include "core/log_ring.h"

void log_ring_append(struct log_ring *ring, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        ring->bytes[ring->end++ % LOG_RING_SIZE] = bytes[i];
    }
}

size_t log_ring_read(const struct log_ring *ring, uint64_t offset, char *buffer,
                     size_t size, uint64_t *out_first)
{
    uint64_t first = ring->end > LOG_RING_SIZE ? ring->end - LOG_RING_SIZE : 0;
    size_t count = 0;

    if (offset > first) {
        first = offset < ring->end ? offset : ring->end;
    }
    while (count < size && first + count < ring->end) {
        buffer[count] = ring->bytes[(first + count) % LOG_RING_SIZE];
        count++;
    }
    *out_first = first;
    return count;
}
