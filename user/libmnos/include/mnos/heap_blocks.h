/**
 * heap_blocks.h - the allocator behind malloc: blocks of one contiguous range.
 *
 * Pure: no system call, no global, not even a lock, so that the host's tests run it
 * as it is. heap.h puts one of these behind malloc and free.
 *
 * The range is cut into blocks without gaps. Each begins with a header that knows its
 * own size and that of the block before it, so that a freed block joins its free
 * neighbours at once: two free blocks never stand side by side. Free blocks hang in
 * lists by size class, four classes a power of two, with a bitmap of the lists that
 * are not empty: allocating and freeing take constant time, but for the last attempt
 * of an allocation that nothing else can satisfy.
 *
 * A pointer that was not allocated, or is freed twice, is a bug of the program: where
 * the header shows it the program is stopped by an invalid instruction.
 */
#ifndef MNOS_HEAP_BLOCKS_H
#define MNOS_HEAP_BLOCKS_H

#include "core/list.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /** Every address that is handed out is a multiple of this. */
    HEAP_BLOCKS_ALIGNMENT = 16,
    /** Size classes: four a power of two from 32 bytes to below 2^48. */
    HEAP_BLOCKS_CLASSES = (48 - 5) * 4,
    HEAP_BLOCKS_CLASS_WORDS = (HEAP_BLOCKS_CLASSES + 63) / 64
};

/** A heap. All fields are private to heap_blocks.c. */
struct heap_blocks {
    uint8_t *start; /**< the first block; NULL: the heap is empty and stays so */
    uint8_t *end;   /**< the last block: a header that is never free */
    uint64_t not_empty[HEAP_BLOCKS_CLASS_WORDS];
    struct list_node free_blocks[HEAP_BLOCKS_CLASSES];
};

/** What heap_blocks_check() counted. */
struct heap_blocks_figures {
    size_t used_blocks;
    size_t free_blocks;
    size_t free_bytes;   /**< of the free blocks, headers included */
    size_t largest_free; /**< likewise */
};

/** Makes a heap of the @p size writable bytes at @p range, which it keeps. */
void heap_blocks_init(struct heap_blocks *heap, void *range, size_t size);

/** At least @p size bytes at a multiple of @p alignment, a power of two; NULL when there
 *  is no such space. A @p size of 0 gives a pointer that can be freed. */
void *heap_blocks_allocate(struct heap_blocks *heap, size_t size, size_t alignment);

/** Gives back what heap_blocks_allocate() gave. NULL does nothing. */
void heap_blocks_free(struct heap_blocks *heap, void *pointer);

/** Grows or shrinks to @p size bytes in place. false: there is no room behind it, and
 *  nothing changed. */
bool heap_blocks_resize(struct heap_blocks *heap, void *pointer, size_t size);

/** How many bytes at @p pointer, which was allocated, may be used. */
size_t heap_blocks_usable_size(const void *pointer);

/** Walks all blocks and lists. false: an invariant of the file's head is broken. */
bool heap_blocks_check(const struct heap_blocks *heap,
                       struct heap_blocks_figures *out_figures);

#endif
