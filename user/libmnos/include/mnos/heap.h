/**
 * heap.h - malloc and its family, over a range of memory that init_heap() is given.
 *
 * As in C17 section 7.22.3. Before init_heap() every allocation gives NULL. Threads of
 * one process may allocate at the same time. A pointer that was not allocated, or is
 * freed twice, ends the process by an invalid instruction.
 */
#ifndef MNOS_HEAP_H
#define MNOS_HEAP_H

#include <stddef.h>

/** Makes the @p size writable bytes at @p range the heap; they stay mapped for good.
 *  Whatever was allocated before is forgotten. */
void init_heap(void *range, size_t size);

/** @p size bytes, aligned to 16, not zeroed; NULL when there is no room. */
void *malloc(size_t size);

/** Gives back what this family gave; NULL does nothing. */
void free(void *pointer);

/** @p count times @p size zeroed bytes; NULL also when the product does not fit. */
void *calloc(size_t count, size_t size);

/** Grows or shrinks, moving where it must. NULL: no room, and @p pointer stays good. */
void *realloc(void *pointer, size_t size);

/** @p size bytes at a multiple of @p alignment, a power of two. */
void *aligned_alloc(size_t alignment, size_t size);

#endif
