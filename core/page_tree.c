/**
 * page_tree.c - see page_tree.h.
 */
#include "core/page_tree.h"

#include "core/assert.h"
#include <stddef.h>

/** The heap order of an address: the finalizer of a 64-bit mixing hash. */
static uint64_t rank(const struct page_tree *tree, const struct page_tree_node *node)
{
    uint64_t x = page_tree_address(node) ^ tree->key;

    x = (x ^ x >> 32) * 0x9e3779b97f4a7c15ull;
    x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9ull;
    return x ^ x >> 32;
}

void page_tree_insert(struct page_tree *tree, struct page_tree_node *node)
{
    struct page_tree_node **link = &tree->root;
    struct page_tree_node **left = &node->left;
    struct page_tree_node **right = &node->right;
    uint64_t own = rank(tree, node);
    struct page_tree_node *rest;

    while (*link != NULL && rank(tree, *link) > own) {
        link = node->virtual < (*link)->virtual ? &(*link)->left : &(*link)->right;
    }
    /* What hangs here is split by address into the new one's two subtrees. */
    rest = *link;
    *link = node;
    while (rest != NULL) {
        if (rest->virtual < node->virtual) {
            *left = rest;
            left = &rest->right;
            rest = *left;
        } else {
            *right = rest;
            right = &rest->left;
            rest = *right;
        }
    }
    *left = NULL;
    *right = NULL;
}

void page_tree_remove(struct page_tree *tree, struct page_tree_node *node)
{
    struct page_tree_node **link = &tree->root;
    struct page_tree_node *left = node->left;
    struct page_tree_node *right = node->right;

    while (*link != node) {
        ASSERT(*link != NULL);
        link = node->virtual < (*link)->virtual ? &(*link)->left : &(*link)->right;
    }
    while (left != NULL && right != NULL) {
        if (rank(tree, left) > rank(tree, right)) {
            *link = left;
            link = &left->right;
            left = *link;
        } else {
            *link = right;
            link = &right->left;
            right = *link;
        }
    }
    *link = left != NULL ? left : right;
    node->left = NULL;
    node->right = NULL;
}

struct page_tree_node *page_tree_find(const struct page_tree *tree, uint64_t address,
                                      struct page_tree_node **out_above)
{
    struct page_tree_node *at = tree->root;
    struct page_tree_node *below = NULL;
    struct page_tree_node *above = NULL;

    while (at != NULL) {
        if (page_tree_address(at) <= address) {
            below = at;
            at = at->right;
        } else {
            above = at;
            at = at->left;
        }
    }
    *out_above = above;
    return below;
}
