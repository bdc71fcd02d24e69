/**
 * fake_tree.c - see fake_tree.h.
 */
#include "fake_tree.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void fake_tree_init(struct fake_tree *tree)
{
    memset(tree, 0, sizeof(*tree));
    tree->nodes[0].kind = FAKE_DIRECTORY;
    tree->count = 1;
}

void fake_tree_release(struct fake_tree *tree)
{
    for (unsigned i = 0; i < tree->count; i++) {
        free(tree->nodes[i].target);
    }
}

struct fake_node *fake_tree_add(struct fake_tree *tree, struct fake_node *parent,
                                enum fake_kind kind, const char *name,
                                const char *target)
{
    assert(tree->count < FAKE_NODES_MAX && strlen(name) < sizeof(parent->name));
    struct fake_node *node = &tree->nodes[tree->count++];

    node->kind = kind;
    node->parent = parent;
    strcpy(node->name, name);
    node->target = target != NULL ? strdup(target) : NULL;
    return node;
}

struct fake_node *fake_tree_child(struct fake_tree *tree,
                                  const struct fake_node *parent, const char *name)
{
    for (unsigned i = 1; i < tree->count; i++) {
        if (tree->nodes[i].parent == parent && strcmp(tree->nodes[i].name, name) == 0) {
            return &tree->nodes[i];
        }
    }
    return NULL;
}

struct wasi_object *fake_tree_open(struct fake_tree *tree, struct fake_node *node)
{
    struct wasi_object *object = malloc(sizeof(*object));

    assert(object != NULL);
    object->node = node;
    tree->open_count++;
    return object;
}

static void close_object(void *context, struct wasi_object *object)
{
    struct fake_tree *tree = context;

    assert(tree->open_count > 0);
    tree->open_count--;
    free(object);
}

/* What the interface promises about names. */
static void check_name(const char *name)
{
    assert(name[0] != '\0' && strchr(name, '/') == NULL && strcmp(name, "..") != 0 &&
           strcmp(name, ".") != 0);
    (void)name;
}

static enum wasi_errno open_directory_at(void *context, struct wasi_object *directory,
                                         const char *name,
                                         struct wasi_object **out_object)
{
    struct fake_tree *tree = context;

    check_name(name);
    struct fake_node *node = fake_tree_child(tree, directory->node, name);
    if (node == NULL) {
        return WASI_ENOENT;
    }
    if (node == tree->swapped) {
        node->kind = FAKE_LINK;
        node->target = strdup(tree->swapped_target);
        tree->swapped = NULL;
    }
    switch (node->kind) {
    case FAKE_DIRECTORY:
        *out_object = fake_tree_open(tree, node);
        return WASI_SUCCESS;
    case FAKE_LINK:
        return WASI_ELOOP;
    default:
        return WASI_ENOTDIR;
    }
}

static enum wasi_errno read_link_at(void *context, struct wasi_object *directory,
                                    const char *name, char *buffer, size_t size,
                                    size_t *out_size)
{
    check_name(name);
    const struct fake_node *node = fake_tree_child(context, directory->node, name);
    if (node == NULL) {
        return WASI_ENOENT;
    }
    if (node->kind != FAKE_LINK) {
        return WASI_EINVAL;
    }
    size_t length = strlen(node->target);
    *out_size = length < size ? length : size;
    memcpy(buffer, node->target, *out_size);
    return WASI_SUCCESS;
}

struct wasi_backend fake_tree_backend(struct fake_tree *tree)
{
    return (struct wasi_backend){.context = tree,
                                 .open_directory_at = open_directory_at,
                                 .read_link_at = read_link_at,
                                 .close = close_object};
}
