/**
 * ring.h - a byte ring between one writer and one reader that don't trust each other.
 *
 * The indexes and the bytes lie in memory that both can write at any time; each side
 * has a struct ring of its own, in memory that the other can't touch. A side keeps its
 * own position there, only ever publishes it, and believes nothing of what it reads of
 * the other's beyond its distance, which must be at most the capacity: so a hostile
 * peer can spoil the data, and nothing else.
 *
 * Positions count bytes and run free modulo 2^32. Needs no lock between the two sides;
 * two threads on one side need one of their own.
 */
#ifndef CORE_RING_H
#define CORE_RING_H

#include "core/attributes.h"
#include <stddef.h>
#include <stdint.h>

enum ring_status {
    RING_OK,
    RING_BROKEN /**< the other side published a position that can't be: give it up */
};

/** The published positions; each on a cache line of its own. Starts as zeros. */
struct ring_positions {
    uint32_t written; /**< bytes ever written, modulo 2^32 */
    uint32_t written_pad[15];
    uint32_t read; /**< bytes ever read, modulo 2^32 */
    uint32_t read_pad[15];
};

_Static_assert(sizeof(struct ring_positions) == 128, "two cache lines, shared");
_Static_assert(offsetof(struct ring_positions, read) == 64, "one cache line a side");

/** One side of a ring. All memory is borrowed. */
struct ring {
    struct ring_positions *shared;
    uint8_t *bytes;
    uint32_t capacity; /**< of bytes; a power of two, at most 2^31 */
    uint32_t position; /**< this side's own, which is the truth */
};

/** Makes one side of a ring that is empty: @p shared is zero, nobody has used it yet.
 *  @p capacity is a power of two from 1 to 2^31, the size of @p bytes. */
void ring_init(struct ring *ring, struct ring_positions *shared, uint8_t *bytes,
               uint32_t capacity);

/** The writer's side: copies as many of @p size bytes at @p source as there is room
 *  for, and publishes them. On RING_OK @p out_written says how many, maybe 0. */
MN_MUST_CHECK enum ring_status ring_write(struct ring *ring, const void *source,
                                          size_t size, size_t *out_written);

/** The reader's side: copies at most @p size bytes to @p destination and gives their
 *  room back. On RING_OK @p out_read says how many, maybe 0. */
MN_MUST_CHECK enum ring_status ring_read(struct ring *ring, void *destination,
                                         size_t size, size_t *out_read);

#endif
