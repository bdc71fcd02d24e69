/**
 * heap.c - a heap whose pages are mapped as it is used; see heap.h of this folder.
 *
 * One heap_blocks over a range of address space. The allocator writes at most one header behind the
 * last block in use, so it is enough that the pages up to there, and the range's last one, are mapped before it is asked.
 */
#include "wasm_host/heap.h"
#include "core/bytes.h"
#include "mnos/heap_blocks.h"
#include "wasm_host/pages.h"

#define HEAP_BASE 0x20000000ul
#define HEAP_END  PROGRAM_MAPPINGS

enum {
    STEP_BYTES = 32 << 10, /* what is mapped at once, when there is enough */
    SLACK_BYTES = 256      /* the header behind a block, and rounding */
};

static struct heap_blocks blocks;
static uint64_t used_end;   /* no block in use ends above */
static uint64_t mapped_end; /* the pages below are mapped */

bool heap_open(void)
{
    if (!pages_map(HEAP_END - MN_PAGE_SIZE, MN_PAGE_SIZE) ||
        !pages_map(HEAP_BASE, MN_PAGE_SIZE)) {
        return false;
    }
    used_end = HEAP_BASE;
    mapped_end = HEAP_BASE + MN_PAGE_SIZE;
    heap_blocks_init(&blocks, (void *)HEAP_BASE, HEAP_END - HEAP_BASE);
    return true;
}

/** Maps the pages below @p end, in steps while the account has enough for them. */
static bool map_up_to(uint64_t end)
{
    uint64_t wanted = (end + MN_PAGE_SIZE - 1) & ~(MN_PAGE_SIZE - 1);
    uint64_t step = mapped_end + STEP_BYTES;

    if (end <= mapped_end) {
        return true;
    }
    if (step > wanted && step < HEAP_END - MN_PAGE_SIZE &&
        pages_map(mapped_end, step - mapped_end)) {
        mapped_end = step;
        return true;
    }
    if (wanted > HEAP_END - MN_PAGE_SIZE ||
        !pages_map(mapped_end, wanted - mapped_end)) {
        return false;
    }
    mapped_end = wanted;
    return true;
}

/** May the allocator be asked for @p size bytes? */
static bool prepare(size_t size)
{
    return size < HEAP_END - HEAP_BASE && map_up_to(used_end + size + SLACK_BYTES);
}

static void note(const void *pointer)
{
    uint64_t end = (uintptr_t)pointer + heap_blocks_usable_size(pointer);

    if (end > used_end) {
        used_end = end;
    }
}

void *heap_allocate(size_t size)
{
    void *pointer = prepare(size)
                        ? heap_blocks_allocate(&blocks, size, HEAP_BLOCKS_ALIGNMENT)
                        : NULL;

    if (pointer != NULL) {
        note(pointer);
    }
    return pointer;
}

void heap_release(void *pointer)
{
    heap_blocks_free(&blocks, pointer);
}

void *heap_reallocate(void *pointer, size_t size)
{
    if (pointer == NULL) {
        return heap_allocate(size);
    }
    if (!prepare(size)) {
        return NULL;
    }
    if (heap_blocks_resize(&blocks, pointer, size)) {
        note(pointer);
        return pointer;
    }
    void *moved = heap_allocate(size);
    if (moved != NULL) {
        size_t old_size = heap_blocks_usable_size(pointer);
        memcpy(moved, pointer, old_size < size ? old_size : size);
        heap_release(pointer);
    }
    return moved;
}
