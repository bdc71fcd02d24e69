/**
 * page_tree.h - what stands where in an address space: a treap by address.
 *
 * A search tree by address whose heap order is by a hash of the address with a secret key,
 * so that nobody can choose addresses that make it deep. Pure: host tests run it beside
 * an array. No recursion.
 */
#ifndef CORE_PAGE_TREE_H
#define CORE_PAGE_TREE_H

#include <stdint.h>

#define PAGE_TREE_MASK 0xfffull

/** Part of what stands in a tree. */
struct page_tree_node {
    /** The address of its first page; bits 0 to 11 are the owner's own. */
    uint64_t virtual;
    struct page_tree_node *left;  /**< lower addresses */
    struct page_tree_node *right; /**< higher addresses */
};

struct page_tree {
    struct page_tree_node *root; /**< NULL: empty */
    uint64_t key;                /**< secret */
};

/** The address that a node begins at. */
static inline uint64_t page_tree_address(const struct page_tree_node *node)
{
    return node->virtual & ~PAGE_TREE_MASK;
}

/** Adds a node; none in the tree begins with the same page. */
void page_tree_insert(struct page_tree *tree, struct page_tree_node *node);

/** Takes out a node that is in the tree; one that is not is a bug that is caught. */
void page_tree_remove(struct page_tree *tree, struct page_tree_node *node);

/** The last node that begins at or below @p address, or NULL; in @p out_above the first
 *  that begins above it, or NULL. */
struct page_tree_node *page_tree_find(const struct page_tree *tree, uint64_t address,
                                      struct page_tree_node **out_above);

#endif
