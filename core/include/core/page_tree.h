/**
 * page_tree.h - what stands where in an address space: a treap by address.
 *
 * A search tree by address whose heap order is random, from a secret seed, so that nobody can
 * choose addresses that make it deep. Pure: host tests run it beside an array. No recursion.
 */
#ifndef CORE_PAGE_TREE_H
#define CORE_PAGE_TREE_H

#include <stddef.h>
#include <stdint.h>

#define PAGE_TREE_ADDRESS 0x00007ffffffff000ull
#define PAGE_TREE_RANK    0xffff800000000000ull

/** Part of what stands in a tree. */
struct page_tree_node {
    /** The address of its first page, below 2^47; bits 0 to 11 are the owner's own. While it
     *  is in a tree its place in the heap order is in the bits above. */
    uint64_t virtual;
    struct page_tree_node *left;  /**< lower addresses */
    struct page_tree_node *right; /**< higher addresses */
};

struct page_tree {
    struct page_tree_node *root; /**< NULL: empty */
    uint64_t key;                /**< secret; changes with each node that is added */
};

/** The address that a node begins at. */
static inline uint64_t page_tree_address(const struct page_tree_node *node)
{
    return node->virtual & PAGE_TREE_ADDRESS;
}

/** Part of page_tree_insert(): what hangs at @p rest is split by address into the two subtrees
 *  of @p node. */
void page_tree_split(struct page_tree_node *rest, struct page_tree_node *node);

/** Adds a node, whose two links are NULL; none in the tree begins with the same page. Inlined,
 *  because it is most of what a mapping costs. */
static inline void page_tree_insert(struct page_tree *tree, struct page_tree_node *node)
{
    struct page_tree_node **link = &tree->root;
    uint64_t address = page_tree_address(node);
    uint64_t own;

    /* The high bits of a linear congruential generator are its place in the heap order; equal
       ones are ordered by what is below them. */
    tree->key = tree->key * 0x5851f42d + 0x14057b7f;
    own = node->virtual | (tree->key & PAGE_TREE_RANK);
    node->virtual = own;
    while (*link != NULL) {
        struct page_tree_node *at = *link;

        if (at->virtual < own) {
            page_tree_split(at, node);
            break;
        }
        if (address < page_tree_address(at)) {
            link = &at->left;
        } else {
            link = &at->right;
        }
    }
    *link = node;
}

/** Takes out a node that is in the tree; one that is not is a bug that is caught. */
void page_tree_remove(struct page_tree *tree, struct page_tree_node *node);

/** The last node that begins at or below @p address, or NULL; in @p out_above the first
 *  that begins above it, or NULL. */
struct page_tree_node *page_tree_find(const struct page_tree *tree, uint64_t address,
                                      struct page_tree_node **out_above);

#endif
