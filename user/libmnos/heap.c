/**
 * heap.c - malloc and its family: one heap_blocks behind a lock.
 */
#include "mnos/heap.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include "mnos/heap_blocks.h"
#include "mnos/lock.h"

static struct heap_blocks heap;
static bool ready;
static struct mnos_lock heap_lock; /**< guards heap and ready */

void init_heap(void *range, size_t size)
{
    mnos_lock_take(&heap_lock);
    heap_blocks_init(&heap, range, size);
    ready = true;
    mnos_lock_give(&heap_lock);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    void *pointer = NULL;

    mnos_lock_take(&heap_lock);
    if (ready) {
        pointer = heap_blocks_allocate(&heap, size, alignment);
    }
    mnos_lock_give(&heap_lock);
    return pointer;
}

void *malloc(size_t size)
{
    return aligned_alloc(HEAP_BLOCKS_ALIGNMENT, size);
}

void free(void *pointer)
{
    mnos_lock_take(&heap_lock);
    heap_blocks_free(&heap, pointer);
    mnos_lock_give(&heap_lock);
}

void *calloc(size_t count, size_t size)
{
    uint64_t bytes;

    if (!checked_mul(count, size, &bytes)) {
        return NULL;
    }
    void *pointer = malloc(bytes);
    return pointer == NULL ? NULL : memset(pointer, 0, bytes);
}

void *realloc(void *pointer, size_t size)
{
    if (pointer == NULL) {
        return malloc(size);
    }
    mnos_lock_take(&heap_lock);
    bool resized = heap_blocks_resize(&heap, pointer, size);
    mnos_lock_give(&heap_lock);
    if (resized) {
        return pointer;
    }
    void *moved = malloc(size);
    if (moved != NULL) {
        size_t old_size = heap_blocks_usable_size(pointer);
        memcpy(moved, pointer, old_size < size ? old_size : size);
        free(pointer);
    }
    return moved;
}
