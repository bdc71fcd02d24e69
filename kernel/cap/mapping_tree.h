/**
 * mapping_tree.h - the mappings of an address space by address: a treap.
 *
 * A search tree by address whose heap order is by a hash of the address with a secret key,
 * so that nobody can choose addresses that make it deep. Pure: host tests run it beside
 * a sorted array. No recursion.
 */
#ifndef CAP_MAPPING_TREE_H
#define CAP_MAPPING_TREE_H

#include "cap/frame.h"
#include "core/derivation.h"

struct vspace;

/** One MAP_MEMORY: a child of the capability that it came from. */
struct mapping {
    struct cap_node node;  /**< node.word is CAP_NODE_MAPPING */
    struct frame *frame;   /**< what is mapped: all of it */
    struct vspace *vspace; /**< where */
    uint64_t virtual;     /**< address of the first page; MN_MAP_* flags in bits 0, 1 */
    struct mapping *left; /**< lower addresses */
    struct mapping *right; /**< higher addresses */
};
_Static_assert(sizeof(struct mapping) == 80, "SLAB_80");

struct mapping_tree {
    struct mapping *root;
    uint64_t key; /**< secret */
};

/** The address that a mapping begins at. */
static inline uint64_t mapping_start(const struct mapping *mapping)
{
    return mapping->virtual & ~(FRAME_BYTES - 1);
}

/** The address behind it. */
static inline uint64_t mapping_end(const struct mapping *mapping)
{
    return mapping_start(mapping) + (mapping->frame->pages << FRAME_SHIFT);
}

/** Adds a mapping; none in the tree overlaps it. */
void mapping_tree_insert(struct mapping_tree *tree, struct mapping *mapping);

/** Takes out a mapping that is in the tree. */
void mapping_tree_remove(struct mapping_tree *tree, struct mapping *mapping);

/** The mapping with the lowest address among those that end above @p address; or NULL. */
struct mapping *mapping_tree_find(const struct mapping_tree *tree, uint64_t address);

#endif
