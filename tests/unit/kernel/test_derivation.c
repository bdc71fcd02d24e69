/**
 * test_derivation.c - the derivation tree beside a plain one: each node's list of children
 * as an array.
 */
#include "core/derivation.h"
#include "unit.h"

uint64_t derivation_changes;

enum { NODES = 40, NONE = -1 };

struct plain_node {
    bool in_use;
    int parent;
    int children[NODES];
    int count;
};

struct world {
    struct cap_node nodes[NODES];
    struct plain_node plain[NODES];
};

static void plain_insert(struct plain_node *node, int at, int child)
{
    memmove(node->children + at + 1, node->children + at,
            (size_t)(node->count - at) * sizeof(int));
    node->children[at] = child;
    node->count++;
}

/** Takes a child out of a list of children and answers where it stood. */
static int plain_extract(struct plain_node *node, int child)
{
    int at = 0;

    while (node->children[at] != child) {
        at++;
    }
    node->count--;
    memmove(node->children + at, node->children + at + 1,
            (size_t)(node->count - at) * sizeof(int));
    return at;
}

static void plain_remove(struct world *world, int index)
{
    struct plain_node *node = &world->plain[index];
    int at = 0;

    if (node->parent != NONE) {
        at = plain_extract(&world->plain[node->parent], index);
    }
    for (int i = 0; i < node->count; i++) {
        world->plain[node->children[i]].parent = node->parent;
        if (node->parent != NONE) {
            plain_insert(&world->plain[node->parent], at + i, node->children[i]);
        }
    }
    *node = (struct plain_node){.parent = NONE};
}

/** Node @p heir takes the place of @p index. */
static void plain_replace(struct world *world, int index, int heir)
{
    struct plain_node *node = &world->plain[index];

    if (node->parent != NONE) {
        struct plain_node *parent = &world->plain[node->parent];

        plain_insert(parent, plain_extract(parent, index), heir);
    }
    for (int i = 0; i < node->count; i++) {
        world->plain[node->children[i]].parent = heir;
    }
    world->plain[heir] = *node;
    *node = (struct plain_node){.parent = NONE};
}

static bool descends_from(const struct world *world, const struct cap_node *node,
                          int ancestor)
{
    int index = (int)(node - world->nodes);

    while (index != NONE && index != ancestor) {
        index = world->plain[index].parent;
    }
    return index == ancestor;
}

static void check_node(const struct world *world, int index)
{
    const struct plain_node *plain = &world->plain[index];
    const struct cap_node *node = &world->nodes[index];
    const struct cap_node *child = node->first;
    const struct cap_node *leaf = derivation_leaf(node);
    const struct cap_node *parent = derivation_parent(node);

    assert_ptr_equal(parent,
                     plain->parent == NONE ? NULL : &world->nodes[plain->parent]);
    for (int i = 0; i < plain->count; i++) {
        assert_ptr_equal(child, &world->nodes[plain->children[i]]);
        assert_ptr_equal(node->last == child, i == plain->count - 1);
        child = derivation_next(child);
    }
    assert_null(child);
    assert_int_equal(leaf == NULL, plain->count == 0);
    if (leaf != NULL) {
        assert_null(leaf->first);
        assert_true(descends_from(world, leaf, index) && leaf != node);
    }
}

static void check_all(const struct world *world)
{
    for (int i = 0; i < NODES; i++) {
        if (world->plain[i].in_use) {
            check_node(world, i);
        }
    }
}

static void add(struct world *world, int index, uint64_t random)
{
    int parent = (int)(random % NODES);

    world->plain[index].in_use = true;
    world->plain[index].parent = NONE;
    if (parent == index || !world->plain[parent].in_use) {
        derivation_init_root(&world->nodes[index]);
        return;
    }
    derivation_add_child(&world->nodes[parent], &world->nodes[index]);
    world->plain[index].parent = parent;
    plain_insert(&world->plain[parent], 0, index);
}

static void random_operations_match_the_plain_tree(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    uint64_t seed = 0x243F6A8885A308D3;

    (void)state;
    assert_non_null(world);
    memset(world->nodes, 0x5A, sizeof(world->nodes));
    for (unsigned round = 0; round < 60000; round++) {
        uint64_t random = unit_random(&seed);
        int index = (int)(random % NODES);

        int other = (int)(random >> 8 & 0xffff) % NODES;

        if (!world->plain[index].in_use) {
            if (world->plain[other].in_use && random >> 60 < 4) {
                derivation_replace(&world->nodes[other], &world->nodes[index]);
                plain_replace(world, other, index);
            } else {
                add(world, index, random >> 16);
            }
        } else if ((random >> 40) % 4 < 1 + round / 1000 % 3) {
            derivation_remove(&world->nodes[index]);
            plain_remove(world, index);
        }
        check_all(world);
    }
    free(world);
}

/** What revoke does: leaf by leaf until none is left, and nobody else is touched. */
static void revoking_leaf_by_leaf_ends(void **state)
{
    struct cap_node nodes[NODES];
    unsigned removed = 0;
    struct cap_node *leaf;

    (void)state;
    derivation_init_root(&nodes[0]);
    for (size_t i = 1; i < NODES; i++) {
        derivation_add_child(&nodes[(i - 1) / 3], &nodes[i]);
    }
    while ((leaf = derivation_leaf(&nodes[1])) != NULL) {
        derivation_remove(leaf);
        removed++;
    }
    assert_int_equal(removed, 12); /* 3 children, 9 grandchildren */
    assert_ptr_equal(derivation_parent(&nodes[1]), &nodes[0]);
    while ((leaf = derivation_leaf(&nodes[0])) != NULL) {
        derivation_remove(leaf);
        removed++;
    }
    assert_int_equal(removed, NODES - 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_the_plain_tree),
        cmocka_unit_test(revoking_leaf_by_leaf_ends),
    };

    return cmocka_run_group_tests_name("derivation", tests, NULL, NULL);
}
