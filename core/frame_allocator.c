/**
 * frame_allocator.c - see frame_allocator.h.
 */
#include "core/frame_allocator.h"

#include "core/assert.h"
#include "core/bits.h"

static uint64_t bitmap_words(uint64_t frame_count, unsigned order)
{
    return ((frame_count >> order) + 64) / 64;
}

uint64_t frame_allocator_bitmap_bytes(uint64_t frame_count)
{
    uint64_t words = 0;

    for (unsigned order = 0; order < FRAME_ORDERS; order++) {
        words += bitmap_words(frame_count, order);
    }
    return words * sizeof(uint64_t);
}

void frame_allocator_init(struct frame_allocator *allocator, void *direct_map,
                          uint64_t frame_count, void *bitmaps)
{
    uint64_t *next = bitmaps;

    allocator->direct_map = direct_map;
    allocator->frame_count = frame_count;
    allocator->free_frames = 0;
    allocator->orders_free = 0;
    for (unsigned order = 0; order < FRAME_ORDERS; order++) {
        list_init(&allocator->lists[order]);
        allocator->bitmaps[order] = next;
        next += bitmap_words(frame_count, order);
    }
}

static struct list_node *node_of(struct frame_allocator *allocator, uint64_t frame)
{
    return (struct list_node *)(void *)(allocator->direct_map + (frame << FRAME_SHIFT));
}

static bool is_free(const struct frame_allocator *allocator, uint64_t frame,
                    unsigned order)
{
    uint64_t block = frame >> order;

    return (allocator->bitmaps[order][block / 64] >> (block % 64) & 1) != 0;
}

static void flip(struct frame_allocator *allocator, uint64_t frame, unsigned order)
{
    uint64_t block = frame >> order;

    allocator->bitmaps[order][block / 64] ^= 1ull << (block % 64);
}

static void insert(struct frame_allocator *allocator, uint64_t frame, unsigned order)
{
    flip(allocator, frame, order);
    list_insert_after(&allocator->lists[order], node_of(allocator, frame));
    allocator->orders_free |= 1u << order;
}

static void extract(struct frame_allocator *allocator, uint64_t frame, unsigned order)
{
    flip(allocator, frame, order);
    list_remove(node_of(allocator, frame));
    if (list_is_empty(&allocator->lists[order])) {
        allocator->orders_free &= ~(1u << order);
    }
}

bool frame_allocator_take(struct frame_allocator *allocator, unsigned order,
                          uint64_t *out_address)
{
    uint32_t orders =
        order < FRAME_ORDERS ? allocator->orders_free >> order << order : 0;
    unsigned found;
    uint64_t frame;

    if (orders == 0) {
        return false;
    }
    found = bits_lowest_set(orders);
    frame =
        (uint64_t)((uint8_t *)allocator->lists[found].next - allocator->direct_map) >>
        FRAME_SHIFT;
    extract(allocator, frame, found);
    while (found > order) {
        found--;
        insert(allocator, frame + (1ull << found), found);
    }
    allocator->free_frames -= 1ull << order;
    *out_address = frame << FRAME_SHIFT;
    return true;
}

void frame_allocator_give(struct frame_allocator *allocator, uint64_t address,
                          unsigned order)
{
    uint64_t frame = address >> FRAME_SHIFT;

    ASSERT(order < FRAME_ORDERS && bits_is_aligned(frame, 1ull << order) &&
           frame + (1ull << order) <= allocator->frame_count &&
           !is_free(allocator, frame, order));
    allocator->free_frames += 1ull << order;
    while (order + 1 < FRAME_ORDERS) {
        uint64_t buddy = frame ^ 1ull << order;

        if (buddy + (1ull << order) > allocator->frame_count ||
            !is_free(allocator, buddy, order)) {
            break;
        }
        extract(allocator, buddy, order);
        frame &= ~(1ull << order);
        order++;
    }
    insert(allocator, frame, order);
}

void frame_allocator_add(struct frame_allocator *allocator, uint64_t first,
                         uint64_t end)
{
    ASSERT(first <= end && end <= allocator->frame_count);
    while (first < end) {
        unsigned order = first == 0 ? FRAME_ORDERS - 1 : bits_lowest_set(first);
        unsigned fits = bits_highest_set(end - first);

        if (order > fits) {
            order = fits;
        }
        if (order > FRAME_ORDERS - 1) {
            order = FRAME_ORDERS - 1;
        }
        frame_allocator_give(allocator, first << FRAME_SHIFT, order);
        first += 1ull << order;
    }
}
