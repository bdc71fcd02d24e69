/**
 * log_ring.h - the last bytes of an endless text.
 *
 * Every byte ever written has an absolute offset, from 0 on; the ring keeps the last
 * LOG_RING_SIZE of them. Pure; its lock is the owner's.
 *
 * Invariant: bytes[offset % LOG_RING_SIZE] is the text's byte at offset, for the last
 * min(end, LOG_RING_SIZE) offsets.
 */
#ifndef CORE_LOG_RING_H
#define CORE_LOG_RING_H

#include <stddef.h>
#include <stdint.h>

enum { LOG_RING_SIZE = 16384 };

/** Zeros: an empty one. */
struct log_ring {
    uint64_t end; /**< the offset of the next byte */
    char bytes[LOG_RING_SIZE];
};

/** Appends @p size bytes. */
void log_ring_append(struct log_ring *ring, const char *bytes, size_t size);

/**
 * Reads from the absolute @p offset on, at most @p size bytes into @p buffer.
 *
 * Returns how many bytes were read, maybe 0; @p out_first says the absolute offset of
 * the first of them, which is above @p offset where the ring has dropped bytes, and
 * below it where @p offset lies behind the end. So a reader goes on at first + returned.
 */
size_t log_ring_read(const struct log_ring *ring, uint64_t offset, char *buffer,
                     size_t size, uint64_t *out_first);

#endif
