/**
 * test_kernel_tables.c - the kernel's page tables, walked page by page beside the map.
 */
#include "core/kernel_tables.h"
#include "unit.h"

enum { PAGE = 4096, TABLES = 64, MAP_PAGES = 2048, TOP_GIB = 5 };

#define DIRECT_MAP 0xffff800000000000ull
#define GLOBAL     (1ull << 8)
#define GIB        (1ull << 30)

static uint64_t memory[TABLES][PAGING_ENTRIES];
static unsigned taken;

static uint64_t take(void)
{
    assert_true(taken < TABLES);
    memset(memory[taken], 0, PAGE);
    return (uint64_t)taken++ * PAGE;
}

static void *reach(uint64_t physical)
{
    assert_true(physical % PAGE == 0 && physical / PAGE < taken);
    return memory[physical / PAGE];
}

static struct kernel_tables make(bool global, bool pages_1gib)
{
    taken = 0;
    return (struct kernel_tables){.root = take(),
                                  .global = global,
                                  .pages_1gib = pages_1gib,
                                  .direct_map = DIRECT_MAP,
                                  .take = take,
                                  .reach = reach};
}

/** Where @p virtual leads and with which bits; UINT64_MAX: nowhere. */
static uint64_t walk(const struct kernel_tables *tables, uint64_t virtual,
                     uint64_t *out_bits, unsigned *out_level)
{
    uint64_t table = tables->root;

    for (unsigned level = PAGING_LEVELS;; level--) {
        uint64_t entry = ((uint64_t *)reach(table))[paging_index(virtual, level)];
        uint64_t offset = virtual & (paging_span(level) * PAGE - 1);

        if ((entry & PTE_PRESENT) == 0) {
            return UINT64_MAX;
        }
        if (level == 1 || (entry & PTE_LARGE) != 0) {
            *out_bits = entry & ~PTE_ADDRESS & ~PTE_LARGE;
            *out_level = level;
            return (entry & PTE_ADDRESS) + offset;
        }
        table = entry & PTE_ADDRESS;
    }
}

static void maps_every_kind_of_page(void **state)
{
    static const uint64_t bits[] = {
        [KERNEL_TABLES_TEXT] = PTE_PRESENT,
        [KERNEL_TABLES_READ_ONLY] = PTE_PRESENT | PTE_NX,
        [KERNEL_TABLES_WRITABLE] = PTE_PRESENT | PTE_NX | PTE_WRITABLE,
        [KERNEL_TABLES_DEVICE] = PTE_PRESENT | PTE_NX | PTE_WRITABLE | PTE_UNCACHED,
    };

    (void)state;
    for (unsigned access = 0; access < 4; access++) {
        struct kernel_tables tables = make((access & 1) != 0, true);
        uint64_t expected = bits[access] | (tables.global ? GLOBAL : 0);
        uint64_t got = 0;
        unsigned level = 0;

        /* From one page below 1 GiB to one page above 2 GiB and 2 MiB. */
        kernel_tables_map(&tables, DIRECT_MAP + GIB - PAGE, GIB - PAGE,
                          GIB + 2ull * PAGE + 512ull * PAGE,
                          (enum kernel_tables_access)access);
        assert_int_equal(walk(&tables, DIRECT_MAP + GIB - 1, &got, &level), GIB - 1);
        assert_true(level == 1 && got == expected);
        assert_int_equal(walk(&tables, DIRECT_MAP + GIB + 5, &got, &level), GIB + 5);
        assert_true(level == 3 && got == expected);
        assert_int_equal(walk(&tables, DIRECT_MAP + 2 * GIB, &got, &level), 2 * GIB);
        assert_true(level == 2 && got == expected);
        assert_int_equal(
            walk(&tables, DIRECT_MAP + 2 * GIB + 512ull * PAGE, &got, &level),
            2 * GIB + 512ull * PAGE);
        assert_int_equal(level, 1);
        assert_true(walk(&tables, DIRECT_MAP + 2 * GIB + 513ull * PAGE, &got, &level) ==
                    UINT64_MAX);
        assert_true(walk(&tables, DIRECT_MAP + GIB - PAGE - 1, &got, &level) ==
                    UINT64_MAX);
    }
}

static void large_pages_need_both_addresses(void **state)
{
    struct kernel_tables tables = make(true, false);
    uint64_t bits = 0;
    unsigned level = 0;

    (void)state;
    kernel_tables_map(&tables, DIRECT_MAP, 0, GIB, KERNEL_TABLES_TEXT);
    walk(&tables, DIRECT_MAP, &bits, &level);
    assert_int_equal(level, 2);
    kernel_tables_map(&tables, DIRECT_MAP + 2 * GIB, PAGE, GIB / 512,
                      KERNEL_TABLES_TEXT);
    assert_int_equal(walk(&tables, DIRECT_MAP + 2 * GIB, &bits, &level), PAGE);
    assert_int_equal(level, 1);
}

/** All pages of the first MAP_PAGES beside the map. */
static void check_ram(const struct kernel_tables *tables, const struct memory_map *map,
                      uint64_t fixed_start, uint64_t fixed_end)
{
    for (uint64_t page = 0; page < MAP_PAGES; page++) {
        uint64_t at = page * PAGE;
        bool is_ram = false;
        uint64_t bits = 0;
        unsigned level = 0;
        uint64_t to = walk(tables, DIRECT_MAP + at, &bits, &level);

        for (uint32_t i = 0; i < map->count; i++) {
            const struct memory_region *region = &map->regions[i];

            is_ram |= memory_kind_is_ram(region->kind) && region->base < at + PAGE &&
                      region->base + region->size > at;
        }
        assert_true(to == (is_ram ? at : UINT64_MAX));
        if (is_ram) {
            assert_int_equal((bits & PTE_WRITABLE) != 0,
                             at < fixed_start || at >= fixed_end);
            assert_true((bits & PTE_NX) != 0);
        }
    }
}

static void maps_ram(void **state)
{
    static struct memory_map map;
    static struct memory_map_work work;
    uint64_t seed = 0x452821E638D01377;

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct kernel_tables tables = make(true, true);
        uint64_t fixed = (unit_random(&seed) % MAP_PAGES) * PAGE;

        map.count = 0;
        for (int i = 0; i < 6; i++) {
            assert_true(memory_map_add(&map, unit_random(&seed) % (MAP_PAGES * PAGE),
                                       unit_random(&seed) % (MAP_PAGES * PAGE / 4),
                                       (enum memory_kind)(1 + unit_random(&seed) % 7)));
        }
        assert_true(memory_map_normalize(&map, &work));
        kernel_tables_map_ram(&tables, &map, fixed, fixed + 5ull * PAGE);
        check_ram(&tables, &map, fixed, fixed + 5ull * PAGE);
    }
}

static void adds_pages(void **state)
{
    struct kernel_tables tables = make(true, true);
    uint64_t bits = 0;
    unsigned level = 0;

    (void)state;
    kernel_tables_map(&tables, DIRECT_MAP, 0, GIB, KERNEL_TABLES_WRITABLE);
    assert_true(kernel_tables_map_pages(&tables, GIB + 100, 2 * PAGE,
                                        KERNEL_TABLES_DEVICE, PTE_UNCACHED));
    assert_int_equal(walk(&tables, DIRECT_MAP + GIB + 2 * PAGE, &bits, &level),
                     GIB + 2 * PAGE);
    assert_true(walk(&tables, DIRECT_MAP + GIB + 3 * PAGE, &bits, &level) ==
                UINT64_MAX);
    assert_true(kernel_tables_map_pages(&tables, GIB, PAGE, KERNEL_TABLES_DEVICE,
                                        PTE_UNCACHED));
    assert_false(
        kernel_tables_map_pages(&tables, 8, 8, KERNEL_TABLES_DEVICE, PTE_UNCACHED));
    assert_true(kernel_tables_map_pages(&tables, 8, 8, KERNEL_TABLES_READ_ONLY, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_every_kind_of_page),
        cmocka_unit_test(large_pages_need_both_addresses),
        cmocka_unit_test(maps_ram),
        cmocka_unit_test(adds_pages),
    };

    return cmocka_run_group_tests_name("kernel_tables", tests, NULL, NULL);
}
