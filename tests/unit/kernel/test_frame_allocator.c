/**
 * test_frame_allocator.c - the buddy allocator: random runs beside the model, its edges,
 * and the bugs of ours that it catches.
 */
#include "core/frame_allocator.h"
#include "model/frame_model.h"
#include "unit.h"

/** Random takes and gives on memory with holes; at the end it is as it was. */
static void random_runs_match_the_model(void **state)
{
    static const unsigned sizes[] = {1,  2,   3,   63,   64,
                                     65, 127, 512, 1000, FRAME_MODEL_FRAMES_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct choices choices = {.seed = 0x9E3779B97F4A7C15ull + i};

        frame_model_run(&choices, sizes[i], 3000);
    }
}

/** Makes an allocator of @p frames frames of its own, all free but @p first and below. */
static void open_allocator(struct frame_allocator *allocator, uint64_t frames,
                           uint64_t first)
{
    void *memory = aligned_alloc(FRAME_BYTES, frames << FRAME_SHIFT);
    void *bitmaps = calloc(1, frame_allocator_bitmap_bytes(frames));

    assert_non_null(memory);
    assert_non_null(bitmaps);
    frame_allocator_init(allocator, memory, frames, bitmaps);
    frame_allocator_add(allocator, first, frames);
}

static void close_allocator(struct frame_allocator *allocator)
{
    free(allocator->direct_map);
    free(allocator->bitmaps[0]);
}

static void nothing_is_free_at_first(void **state)
{
    struct frame_allocator allocator;
    uint64_t address;

    (void)state;
    open_allocator(&allocator, 64, 64);
    for (unsigned order = 0; order < FRAME_ORDERS + 3; order++) {
        assert_false(frame_allocator_take(&allocator, order, &address));
    }
    assert_int_equal(allocator.free_frames, 0);
    close_allocator(&allocator);
}

static void frames_are_merged_again(void **state)
{
    struct frame_allocator allocator;
    uint64_t address;

    (void)state;
    open_allocator(&allocator, 256, 0);
    for (unsigned i = 0; i < 256; i++) {
        assert_true(frame_allocator_take(&allocator, 0, &address));
    }
    assert_false(frame_allocator_take(&allocator, 0, &address));
    for (uint64_t i = 0; i < 256; i++) {
        frame_allocator_give(&allocator, (i * 77 % 256) << FRAME_SHIFT, 0);
    }
    assert_true(frame_allocator_take(&allocator, 8, &address));
    assert_int_equal(address, 0);
    assert_false(frame_allocator_take(&allocator, 0, &address));
    close_allocator(&allocator);
}

static void bugs_of_ours_are_caught(void **state)
{
    struct frame_allocator allocator;
    uint64_t address;

    (void)state;
    open_allocator(&allocator, 64, 0);
    assert_true(frame_allocator_take(&allocator, 3, &address));
    frame_allocator_give(&allocator, address, 3);
    assert_true(frame_allocator_take(&allocator, 6, &address));
    frame_allocator_give(&allocator, FRAME_BYTES, 0);
    expect_assert_failure(frame_allocator_give(&allocator, FRAME_BYTES, 0)); /* twice */
    expect_assert_failure(frame_allocator_give(&allocator, 2 * FRAME_BYTES, 2));
    expect_assert_failure(frame_allocator_give(&allocator, 64 * FRAME_BYTES, 0));
    expect_assert_failure(frame_allocator_give(&allocator, 0, FRAME_ORDERS));
    expect_assert_failure(frame_allocator_add(&allocator, 3, 65));
    close_allocator(&allocator);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_runs_match_the_model),
        cmocka_unit_test(nothing_is_free_at_first),
        cmocka_unit_test(frames_are_merged_again),
        cmocka_unit_test(bugs_of_ours_are_caught),
    };

    return cmocka_run_group_tests_name("frame_allocator", tests, NULL, NULL);
}
