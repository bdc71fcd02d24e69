/**
 * mapping_tree.c - see mapping_tree.h.
 */
#include "cap/mapping_tree.h"

#include "core/assert.h"

/** The heap order of an address: the finalizer of a 64-bit mixing hash. */
static uint64_t rank(const struct mapping_tree *tree, const struct mapping *mapping)
{
    uint64_t x = mapping_start(mapping) ^ tree->key;

    x = (x ^ x >> 32) * 0x9e3779b97f4a7c15ull;
    x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9ull;
    return x ^ x >> 32;
}

void mapping_tree_insert(struct mapping_tree *tree, struct mapping *mapping)
{
    struct mapping **link = &tree->root;
    struct mapping **left = &mapping->left;
    struct mapping **right = &mapping->right;
    uint64_t own = rank(tree, mapping);
    struct mapping *rest;

    while (*link != NULL && rank(tree, *link) > own) {
        link = mapping->virtual < (*link)->virtual ? &(*link)->left : &(*link)->right;
    }
    /* What hangs here is split by address into the new one's two subtrees. */
    rest = *link;
    *link = mapping;
    while (rest != NULL) {
        if (rest->virtual < mapping->virtual) {
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

void mapping_tree_remove(struct mapping_tree *tree, struct mapping *mapping)
{
    struct mapping **link = &tree->root;
    struct mapping *left = mapping->left;
    struct mapping *right = mapping->right;

    while (*link != mapping) {
        ASSERT(*link != NULL);
        link = mapping->virtual < (*link)->virtual ? &(*link)->left : &(*link)->right;
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
    mapping->left = NULL;
    mapping->right = NULL;
}

struct mapping *mapping_tree_find(const struct mapping_tree *tree, uint64_t address)
{
    struct mapping *at = tree->root;
    struct mapping *best = NULL;

    while (at != NULL) {
        if (mapping_end(at) > address) {
            best = at;
            at = at->left;
        } else {
            at = at->right;
        }
    }
    return best;
}
