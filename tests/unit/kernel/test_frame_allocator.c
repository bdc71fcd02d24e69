/**
 * test_frame_allocator.c - the buddy allocator beside a plain array of frames.
 *
 * The array says of each frame whether it is free, handed out, or never was memory. After
 * each step the counts agree; when the allocator says that no block is large enough, the
 * array is searched for one.
 */
#include "core/bits.h"
#include "mem/frame_allocator.h"
#include "unit.h"

enum { FRAMES_MAX = 1100, LIVE_MAX = 400 };

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
    enum frame_state states[FRAMES_MAX];
    struct block live[LIVE_MAX];
    size_t live_count;
    uint64_t seed;
};

_Noreturn void assert_failed(const char *file, unsigned line);

_Noreturn void assert_failed(const char *file, unsigned line)
{
    mock_assert(0, "ASSERT of the kernel", file, (int)line);
    abort();
}

static struct world *open_world(uint64_t frames)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    assert_true(frames <= FRAMES_MAX);
    world->frames = frames;
    world->seed = 0x9E3779B97F4A7C15ull + frames;
    world->memory = aligned_alloc(FRAME_BYTES, frames << FRAME_SHIFT);
    world->bitmaps = calloc(1, frame_allocator_bitmap_bytes(frames));
    assert_non_null(world->memory);
    assert_non_null(world->bitmaps);
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
        assert_int_equal(world->states[i], NEVER);
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

static void take(struct world *world, unsigned order)
{
    struct block *block = &world->live[world->live_count];
    uint64_t address = 0x5A;

    if (!frame_allocator_take(&world->allocator, order, &address)) {
        assert_int_equal(address, 0x5A);
        assert_false(block_exists(world, order));
        return;
    }
    block->first = address >> FRAME_SHIFT;
    block->order = order;
    block->pattern = (uint8_t)unit_random(&world->seed);
    assert_int_equal(address % (FRAME_BYTES << order), 0);
    assert_true(all_free(world, block->first, 1ull << order));
    for (uint64_t i = 0; i < 1ull << order; i++) {
        world->states[block->first + i] = TAKEN;
    }
    memset(world->memory + address, block->pattern, FRAME_BYTES << order);
    world->live_count++;
}

/** Nobody wrote into a block while it was handed out. */
static void check_pattern(const struct world *world, const struct block *block)
{
    const uint8_t *bytes = world->memory + (block->first << FRAME_SHIFT);

    for (uint64_t i = 0; i < FRAME_BYTES << block->order; i += 509) {
        assert_int_equal(bytes[i], block->pattern);
    }
}

static void give(struct world *world, uint64_t first, unsigned order)
{
    frame_allocator_give(&world->allocator, first << FRAME_SHIFT, order);
    for (uint64_t i = 0; i < 1ull << order; i++) {
        assert_int_equal(world->states[first + i], TAKEN);
        world->states[first + i] = FREE;
    }
}

/** Gives back a live block, whole or in two parts. */
static void give_some(struct world *world, uint64_t random)
{
    size_t index = random % world->live_count;
    struct block block = world->live[index];

    check_pattern(world, &block);
    world->live_count--;
    world->live[index] = world->live[world->live_count];
    if ((random >> 32 & 1) != 0 && block.order > 0) {
        uint64_t half = 1ull << (block.order - 1);

        give(world, block.first + half, block.order - 1);
        give(world, block.first, block.order - 1);
    } else {
        give(world, block.first, block.order);
    }
}

/** Mostly small orders, now and then one that is larger than the memory. */
static unsigned some_order(uint64_t random)
{
    return bits_lowest_set(random | 1ull << 12);
}

static void run(struct world *world, unsigned rounds)
{
    for (unsigned round = 0; round < rounds; round++) {
        uint64_t random = unit_random(&world->seed);
        bool growing = round / 300 % 2 == 0;

        if (world->live_count < LIVE_MAX &&
            (world->live_count == 0 || random % 8 < (growing ? 6 : 2))) {
            take(world, some_order(random >> 8));
        } else {
            give_some(world, random >> 3);
        }
        assert_int_equal(world->allocator.free_frames, count_free(world));
    }
    while (world->live_count > 0) {
        give_some(world, unit_random(&world->seed));
    }
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
        assert_int_equal(counts[order] > 0, allocator->orders_free >> order & 1);
    }
}

/** Random takes and gives on memory with holes; at the end it is as it was. */
static void random_runs(void **state)
{
    static const uint64_t sizes[] = {1, 2, 3, 63, 64, 65, 127, 512, 1000, FRAMES_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct world *world = open_world(sizes[i]);
        uint64_t before[FRAME_ORDERS];
        uint64_t after[FRAME_ORDERS];

        add(world, 0, sizes[i] / 3);
        add(world, sizes[i] / 3 + sizes[i] / 10, sizes[i]);
        count_blocks(&world->allocator, before);
        run(world, 3000);
        count_blocks(&world->allocator, after);
        assert_memory_equal(before, after, sizeof(before));
        close_world(world);
    }
}

static void nothing_is_free_at_first(void **state)
{
    struct world *world = open_world(64);
    uint64_t address;

    (void)state;
    for (unsigned order = 0; order < FRAME_ORDERS + 3; order++) {
        assert_false(frame_allocator_take(&world->allocator, order, &address));
    }
    frame_allocator_add(&world->allocator, 5, 5);
    assert_int_equal(world->allocator.free_frames, 0);
    close_world(world);
}

static void frames_are_merged_again(void **state)
{
    struct world *world = open_world(256);
    uint64_t address;

    (void)state;
    add(world, 0, 256);
    for (unsigned i = 0; i < 256; i++) {
        take(world, 0);
    }
    assert_false(frame_allocator_take(&world->allocator, 0, &address));
    while (world->live_count > 0) {
        give_some(world, unit_random(&world->seed));
    }
    assert_true(frame_allocator_take(&world->allocator, 8, &address));
    assert_int_equal(address, 0);
    assert_false(frame_allocator_take(&world->allocator, 0, &address));
    close_world(world);
}

static void bugs_of_ours_are_caught(void **state)
{
    struct world *world = open_world(64);
    struct frame_allocator *allocator = &world->allocator;
    uint64_t address;

    (void)state;
    add(world, 0, 64);
    assert_true(frame_allocator_take(allocator, 3, &address));
    frame_allocator_give(allocator, address, 3);
    assert_true(frame_allocator_take(allocator, 6, &address));
    frame_allocator_give(allocator, FRAME_BYTES, 0);
    expect_assert_failure(frame_allocator_give(allocator, FRAME_BYTES, 0)); /* twice */
    expect_assert_failure(frame_allocator_give(allocator, 2 * FRAME_BYTES, 2));
    expect_assert_failure(frame_allocator_give(allocator, 64 * FRAME_BYTES, 0));
    expect_assert_failure(frame_allocator_give(allocator, 0, FRAME_ORDERS));
    expect_assert_failure(frame_allocator_add(allocator, 3, 65));
    close_world(world);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_runs),
        cmocka_unit_test(nothing_is_free_at_first),
        cmocka_unit_test(frames_are_merged_again),
        cmocka_unit_test(bugs_of_ours_are_caught),
    };

    return cmocka_run_group_tests_name("frame_allocator", tests, NULL, NULL);
}
