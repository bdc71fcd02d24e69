/**
 * frame_allocator.h - the binary buddy allocator of physical frames.
 *
 * Blocks of 2^order frames, aligned to their size. A free block is linked into the list
 * of its order through its own first bytes; a bitmap an order says which blocks are
 * free at that order, so that a block finds out whether its buddy is free. Together the
 * bitmaps take 2 bits a frame. Pure: it touches only what it was given, so that host
 * tests run it beside a model.
 *
 * Invariant: a frame lies in at most one free block, and no two free buddies exist.
 */
#ifndef MEM_FRAME_ALLOCATOR_H
#define MEM_FRAME_ALLOCATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/attributes.h"
#include "core/list.h"

#define FRAME_SHIFT 12
#define FRAME_BYTES (1ul << FRAME_SHIFT)
/** Orders 0 to 18: blocks of 4 KiB to 1 GiB. */
#define FRAME_ORDERS 19

struct frame_allocator {
    uint8_t *direct_map;  /**< where physical address 0 is mapped */
    uint64_t frame_count; /**< frames 0 to frame_count - 1 can be handled */
    uint64_t free_frames; /**< how many of them are free */
    uint32_t orders_free; /**< bit n: the list of order n is not empty */
    struct list_node lists[FRAME_ORDERS];
    uint64_t *bitmaps[FRAME_ORDERS]; /**< bit i: block i of the order is free */
};

/** Bytes of bitmap that an allocator of @p frame_count frames needs. */
uint64_t frame_allocator_bitmap_bytes(uint64_t frame_count);

/**
 * Makes an allocator in which no frame is free.
 *
 * @p bitmaps: frame_allocator_bitmap_bytes() zeroed bytes, 8-aligned, borrowed for good.
 */
void frame_allocator_init(struct frame_allocator *allocator, void *direct_map,
                          uint64_t frame_count, void *bitmaps);

/** Makes free the frames from @p first to @p end - 1, none of which is free. */
void frame_allocator_add(struct frame_allocator *allocator, uint64_t first,
                         uint64_t end);

/**
 * Takes a block of 2^order frames; its content is whatever it was.
 *
 * Returns false when no block is large enough. @p out_address: physical, in bytes.
 */
MN_MUST_CHECK bool frame_allocator_take(struct frame_allocator *allocator,
                                        unsigned order, uint64_t *out_address);

/** Gives back a block that frame_allocator_take() handed out, or an aligned part of one. */
void frame_allocator_give(struct frame_allocator *allocator, uint64_t address,
                          unsigned order);

#endif
