/**
 * page_tree.c - see page_tree.h.
 */
#include "core/page_tree.h"

#include "core/assert.h"
#include <stddef.h>

/** Where the search for @p address goes on below @p node. */
static struct page_tree_node **toward(struct page_tree_node *node, uint64_t address)
{
    return address < page_tree_address(node) ? &node->left : &node->right;
}

void page_tree_split(struct page_tree_node *rest, struct page_tree_node *node)
{
    struct page_tree_node **left = &node->left;
    struct page_tree_node **right = &node->right;
    uint64_t address = page_tree_address(node);

    while (rest != NULL) {
        if (page_tree_address(rest) < address) {
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
        link = toward(*link, page_tree_address(node));
    }
    while (left != NULL && right != NULL) {
        if (left->virtual > right->virtual) {
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
    node->virtual &= ~PAGE_TREE_RANK;
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
