/**
 * derivation.h - the derivation tree: which capability was made from which.
 *
 * Every capability, every mapping and the anchor of every account is a node. A copy is a
 * child of what it was copied from. All operations but derivation_parent() take constant
 * time, whatever the size of the tree: the children of a node form a list, whose two
 * ends point back to the parent (a tagged pointer), so that removing a node can hand
 * its whole list of children to its parent at once.
 *
 * Pure: host tests run it beside a plain model. Lock: the kernel's.
 */
#ifndef CAP_DERIVATION_H
#define CAP_DERIVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cap_node {
    uint32_t word;     /**< of a slot: type, rights, flags (slot.h); CAP_NODE_* else */
    uint32_t reserved; /**< 0 */
    struct cap_node *first; /**< the first child; NULL: none */
    struct cap_node *last;  /**< the last child; NULL: none */
    uintptr_t next;     /**< the next sibling; the last has its parent's address | 1 */
    uintptr_t previous; /**< the previous sibling; the first its parent's | 1 */
};
_Static_assert(sizeof(struct cap_node) == 40, "slots have 64 bytes");

/** Words of nodes that are no slots; a slot's type is below these. */
#define CAP_NODE_MAPPING 0x80u
#define CAP_NODE_ANCHOR  0x81u /**< an account */
#define CAP_NODE_PROCESS 0x82u /**< a process, below the account that pays for it */
#define CAP_NODE_RETIRED \
    0x83u /**< a frame that a device may still write to (frame.h) */
#define CAP_NODE_BUDGET \
    0x84u /**< a budget of time, below the account that pays for it */

/** The embedder's: counts what comes and goes in all trees. */
extern uint64_t derivation_changes;

/** Makes @p node a tree of its own. */
void derivation_init_root(struct cap_node *node);

/** Makes @p node, which is in no tree and has no children, the first child of @p parent. */
void derivation_add_child(struct cap_node *parent, struct cap_node *node);

/** The same, as the last child. */
void derivation_add_last_child(struct cap_node *parent, struct cap_node *node);

/** The same for a @p node whose two links to children are NULL. */
static inline void derivation_add_leaf(struct cap_node *parent, struct cap_node *node)
{
    struct cap_node *next = parent->first;
    uintptr_t end = (uintptr_t)parent | 1;

    derivation_changes++;
    node->previous = end;
    parent->first = node;
    if (next == NULL) {
        node->next = end;
        parent->last = node;
    } else {
        node->next = (uintptr_t)next;
        next->previous = (uintptr_t)node;
    }
}

/** Takes @p node out of its tree. Its children become its parent's, in its place; the
 *  children of a root become roots. */
void derivation_remove(struct cap_node *node);

/** Puts @p heir, which is in no tree, in the place of @p node, which is in none then. */
void derivation_replace(struct cap_node *node, struct cap_node *heir);

/** The parent; NULL for a root. Takes time by the number of siblings. */
struct cap_node *derivation_parent(const struct cap_node *node);

/** A descendant without children; NULL when @p node has none. */
struct cap_node *derivation_leaf(const struct cap_node *node);

/** The next sibling; NULL behind the last. */
struct cap_node *derivation_next(const struct cap_node *node);

#endif
