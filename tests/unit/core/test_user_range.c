/**
 * test_user_range.c - ranges of pages that ring 3 names, beside sums that can't overflow.
 */
#include "core/user_range.h"

#include "unit.h"

static const uint64_t edges[] = {0,
                                 1,
                                 0x1000,
                                 MN_USER_LIMIT - 0x1000,
                                 MN_USER_LIMIT,
                                 MN_USER_LIMIT / 0x1000,
                                 MN_USER_LIMIT / 0x1000 + 1,
                                 1ull << 52,
                                 (1ull << 52) - 1,
                                 0xfffffffffffff000,
                                 UINT64_MAX};

enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

static void edges_by_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < EDGES; j++) {
            unsigned __int128 expected =
                edges[i] + (unsigned __int128)edges[j] * FRAME_BYTES;
            mn_status wanted = MN_OK;
            uint64_t end = 0;

            if (edges[i] % FRAME_BYTES != 0) {
                wanted = MN_ERROR_NO_MEMORY;
            } else if (expected > MN_USER_LIMIT) {
                wanted = MN_ERROR_INVALID_ARGUMENT;
            }
            assert_int_equal(user_range_check(edges[i], edges[j], &end), wanted);
            if (wanted == MN_OK) {
                assert_int_equal(end, (uint64_t)expected);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edges_by_edges)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
