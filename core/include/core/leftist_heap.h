/**
 * leftist_heap.h - an intrusive leftist heap: whichever element has the smallest key, next.
 *
 * Every call but leftist_heap_first() takes O(log n) steps in the worst case: on the way
 * from any node by `right` links to the end are at most log2(n + 1) nodes. Nothing here
 * allocates or recurses. A zeroed node is in no heap, a zeroed heap is empty. Elements
 * with the same key come in any order.
 */
#ifndef CORE_LEFTIST_HEAP_H
#define CORE_LEFTIST_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct leftist_node {
    struct leftist_node *parent; /**< NULL: the root */
    struct leftist_node *left;
    struct leftist_node *right; /**< the shorter side: its rank is not above left's */
    uint64_t key;               /**< not below the parent's */
    uint64_t rank;              /**< 1 + that of right, 0 for none; 0: in no heap */
};

struct leftist_heap {
    struct leftist_node *root;
};

/** Is the node in a heap? */
static inline bool leftist_node_is_in_heap(const struct leftist_node *node)
{
    return node->rank != 0;
}

/** The node with the smallest key; NULL: the heap is empty. */
static inline struct leftist_node *leftist_heap_first(const struct leftist_heap *heap)
{
    return heap->root;
}

/** Adds @p node, which is in no heap, with its key; borrowed until it is removed. */
void leftist_heap_insert(struct leftist_heap *heap, struct leftist_node *node,
                         uint64_t key);

/** Removes @p node, which is in @p heap. */
void leftist_heap_remove(struct leftist_heap *heap, struct leftist_node *node);

#endif
