/**
 * heap_model.c - see heap_model.h.
 */
#include "model/heap_model.h"

#include "core/leftist_heap.h"

enum { NODES = 256, FEW_KEYS = 8 };

struct world {
    struct leftist_heap heap;
    struct leftist_node nodes[NODES];
    bool present[NODES];
    uint64_t keys[NODES];
    unsigned count;
};

/** Keys near each other, at both ends of their range, and anywhere. */
static uint64_t choose_key(struct choices *choices)
{
    uint64_t key = choices_below(choices, FEW_KEYS);

    switch (choices_below(choices, 4)) {
    case 0:
        return UINT64_MAX - key;
    case 1:
        return key << 61 | choices_below(choices, 65536);
    default:
        return key;
    }
}

/** The smallest key of the table, which is not empty. */
static uint64_t smallest(const struct world *world)
{
    uint64_t key = UINT64_MAX;

    for (unsigned i = 0; i < NODES; i++) {
        if (world->present[i] && world->keys[i] < key) {
            key = world->keys[i];
        }
    }
    return key;
}

/** One node: order, ranks, links; and that 2^rank - 1 nodes bound its right side. */
static void check_node(const struct world *world, const struct leftist_node *node)
{
    uint64_t left = node->left != NULL ? node->left->rank : 0;
    uint64_t right = node->right != NULL ? node->right->rank : 0;

    require(node->rank == right + 1 && right <= left);
    require(node->left == NULL || node->left->parent == node);
    require(node->right == NULL || node->right->parent == node);
    require(node->parent != NULL ? node->parent->key <= node->key
                                 : world->heap.root == node);
    require(world->count >> (node->rank - 1) != 0);
}

static void check(const struct world *world)
{
    const struct leftist_node *first = leftist_heap_first(&world->heap);

    require((first == NULL) == (world->count == 0));
    require(first == NULL || first->key == smallest(world));
    for (unsigned i = 0; i < NODES; i++) {
        require(leftist_node_is_in_heap(&world->nodes[i]) == world->present[i]);
        if (world->present[i]) {
            require(world->nodes[i].key == world->keys[i]);
            check_node(world, &world->nodes[i]);
        }
    }
}

static void take_out(struct world *world, unsigned index)
{
    leftist_heap_remove(&world->heap, &world->nodes[index]);
    world->present[index] = false;
    world->count--;
}

void heap_model_run(struct choices *choices, unsigned steps)
{
    struct world world = {0};

    for (unsigned i = 0; i < steps && choices_left(choices); i++) {
        unsigned index = choices_below(choices, NODES);

        if (choices_below(choices, 4) == 0 && world.count > 0) {
            index = (unsigned)(leftist_heap_first(&world.heap) - world.nodes);
        }
        if (world.present[index]) {
            take_out(&world, index);
        } else {
            world.keys[index] = choose_key(choices);
            world.present[index] = true;
            world.count++;
            leftist_heap_insert(&world.heap, &world.nodes[index], world.keys[index]);
        }
        check(&world);
    }
}
