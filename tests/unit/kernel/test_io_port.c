/**
 * test_io_port.c - which ports an IoPort lets through, and how it is narrowed, beside a
 * count over single ports.
 */
#include "core/io_port.h"
#include "core/range.h"
#include "unit.h"

static const uint64_t edges[] = {0,       1,          0x3F7,      0x3F8,     0x3FB,
                                 0x3FF,   0x400,      0xFFFC,     0xFFFF,    0x10000,
                                 0x103F8, 0xFFFFFFFF, 1ull << 32, UINT64_MAX};

enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

static void only_ports_inside(void **state)
{
    static const uint32_t sizes[] = {1, 2, 4};
    struct slot slot = {.value = SLOT_RANGE(0x3F8, 8)};

    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < 3; j++) {
            unsigned __int128 end = (unsigned __int128)edges[i] + sizes[j];

            assert_int_equal(io_port_contains(&slot, edges[i], sizes[j]),
                             edges[i] >= 0x3F8 && end <= 0x400);
        }
    }
    slot.value = SLOT_RANGE(0xFFFF, 1);
    assert_true(io_port_contains(&slot, 0xFFFF, 1));
    assert_false(io_port_contains(&slot, 0xFFFF, 2));
}

static void widths(void **state)
{
    (void)state;
    assert_int_equal(io_port_bytes(0), 1);
    assert_int_equal(io_port_bytes(1), 1);
    assert_int_equal(io_port_bytes(2), 2);
    assert_int_equal(io_port_bytes(4), 4);
    for (uint64_t width = 5; width < 300; width++) {
        assert_int_equal(io_port_bytes(width), 0);
    }
    assert_int_equal(io_port_bytes(3), 0);
    assert_int_equal(io_port_bytes(UINT64_MAX), 0);
    assert_int_equal(io_port_bytes((1ull << 32) + 1), 0);
}

static void narrowing_never_widens(void **state)
{
    struct slot slot = {.value = SLOT_RANGE(0x3F8, 8)};

    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < EDGES; j++) {
            struct slot made = {.value = 0x5A};
            bool inside = edges[j] > 0 && edges[i] >= 0x3F8 && edges[i] < 0x400 &&
                          edges[j] <= 0x400 - edges[i];

            assert_int_equal(range_ops.narrow(&slot, edges[i], edges[j], NULL, &made),
                             inside ? MN_OK : MN_ERROR_INVALID_ARGUMENT);
            assert_int_equal(made.value,
                             inside ? SLOT_RANGE(edges[i], edges[j]) : 0x5A);
        }
    }
}

static void describes_its_range(void **state)
{
    struct slot slot = {.value = SLOT_RANGE(0xC000, 128)};
    struct mn_cap_info info = {0};

    (void)state;
    range_ops.describe(&slot, &info);
    assert_int_equal(info.a, 0xC000);
    assert_int_equal(info.b, 128);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_ports_inside),
        cmocka_unit_test(widths),
        cmocka_unit_test(narrowing_never_widens),
        cmocka_unit_test(describes_its_range),
    };

    return cmocka_run_group_tests_name("io_port", tests, NULL, NULL);
}
