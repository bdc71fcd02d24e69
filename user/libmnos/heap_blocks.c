/**
 * heap_blocks.c - the allocator behind malloc; see heap_blocks.h.
 */
#include "mnos/heap_blocks.h"
#include "core/bitmap.h"
#include "core/bits.h"
#include "core/checked_math.h"

enum { CLASS_SHIFT = 2, SMALLEST_LOG2 = 5 };

/** A block's first bytes. `size` counts the header; bit 0 of it says: in use. */
struct block {
    uint64_t previous_size; /**< of the block before; 0: this is the first */
    uint64_t size;
    struct list_node link; /**< while it is free; then it lies in what the user had */
};

enum {
    HEADER = offsetof(struct block, link),
    SMALLEST = sizeof(struct block),
    IN_USE = 1
};
_Static_assert(HEADER == HEAP_BLOCKS_ALIGNMENT, "users' bytes are aligned");
_Static_assert(SMALLEST == 1 << SMALLEST_LOG2, "the first class begins here");

static uint64_t block_size(const struct block *block)
{
    return block->size & ~(uint64_t)IN_USE;
}

static bool block_in_use(const struct block *block)
{
    return (block->size & IN_USE) != 0;
}

static struct block *block_next(const struct block *block)
{
    return (struct block *)((uintptr_t)block + block_size(block));
}

static struct block *block_previous(const struct block *block)
{
    return (struct block *)((uintptr_t)block - block->previous_size);
}

/** The block of a user's pointer, or of a link, which lies in the same place. */
static struct block *block_of(const void *pointer)
{
    return (struct block *)((uintptr_t)pointer - HEADER);
}

/** Stops a program that frees what it does not have. */
static void require(bool holds)
{
    if (!holds) {
        __builtin_trap();
    }
}

/** The class whose range holds @p size: which quarter of which power of two. */
static size_t class_of(uint64_t size)
{
    unsigned log2 = bits_highest_set(size);
    uint64_t quarter = (size >> (log2 - CLASS_SHIFT)) & ((1u << CLASS_SHIFT) - 1);

    return ((log2 - SMALLEST_LOG2) << CLASS_SHIFT) + quarter;
}

static void insert_free(struct heap_blocks *heap, struct block *block)
{
    size_t class = class_of(block->size);

    list_insert_after(&heap->free_blocks[class], &block->link);
    bitmap_set(heap->not_empty, class);
}

static void remove_free(struct heap_blocks *heap, struct block *block)
{
    size_t class = class_of(block->size);

    list_remove(&block->link);
    if (list_is_empty(&heap->free_blocks[class])) {
        bitmap_clear(heap->not_empty, class);
    }
}

void heap_blocks_init(struct heap_blocks *heap, void *range, size_t size)
{
    uintptr_t start = bits_align_up((uintptr_t)range, HEAP_BLOCKS_ALIGNMENT);
    uintptr_t end = bits_align_down((uintptr_t)range + size, HEAP_BLOCKS_ALIGNMENT);

    *heap = (struct heap_blocks){.start = NULL};
    for (size_t class = 0; class < HEAP_BLOCKS_CLASSES; class ++) {
        list_init(&heap->free_blocks[class]);
    }
    if (end < start || end - start < SMALLEST + HEADER) {
        return;
    }
    struct block *first = (struct block *)start;
    struct block *last = (struct block *)(end - HEADER);
    first->previous_size = 0;
    first->size = (uintptr_t)last - start;
    last->previous_size = first->size;
    last->size = HEADER | IN_USE;
    heap->start = (uint8_t *)first;
    heap->end = (uint8_t *)last;
    insert_free(heap, first);
}

/** Cuts what is behind the first @p size bytes of @p block, which is in no list, off as
 *  a free block, if a block fits there. */
static void split(struct heap_blocks *heap, struct block *block, uint64_t size)
{
    uint64_t rest_size = block_size(block) - size;
    struct block *after = block_next(block);

    if (rest_size < SMALLEST) {
        return;
    }
    block->size = size | (block->size & IN_USE);
    struct block *rest = block_next(block);
    rest->previous_size = size;
    rest->size = rest_size;
    if (!block_in_use(after)) {
        remove_free(heap, after);
        rest->size += after->size;
        after = block_next(rest);
    }
    after->previous_size = rest->size;
    insert_free(heap, rest);
}

/** A free block of at least @p size bytes, still in its list, or NULL. */
static struct block *find_free(struct heap_blocks *heap, uint64_t size)
{
    size_t class = class_of(size);
    size_t above = bitmap_find_set(heap->not_empty, HEAP_BLOCKS_CLASSES, class + 1);

    if (above < HEAP_BLOCKS_CLASSES) {
        return block_of(heap->free_blocks[above].next);
    }
    struct list_node *head = &heap->free_blocks[class];
    for (struct list_node *node = head->next; node != head; node = node->next) {
        struct block *block = block_of(node);
        if (block->size >= size) {
            return block;
        }
    }
    return NULL;
}

/** The size of a block for @p size user bytes; false: more than any heap has. */
static bool block_size_for(size_t size, uint64_t *out_size)
{
    uint64_t total;

    if (!checked_add(size, HEADER, &total) ||
        !checked_align_up(total, HEAP_BLOCKS_ALIGNMENT, &total) ||
        total >= (uint64_t)1 << 47) {
        return false;
    }
    *out_size = total < SMALLEST ? SMALLEST : total;
    return true;
}

/** Moves the start of @p block, which is in no list, up so that its user bytes are
 *  aligned; what is before becomes a free block. It is large enough. */
static struct block *align_block(struct heap_blocks *heap, struct block *block,
                                 size_t alignment)
{
    uintptr_t user = (uintptr_t)block + HEADER;
    uintptr_t aligned = bits_align_up(user, alignment);

    if (aligned == user) {
        return block;
    }
    if (aligned - user < SMALLEST) {
        aligned += bits_align_up(SMALLEST, alignment);
    }
    uint64_t before = aligned - user;
    struct block *moved = block_of((void *)aligned);
    moved->size = block->size - before;
    moved->previous_size = before;
    block_next(moved)->previous_size = moved->size;
    block->size = before;
    insert_free(heap, block);
    return moved;
}

void *heap_blocks_allocate(struct heap_blocks *heap, size_t size, size_t alignment)
{
    uint64_t wanted;
    uint64_t search;

    if (!bits_is_power_of_two(alignment) || !block_size_for(size, &wanted)) {
        return NULL;
    }
    search = wanted;
    if (alignment > HEAP_BLOCKS_ALIGNMENT &&
        (alignment >= (size_t)1 << 46 ||
         !block_size_for(size + 2ul * SMALLEST + alignment, &search))) {
        return NULL;
    }
    struct block *block = find_free(heap, search);
    if (block == NULL) {
        return NULL;
    }
    remove_free(heap, block);
    if (alignment > HEAP_BLOCKS_ALIGNMENT) {
        block = align_block(heap, block, alignment);
    }
    block->size |= IN_USE;
    split(heap, block, wanted);
    return (uint8_t *)block + HEADER;
}

void heap_blocks_free(struct heap_blocks *heap, void *pointer)
{
    if (pointer == NULL) {
        return;
    }
    struct block *block = block_of(pointer);
    require((uint8_t *)block >= heap->start && (uint8_t *)block < heap->end &&
            bits_is_aligned((uintptr_t)pointer, HEAP_BLOCKS_ALIGNMENT));
    require(block_in_use(block) && block_size(block) >= SMALLEST &&
            block_next(block)->previous_size == block_size(block));
    block->size = block_size(block);
    struct block *next = block_next(block);
    if (!block_in_use(next)) {
        remove_free(heap, next);
        block->size += next->size;
    }
    if (block->previous_size != 0 && !block_in_use(block_previous(block))) {
        struct block *previous = block_previous(block);
        remove_free(heap, previous);
        previous->size += block->size;
        block = previous;
    }
    block_next(block)->previous_size = block->size;
    insert_free(heap, block);
}

bool heap_blocks_resize(struct heap_blocks *heap, void *pointer, size_t size)
{
    struct block *block = block_of(pointer);
    struct block *next = block_next(block);
    uint64_t wanted;

    require(block_in_use(block));
    if (!block_size_for(size, &wanted)) {
        return false;
    }
    if (wanted > block_size(block)) {
        if (block_in_use(next) || block_size(block) + next->size < wanted) {
            return false;
        }
        remove_free(heap, next);
        block->size += next->size;
        block_next(block)->previous_size = block_size(block);
    }
    split(heap, block, wanted);
    return true;
}

size_t heap_blocks_usable_size(const void *pointer)
{
    return block_size(block_of(pointer)) - HEADER;
}

/** Does every list hold free blocks of its class only, as its bit says? Counts them. */
static bool check_lists(const struct heap_blocks *heap, size_t *out_count)
{
    size_t count = 0;

    for (size_t class = 0; class < HEAP_BLOCKS_CLASSES; class ++) {
        const struct list_node *head = &heap->free_blocks[class];

        if (list_is_empty(head) == bitmap_test(heap->not_empty, class)) {
            return false;
        }
        for (const struct list_node *node = head->next; node != head;
             node = node->next) {
            const struct block *block = block_of(node);
            if (block_in_use(block) || class_of(block->size) != class) {
                return false;
            }
            count++;
        }
    }
    *out_count = count;
    return true;
}

bool heap_blocks_check(const struct heap_blocks *heap,
                       struct heap_blocks_figures *out_figures)
{
    struct heap_blocks_figures figures = {0};
    uint64_t previous_size = 0;
    bool previous_free = false;
    size_t listed;

    for (const struct block *block = (const struct block *)heap->start;
         block != (const struct block *)heap->end; block = block_next(block)) {
        bool is_free = !block_in_use(block);

        if (block->previous_size != previous_size || block_size(block) < SMALLEST ||
            (is_free && previous_free)) {
            return false;
        }
        figures.used_blocks += !is_free;
        figures.free_blocks += is_free;
        figures.free_bytes += is_free ? block->size : 0;
        if (is_free && block->size > figures.largest_free) {
            figures.largest_free = block->size;
        }
        previous_size = block_size(block);
        previous_free = is_free;
    }
    if (!check_lists(heap, &listed) || listed != figures.free_blocks) {
        return false;
    }
    *out_figures = figures;
    return true;
}
