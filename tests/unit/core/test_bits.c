/**
 * test_bits.c - core/bits and core/bitmap beside loops over single bits.
 */
#include "core/bitmap.h"
#include "core/bits.h"
#include "unit.h"

/** Numbers with few bits, with many, and everything between. */
static uint64_t interesting(uint64_t *seed)
{
    uint64_t random = unit_random(seed);

    switch (random % 4) {
    case 0:
        return 1ull << (random >> 8 & 63);
    case 1:
        return (1ull << (random >> 8 & 63)) - 1;
    case 2:
        return ~(1ull << (random >> 8 & 63));
    default:
        return random >> (random >> 58);
    }
}

static void positions_and_counts(void **state)
{
    uint64_t seed = 0xD1342543DE82EF95;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        uint64_t value = interesting(&seed);
        unsigned lowest = 64;
        unsigned highest = 64;
        unsigned count = 0;

        for (unsigned bit = 0; bit < 64; bit++) {
            if ((value >> bit & 1) != 0) {
                lowest = count == 0 ? bit : lowest;
                highest = bit;
                count++;
            }
        }
        assert_int_equal(bits_count_set(value), count);
        assert_int_equal(bits_is_power_of_two(value), count == 1);
        if (value != 0) {
            assert_int_equal(bits_lowest_set(value), lowest);
            assert_int_equal(bits_highest_set(value), highest);
            assert_int_equal(bits_log2_ceil(value), count == 1 ? highest : highest + 1);
        }
    }
}

static void alignment(void **state)
{
    (void)state;
    for (uint64_t value = 0; value < 300; value++) {
        for (uint64_t alignment = 1; alignment <= 128; alignment *= 2) {
            uint64_t down = value / alignment * alignment;

            assert_int_equal(bits_align_down(value, alignment), down);
            assert_int_equal(bits_align_up(value, alignment),
                             down == value ? value : down + alignment);
            assert_int_equal(bits_is_aligned(value, alignment), down == value);
        }
    }
}

static size_t slow_find(const bool *model, size_t count, size_t from, bool wanted)
{
    for (size_t i = from; i < count; i++) {
        if (model[i] == wanted) {
            return i;
        }
    }
    return count;
}

static void bitmap_matches_an_array(size_t count, uint64_t seed)
{
    size_t words = bitmap_words(count);
    uint64_t *bitmap = malloc(words * sizeof(*bitmap) + 1);
    bool *model = calloc(count + 1, sizeof(*model));

    assert_non_null(bitmap);
    assert_non_null(model);
    /* the bits behind the end must not matter */
    memset(bitmap, 0xFF, words * sizeof(*bitmap));
    for (size_t i = 0; i < count; i++) {
        bitmap_clear(bitmap, i);
    }
    for (unsigned round = 0; count > 0 && round < 2000; round++) {
        uint64_t random = unit_random(&seed);
        size_t index = (random >> 8) % count;

        if (random % 8 < (round < 1000 ? 6 : 1)) {
            bitmap_set(bitmap, index);
            model[index] = true;
        } else {
            bitmap_clear(bitmap, index);
            model[index] = false;
        }
        assert_int_equal(bitmap_test(bitmap, index), model[index]);
        index = (random >> 40) % (count + 1);
        assert_int_equal(bitmap_find_set(bitmap, count, index),
                         slow_find(model, count, index, true));
        assert_int_equal(bitmap_find_clear(bitmap, count, index),
                         slow_find(model, count, index, false));
    }
    free(bitmap);
    free(model);
}

static void bitmaps_of_every_size(void **state)
{
    (void)state;
    for (size_t count = 0; count < 200; count++) {
        assert_int_equal(bitmap_words(count), (count + 63) / 64);
        bitmap_matches_an_array(count, 0x1234567 + count);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_and_counts),
        cmocka_unit_test(alignment),
        cmocka_unit_test(bitmaps_of_every_size),
    };

    return cmocka_run_group_tests_name("bits", tests, NULL, NULL);
}
