/**
 * test_memory_map.c - the memory map against a model: one kind a byte.
 */
#include "core/memory_map.h"
#include "unit.h"

enum { MODEL_PAGE = 4096, MODEL_PAGES = 64, MODEL_BYTES = MODEL_PAGE * MODEL_PAGES };

static struct memory_map map;
static struct memory_map_work work;
static uint8_t model[MODEL_BYTES];

static void add(uint64_t base, uint64_t size, enum memory_kind kind)
{
    assert_true(memory_map_add(&map, base, size, kind));
    for (uint64_t i = base; i < base + size && i < MODEL_BYTES; i++) {
        model[i] = model[i] > kind ? model[i] : (uint8_t)kind;
    }
}

static void reset(void)
{
    map.count = 0;
    memset(model, MEMORY_NONE, sizeof(model));
}

static bool is_free(uint8_t kind)
{
    return kind == MEMORY_USABLE || kind == MEMORY_RECLAIMABLE;
}

/* What the model leaves of free kinds: whole pages of one kind, and not page 0. */
static void cut_model(void)
{
    for (uint64_t page = 0; page < MODEL_PAGES; page++) {
        uint8_t *bytes = model + page * MODEL_PAGE;
        bool whole = page != 0;

        for (uint64_t i = 1; i < MODEL_PAGE; i++) {
            whole = whole && bytes[i] == bytes[0];
        }
        for (uint64_t i = 0; i < MODEL_PAGE; i++) {
            if (is_free(bytes[i]) && !whole) {
                bytes[i] = MEMORY_NONE;
            }
        }
    }
}

static void check(void)
{
    uint64_t at = 0;

    assert_true(memory_map_normalize(&map, &work));
    cut_model();
    for (uint32_t i = 0; i < map.count; i++) {
        const struct memory_region *region = &map.regions[i];

        assert_true(region->size > 0 && region->base >= at);
        for (; at < region->base; at++) {
            assert_int_equal(model[at], MEMORY_NONE);
        }
        for (; at < region->base + region->size; at++) {
            assert_int_equal(model[at], region->kind);
        }
    }
    for (; at < MODEL_BYTES; at++) {
        assert_int_equal(model[at], MEMORY_NONE);
    }
}

static void test_random_maps(void **state)
{
    uint64_t seed = 1;

    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        uint64_t entries = unit_random(&seed) % 12;

        reset();
        for (uint64_t i = 0; i < entries; i++) {
            uint64_t base = unit_random(&seed) % MODEL_BYTES;
            uint64_t size = unit_random(&seed) % (MODEL_BYTES - base) + 1;

            if (unit_random(&seed) % 2 == 0) {
                base &= ~(uint64_t)(MODEL_PAGE - 1);
            }
            add(base, size > MODEL_BYTES - base ? MODEL_BYTES - base : size,
                (enum memory_kind)(1 + unit_random(&seed) % MEMORY_KERNEL));
        }
        check();
    }
}

static void test_neighbours_of_one_kind_are_merged(void **state)
{
    (void)state;
    reset();
    add(0x3000, 0x800, MEMORY_USABLE);
    add(0x3800, 0x1800, MEMORY_USABLE);
    check();
    assert_int_equal(map.count, 1);
    assert_int_equal(map.regions[0].base, 0x3000);
    assert_int_equal(map.regions[0].size, 0x2000);
}

static void test_what_is_in_use_is_not_free(void **state)
{
    (void)state;
    reset();
    add(0, 0x10000, MEMORY_USABLE);
    add(0x4800, 0x10, MEMORY_RESERVED);
    check();
    assert_int_equal(map.count, 3);
    assert_int_equal(map.regions[0].base, 0x1000);
    assert_int_equal(memory_map_bytes(&map, MEMORY_USABLE), 0xe000);
}

static void test_addresses_behind_the_end(void **state)
{
    (void)state;
    map.count = 0;
    assert_true(memory_map_add(&map, 1ull << 52, 0x1000, MEMORY_USABLE));
    assert_true(memory_map_add(&map, UINT64_MAX, UINT64_MAX, MEMORY_USABLE));
    assert_true(memory_map_add(&map, 0x5000, 0, MEMORY_USABLE));
    assert_int_equal(map.count, 0);
    assert_true(memory_map_add(&map, 0x5000, UINT64_MAX, MEMORY_USABLE));
    assert_true(memory_map_normalize(&map, &work));
    assert_int_equal(map.regions[0].base + map.regions[0].size, 1ull << 52);
}

static void test_full(void **state)
{
    (void)state;
    map.count = 0;
    for (uint64_t i = 0; i < MEMORY_MAP_MAX; i++) {
        assert_true(
            memory_map_add(&map, (i + 1) * 0x2000, MODEL_PAGE, MEMORY_RESERVED));
    }
    assert_false(memory_map_add(&map, 0x1000, MODEL_PAGE, MEMORY_RESERVED));
    assert_true(memory_map_normalize(&map, &work));
    assert_int_equal(map.count, MEMORY_MAP_MAX);
}

/* One large region that reserved ones cut into more pieces than there is room for. */
static void test_too_many_pieces(void **state)
{
    (void)state;
    map.count = 0;
    assert_true(memory_map_add(&map, 0x1000, 1ull << 40, MEMORY_USABLE));
    for (uint64_t i = 1; i < MEMORY_MAP_MAX; i++) {
        assert_true(
            memory_map_add(&map, (i + 1) * 0x2000, MODEL_PAGE, MEMORY_RESERVED));
    }
    assert_false(memory_map_normalize(&map, &work));
}

static void test_ram_end(void **state)
{
    (void)state;
    map.count = 0;
    assert_int_equal(memory_map_ram_end(&map), 0);
    assert_true(memory_map_add(&map, 0x10000, 0x4000, MEMORY_USABLE));
    assert_true(memory_map_add(&map, 0x14000, 0x1000, MEMORY_ACPI));
    assert_true(memory_map_add(&map, 0x20000, 0x1000, MEMORY_RESERVED));
    assert_true(memory_map_normalize(&map, &work));
    assert_int_equal(memory_map_ram_end(&map), 0x15000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_maps),
        cmocka_unit_test(test_neighbours_of_one_kind_are_merged),
        cmocka_unit_test(test_what_is_in_use_is_not_free),
        cmocka_unit_test(test_addresses_behind_the_end),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_too_many_pieces),
        cmocka_unit_test(test_ram_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
