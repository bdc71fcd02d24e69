/**
 * fake_tree.h - a backend whose file system is a tree in memory, for tests of resolution.
 *
 * It counts open objects, so that a test sees a leak, and can swap a directory for a link at
 * the moment it is looked at: the race that resolution must survive.
 */
#ifndef TESTS_UNIT_WASI_FAKE_TREE_H
#define TESTS_UNIT_WASI_FAKE_TREE_H

#include "wasi/wasi_backend.h"

enum { FAKE_NODES_MAX = 256, FAKE_TARGET_MAX = 5000 };

enum fake_kind { FAKE_FILE, FAKE_DIRECTORY, FAKE_LINK };

struct fake_node {
    enum fake_kind kind;
    struct fake_node *parent; /**< NULL: the root of the tree */
    char name[300];
    char *target; /**< a link's */
};

struct fake_tree {
    struct fake_node nodes[FAKE_NODES_MAX]; /**< nodes[0] is the outside's root */
    unsigned count;
    unsigned open_count;
    const struct fake_node
        *swapped; /**< becomes a link to `swapped_target` when opened */
    const char *swapped_target;
};

struct wasi_object {
    struct fake_node *node;
};

/** An empty tree: its root, node 0, is a directory. */
void fake_tree_init(struct fake_tree *tree);
void fake_tree_release(struct fake_tree *tree);

/** Adds a node; @p target for links, copied. */
struct fake_node *fake_tree_add(struct fake_tree *tree, struct fake_node *parent,
                                enum fake_kind kind, const char *name,
                                const char *target);

/** The child @p name of @p parent, or NULL. */
struct fake_node *fake_tree_child(struct fake_tree *tree,
                                  const struct fake_node *parent, const char *name);

/** An object for a node; closed by the backend's close(). */
struct wasi_object *fake_tree_open(struct fake_tree *tree, struct fake_node *node);

/** The backend: only what resolution and the descriptor table call. */
struct wasi_backend fake_tree_backend(struct fake_tree *tree);

#endif
