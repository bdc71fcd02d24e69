/**
 * test_mapping_tree.c - the treap of mappings beside an array of pages.
 */
#include "cap/mapping_tree.h"
#include "fake_machine.h"
#include "unit.h"

enum { PAGES = 200, MAPPINGS = 60, SIZES = 4 };

struct world {
    struct mapping_tree tree;
    struct frame frames[SIZES]; /**< of 1, 2, 4 and 8 pages */
    struct mapping mappings[MAPPINGS];
    bool in_tree[MAPPINGS];
    int owner[PAGES]; /**< by page: the mapping, or -1 */
};

static uint64_t first_page(const struct mapping *mapping)
{
    return mapping_start(mapping) >> FRAME_SHIFT;
}

static void mark(struct world *world, int index, int owner)
{
    const struct mapping *mapping = &world->mappings[index];

    for (uint64_t i = 0; i < mapping->frame->pages; i++) {
        world->owner[first_page(mapping) + i] = owner;
    }
    world->in_tree[index] = owner >= 0;
}

static bool is_room(const struct world *world, uint64_t page, uint64_t pages)
{
    for (uint64_t i = page; i < page + pages; i++) {
        if (i >= PAGES || world->owner[i] >= 0) {
            return false;
        }
    }
    return true;
}

static void try_insert(struct world *world, int index, uint64_t random)
{
    struct mapping *mapping = &world->mappings[index];
    uint64_t page = (random >> 8) % PAGES;

    mapping->frame = &world->frames[random % SIZES];
    if (is_room(world, page, mapping->frame->pages)) {
        mapping->virtual = page << FRAME_SHIFT | (random >> 32 & 3);
        mapping_tree_insert(&world->tree, mapping);
        mark(world, index, index);
    }
}

/** The mapping that the array says ends first above @p address. */
static const struct mapping *slow_find(const struct world *world, uint64_t address)
{
    for (uint64_t page = address >> FRAME_SHIFT; page < PAGES; page++) {
        if (world->owner[page] >= 0) {
            return &world->mappings[world->owner[page]];
        }
    }
    return NULL;
}

static void check_finds(const struct world *world)
{
    for (uint64_t page = 0; page < PAGES; page++) {
        uint64_t address = page << FRAME_SHIFT;
        uint64_t inside = address + 1 + page * 977 % (FRAME_BYTES - 1);

        assert_ptr_equal(mapping_tree_find(&world->tree, address),
                         slow_find(world, address));
        assert_ptr_equal(mapping_tree_find(&world->tree, inside),
                         slow_find(world, inside));
    }
    assert_null(mapping_tree_find(&world->tree, UINT64_MAX));
}

static void random_operations_match_the_array(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    uint64_t seed = 0xA4093822299F31D0;

    (void)state;
    assert_non_null(world);
    world->tree.key = 12345;
    memset(world->owner, 0xFF, sizeof(world->owner));
    for (size_t i = 0; i < SIZES; i++) {
        world->frames[i].pages = 1ull << i;
    }
    for (unsigned round = 0; round < 10000; round++) {
        uint64_t random = unit_random(&seed);
        int index = (int)(random % MAPPINGS);

        if (world->in_tree[index]) {
            mapping_tree_remove(&world->tree, &world->mappings[index]);
            mark(world, index, -1);
        } else {
            try_insert(world, index, random >> 6);
        }
        check_finds(world);
    }
    free(world);
}

static size_t depth(const struct mapping *mapping, size_t level)
{
    size_t left;
    size_t right;

    if (mapping == NULL) {
        return level;
    }
    left = depth(mapping->left, level + 1);
    right = depth(mapping->right, level + 1);
    return left > right ? left : right;
}

/** Ascending addresses, the worst case of a plain search tree, give a flat one. */
static void stays_flat(void **state)
{
    enum { MANY = 4096 };
    struct mapping *mappings = calloc(MANY, sizeof(*mappings));
    struct frame frame = {.pages = 1};
    struct mapping_tree tree = {.root = NULL, .key = 0xC0FFEE};

    (void)state;
    assert_non_null(mappings);
    for (size_t i = 0; i < MANY; i++) {
        mappings[i].frame = &frame;
        mappings[i].virtual = i << FRAME_SHIFT;
        mapping_tree_insert(&tree, &mappings[i]);
    }
    assert_in_range(depth(tree.root, 0), 12, 48);
    free(mappings);
}

static void removing_a_stranger_is_caught(void **state)
{
    struct frame frame = {.pages = 1};
    struct mapping in = {.frame = &frame, .virtual = 0x1000};
    struct mapping out = {.frame = &frame, .virtual = 0x2000};
    struct mapping_tree tree = {.root = NULL, .key = 1};

    (void)state;
    mapping_tree_insert(&tree, &in);
    expect_assert_failure(mapping_tree_remove(&tree, &out));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_the_array),
        cmocka_unit_test(stays_flat),
        cmocka_unit_test(removing_a_stranger_is_caught),
    };

    return cmocka_run_group_tests_name("mapping_tree", tests, NULL, NULL);
}
