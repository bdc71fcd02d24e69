/**
 * test_checked_math.c - core/checked_math beside the same arithmetic in 128 bits.
 */
#include "core/checked_math.h"
#include "unit.h"

typedef unsigned __int128 wide;

static const uint64_t edges[] = {
    0,
    1,
    2,
    3,
    0x7F,
    0xFFF,
    0x1000,
    0xFFFFFFFF,
    1ull << 32,
    1ull << 63,
    (1ull << 63) - 1,
    UINT64_MAX,
    UINT64_MAX - 1,
    UINT64_MAX - 0xFFF,
    UINT64_MAX / 3,
};

enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

static void check_pair(uint64_t a, uint64_t b)
{
    uint64_t result = 0x5A;
    wide sum = (wide)a + b;
    wide product = (wide)a * b;

    assert_int_equal(checked_add(a, b, &result), sum <= UINT64_MAX);
    assert_int_equal(result, sum <= UINT64_MAX ? (uint64_t)sum : 0x5A);
    result = 0x5A;
    assert_int_equal(checked_sub(a, b, &result), a >= b);
    assert_int_equal(result, a >= b ? a - b : 0x5A);
    result = 0x5A;
    assert_int_equal(checked_mul(a, b, &result), product <= UINT64_MAX);
    assert_int_equal(result, product <= UINT64_MAX ? (uint64_t)product : 0x5A);
}

static void arithmetic(void **state)
{
    uint64_t seed = 0x853C49E6748FEA9B;

    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < EDGES; j++) {
            check_pair(edges[i], edges[j]);
        }
    }
    for (unsigned round = 0; round < 100000; round++) {
        uint64_t a = unit_random(&seed);
        uint64_t b = unit_random(&seed);

        check_pair(a >> (b & 63), b >> (a & 63));
    }
}

static void rounding_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        for (unsigned shift = 0; shift < 64; shift++) {
            wide alignment = (wide)1 << shift;
            wide expected = ((wide)edges[i] + alignment - 1) / alignment * alignment;
            /* the function may refuse when the sum before rounding does not fit */
            bool fits = (wide)edges[i] + alignment - 1 <= UINT64_MAX;
            uint64_t result = 0x5A;

            assert_int_equal(checked_align_up(edges[i], 1ull << shift, &result), fits);
            assert_int_equal(result, fits ? (uint64_t)expected : 0x5A);
        }
    }
}

static void ranges(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < EDGES; j++) {
            for (size_t k = 0; k < EDGES; k++) {
                assert_int_equal(range_fits(edges[i], edges[j], edges[k]),
                                 (wide)edges[i] + edges[j] <= edges[k]);
            }
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic),
        cmocka_unit_test(rounding_up),
        cmocka_unit_test(ranges),
    };

    return cmocka_run_group_tests_name("checked_math", tests, NULL, NULL);
}
