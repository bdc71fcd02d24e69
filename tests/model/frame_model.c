/**
 * frame_model.c - see frame_model.h.
 */
#include "model/frame_model.h"

#include "core/bits.h"
#include "core/frame_allocator.h"
#include <string.h>

enum { LIVE_MAX = 400 };

enum frame_state { NEVER, FREE, TAKEN };

struct block {
    uint64_t first;
    unsigned order;
    uint8_t pattern;
};

/** The allocator, its memory, and what should be true of it. */
struct world {
    struct frame_allocator allocator;
    uint8_t *memory;
    void *bitmaps;
    uint64_t frames;
    enum frame_state states[FRAME_MODEL_FRAMES_MAX];
    struct block live[LIVE_MAX];
    size_t live_count;
};

static struct world *open_world(uint64_t frames)
{
    struct world *world = calloc(1, sizeof(*world));

    require(world != NULL && frames > 0 && frames <= FRAME_MODEL_FRAMES_MAX);
    world->frames = frames;
    world->memory = aligned_alloc(FRAME_BYTES, frames << FRAME_SHIFT);
    world->bitmaps = calloc(1, frame_allocator_bitmap_bytes(frames));
    require(world->memory != NULL && world->bitmaps != NULL);
    frame_allocator_init(&world->allocator, world->memory, frames, world->bitmaps);
    return world;
}

static void close_world(struct world *world)
{
    free(world->memory);
    free(world->bitmaps);
    free(world);
}

static void add(struct world *world, uint64_t first, uint64_t end)
{
    frame_allocator_add(&world->allocator, first, end);
    for (uint64_t i = first; i < end; i++) {
        require(world->states[i] == NEVER);
        world->states[i] = FREE;
    }
}

static uint64_t count_free(const struct world *world)
{
    uint64_t count = 0;

    for (uint64_t i = 0; i < world->frames; i++) {
        count += world->states[i] == FREE;
    }
    return count;
}

static bool all_free(const struct world *world, uint64_t first, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        if (first + i >= world->frames || world->states[first + i] != FREE) {
            return false;
        }
    }
    return true;
}

/** Is there an aligned block of 2^order free frames? */
static bool block_exists(const struct world *world, unsigned order)
{
    uint64_t size = 1ull << order;

    for (uint64_t first = 0; first < world->frames; first += size) {
        if (all_free(world, first, size)) {
            return true;
        }
    }
    return false;
}

static void take(struct world *world, unsigned order, uint8_t pattern)
{
    struct block *block = &world->live[world->live_count];
    uint64_t address = 0x5A;

    if (!frame_allocator_take(&world->allocator, order, &address)) {
        require(address == 0x5A && !block_exists(world, order));
        return;
    }
    *block = (struct block){address >> FRAME_SHIFT, order, pattern};
    require(bits_is_aligned(address, FRAME_BYTES << order));
    require(all_free(world, block->first, 1ull << order));
    for (uint64_t i = 0; i < 1ull << order; i++) {
        world->states[block->first + i] = TAKEN;
    }
    memset(world->memory + address, pattern, FRAME_BYTES << order);
    world->live_count++;
}

/** Nobody wrote into a block while it was handed out. */
static void check_pattern(const struct world *world, const struct block *block)
{
    const uint8_t *bytes = world->memory + (block->first << FRAME_SHIFT);

    for (uint64_t i = 0; i < FRAME_BYTES << block->order; i += 509) {
        require(bytes[i] == block->pattern);
    }
}

static void give(struct world *world, uint64_t first, unsigned order)
{
    frame_allocator_give(&world->allocator, first << FRAME_SHIFT, order);
    for (uint64_t i = 0; i < 1ull << order; i++) {
        require(world->states[first + i] == TAKEN);
        world->states[first + i] = FREE;
    }
}

/** Gives back a live block, whole or in two parts. */
static void give_live(struct world *world, size_t index, bool in_parts)
{
    struct block block = world->live[index];

    check_pattern(world, &block);
    world->live_count--;
    world->live[index] = world->live[world->live_count];
    if (in_parts && block.order > 0) {
        uint64_t half = 1ull << (block.order - 1);

        give(world, block.first + half, block.order - 1);
        give(world, block.first, block.order - 1);
    } else {
        give(world, block.first, block.order);
    }
}

static void step(struct world *world, struct choices *choices, bool growing)
{
    unsigned what = choices_byte(choices);

    if (world->live_count < LIVE_MAX &&
        (world->live_count == 0 || what % 8 < (growing ? 6u : 2u))) {
        /* mostly small orders, now and then one that is larger than the memory */
        unsigned order = bits_lowest_set(choices_below(choices, 65536) | 1u << 12);

        take(world, order, (uint8_t)what);
    } else {
        size_t index = choices_below(choices, (unsigned)world->live_count);

        give_live(world, index, (what & 0x80) != 0);
    }
    require(world->allocator.free_frames == count_free(world));
}

/** The free blocks of each order, by its list. */
static void count_blocks(const struct frame_allocator *allocator,
                         uint64_t counts[FRAME_ORDERS])
{
    for (unsigned order = 0; order < FRAME_ORDERS; order++) {
        const struct list_node *head = &allocator->lists[order];

        counts[order] = 0;
        for (const struct list_node *at = head->next; at != head; at = at->next) {
            counts[order]++;
        }
        require((counts[order] > 0) == (allocator->orders_free >> order & 1));
    }
}

void frame_model_run(struct choices *choices, unsigned frames, unsigned steps)
{
    struct world *world = open_world(frames);
    uint64_t before[FRAME_ORDERS];
    uint64_t after[FRAME_ORDERS];

    add(world, 0, frames / 3);
    add(world, frames / 3 + frames / 10, frames);
    count_blocks(&world->allocator, before);
    for (unsigned i = 0; i < steps && choices_left(choices); i++) {
        step(world, choices, i / 300 % 2 == 0);
    }
    while (world->live_count > 0) {
        give_live(world, world->live_count / 2, world->live_count % 3 == 0);
    }
    count_blocks(&world->allocator, after);
    require(memcmp(before, after, sizeof(before)) == 0);
    close_world(world);
}
