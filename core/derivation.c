/**
 * derivation.c - see derivation.h.
 */
#include "core/derivation.h"

#define PARENT_TAG ((uintptr_t)1)

static uintptr_t tagged(const struct cap_node *parent)
{
    return (uintptr_t)parent | PARENT_TAG;
}

static struct cap_node *sibling(uintptr_t link)
{
    return (link & PARENT_TAG) != 0 ? NULL : (struct cap_node *)link;
}

static struct cap_node *parent_in(uintptr_t link)
{
    return (struct cap_node *)(link & ~PARENT_TAG);
}

void derivation_init_root(struct cap_node *node)
{
    node->first = NULL;
    node->last = NULL;
    node->next = tagged(NULL);
    node->previous = tagged(NULL);
}

void derivation_add_child(struct cap_node *parent, struct cap_node *node)
{
    node->first = NULL;
    node->last = NULL;
    derivation_add_leaf(parent, node);
}

void derivation_add_last_child(struct cap_node *parent, struct cap_node *node)
{
    derivation_changes++;
    node->first = NULL;
    node->last = NULL;
    node->next = tagged(parent);
    if (parent->last == NULL) {
        node->previous = tagged(parent);
        parent->first = node;
    } else {
        node->previous = (uintptr_t)parent->last;
        parent->last->next = (uintptr_t)node;
    }
    parent->last = node;
}

/** Makes what stands before @p link's end point to @p target; at a list's end: the
 *  parent's first child. */
static void link_from_previous(uintptr_t link, uintptr_t target)
{
    struct cap_node *before = sibling(link);
    struct cap_node *parent = parent_in(link);

    if (before != NULL) {
        before->next = target;
    } else if (parent != NULL) {
        parent->first = sibling(target);
    }
}

static void link_from_next(uintptr_t link, uintptr_t target)
{
    struct cap_node *behind = sibling(link);
    struct cap_node *parent = parent_in(link);

    if (behind != NULL) {
        behind->previous = target;
    } else if (parent != NULL) {
        parent->last = sibling(target);
    }
}

void derivation_remove(struct cap_node *node)
{
    derivation_changes++;
    if (node->first == NULL) {
        link_from_previous(node->previous, node->next);
        link_from_next(node->next, node->previous);
    } else {
        node->first->previous = node->previous;
        node->last->next = node->next;
        link_from_previous(node->previous, (uintptr_t)node->first);
        link_from_next(node->next, (uintptr_t)node->last);
    }
    derivation_init_root(node);
}

void derivation_replace(struct cap_node *node, struct cap_node *heir)
{
    derivation_changes++;
    heir->first = node->first;
    heir->last = node->last;
    heir->next = node->next;
    heir->previous = node->previous;
    if (node->first != NULL) {
        node->first->previous = tagged(heir);
        node->last->next = tagged(heir);
    }
    link_from_previous(node->previous, (uintptr_t)heir);
    link_from_next(node->next, (uintptr_t)heir);
    derivation_init_root(node);
}

struct cap_node *derivation_parent(const struct cap_node *node)
{
    while (sibling(node->next) != NULL) {
        node = sibling(node->next);
    }
    return parent_in(node->next);
}

struct cap_node *derivation_leaf(const struct cap_node *node)
{
    struct cap_node *leaf = node->first;

    while (leaf != NULL && leaf->first != NULL) {
        leaf = leaf->first;
    }
    return leaf;
}

struct cap_node *derivation_next(const struct cap_node *node)
{
    return sibling(node->next);
}
