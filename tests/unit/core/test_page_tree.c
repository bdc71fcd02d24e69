/**
 * test_page_tree.c - the treap of pages beside an array.
 */
#include "core/page_tree.h"
#include "unit.h"

enum { PAGES = 200, NODES = 60, PAGE_SHIFT = 12 };

struct world {
    struct page_tree tree;
    struct page_tree_node nodes[NODES];
    bool in_tree[NODES];
    struct page_tree_node *at[PAGES]; /**< which node begins there */
};

static void try_insert(struct world *world, int index, uint64_t random)
{
    struct page_tree_node *node = &world->nodes[index];
    uint64_t page = random % PAGES;

    if (world->at[page] == NULL) {
        node->virtual = page << PAGE_SHIFT | (random >> 32 & 0xfff);
        page_tree_insert(&world->tree, node);
        world->at[page] = node;
        world->in_tree[index] = true;
    }
}

static void check_finds(const struct world *world)
{
    struct page_tree_node *below = NULL;

    for (uint64_t page = 0; page < PAGES; page++) {
        uint64_t address = page << PAGE_SHIFT;
        struct page_tree_node *expected = NULL;
        struct page_tree_node *above = NULL;

        for (uint64_t next = page + 1; next < PAGES && expected == NULL; next++) {
            expected = world->at[next];
        }
        below = world->at[page] != NULL ? world->at[page] : below;
        assert_ptr_equal(page_tree_find(&world->tree, address, &above), below);
        assert_ptr_equal(above, expected);
        address += 1 + page * 977 % 0xfff;
        assert_ptr_equal(page_tree_find(&world->tree, address, &above), below);
        assert_ptr_equal(above, expected);
    }
}

static void random_operations_match_the_array(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    uint64_t seed = 0xA4093822299F31D0;

    (void)state;
    assert_non_null(world);
    world->tree.key = 12345;
    for (unsigned round = 0; round < 10000; round++) {
        uint64_t random = unit_random(&seed);
        int index = (int)(random % NODES);

        if (world->in_tree[index]) {
            page_tree_remove(&world->tree, &world->nodes[index]);
            world->at[page_tree_address(&world->nodes[index]) >> PAGE_SHIFT] = NULL;
            world->in_tree[index] = false;
        } else {
            try_insert(world, index, random >> 6);
        }
        check_finds(world);
    }
    free(world);
}

static size_t depth(const struct page_tree_node *node, size_t level)
{
    size_t left;
    size_t right;

    if (node == NULL) {
        return level;
    }
    left = depth(node->left, level + 1);
    right = depth(node->right, level + 1);
    return left > right ? left : right;
}

/** Ascending addresses, the worst case of a plain search tree, give a flat one. */
static void stays_flat(void **state)
{
    enum { MANY = 4096 };
    struct page_tree_node *nodes = calloc(MANY, sizeof(*nodes));
    struct page_tree tree = {.root = NULL, .key = 0xC0FFEE};

    (void)state;
    assert_non_null(nodes);
    for (size_t i = 0; i < MANY; i++) {
        nodes[i].virtual = i << PAGE_SHIFT;
        page_tree_insert(&tree, &nodes[i]);
    }
    assert_in_range(depth(tree.root, 0), 12, 48);
    free(nodes);
}

static void removing_a_stranger_is_caught(void **state)
{
    struct page_tree_node in = {.virtual = 0x1000};
    struct page_tree_node out = {.virtual = 0x2000};
    struct page_tree tree = {.root = NULL, .key = 1};

    (void)state;
    page_tree_insert(&tree, &in);
    expect_assert_failure(page_tree_remove(&tree, &out));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_the_array),
        cmocka_unit_test(stays_flat),
        cmocka_unit_test(removing_a_stranger_is_caught),
    };

    return cmocka_run_group_tests_name("page_tree", tests, NULL, NULL);
}
