/**
 * leftist_heap.c - see leftist_heap.h.
 *
 * C. A. Crane's leftist trees (Knuth, The Art of Computer Programming, volume 3, 5.2.3),
 * with a link to the parent, by which a node in the middle is removed.
 */
#include "core/leftist_heap.h"

static uint64_t rank_of(const struct leftist_node *node)
{
    return node != NULL ? node->rank : 0;
}

/** Sets a node's rank by its children's, the shorter side right. False: it was so. */
static bool mend(struct leftist_node *node)
{
    uint64_t rank;

    if (rank_of(node->left) < rank_of(node->right)) {
        struct leftist_node *left = node->left;

        node->left = node->right;
        node->right = left;
    }
    rank = rank_of(node->right) + 1;
    if (rank == node->rank) {
        return false;
    }
    node->rank = rank;
    return true;
}

/** Makes one tree of two, either of which may be NULL; its root's parent is NULL. */
static struct leftist_node *merge(struct leftist_node *a, struct leftist_node *b)
{
    struct leftist_node *root = NULL;
    struct leftist_node *parent = NULL;
    struct leftist_node **link = &root;

    /* Down the right sides of both, in the order of keys ... */
    while (a != NULL && b != NULL) {
        struct leftist_node *smaller = b->key < a->key ? b : a;

        b = smaller == a ? b : a;
        *link = smaller;
        smaller->parent = parent;
        parent = smaller;
        link = &smaller->right;
        a = smaller->right;
    }
    *link = a != NULL ? a : b;
    if (*link != NULL) {
        (*link)->parent = parent;
    }
    /* ... and up again. */
    for (; parent != NULL; parent = parent->parent) {
        (void)mend(parent);
    }
    return root;
}

void leftist_heap_insert(struct leftist_heap *heap, struct leftist_node *node,
                         uint64_t key)
{
    *node = (struct leftist_node){.key = key, .rank = 1};
    heap->root = merge(heap->root, node);
}

void leftist_heap_remove(struct leftist_heap *heap, struct leftist_node *node)
{
    struct leftist_node *parent = node->parent;
    struct leftist_node *rest = merge(node->left, node->right);

    if (rest != NULL) {
        rest->parent = parent;
    }
    if (parent == NULL) {
        heap->root = rest;
    } else if (parent->left == node) {
        parent->left = rest;
    } else {
        parent->right = rest;
    }
    /* A rank changes with its shorter side's alone, before or after: with each step up it
       is one more, so that the way is short. */
    while (parent != NULL && mend(parent)) {
        parent = parent->parent;
    }
    node->rank = 0;
}
