/**
 * archive_tree.h - a USTAR archive in memory as a tree that can be read.
 *
 * Pure. The archive is untrusted: names that are no names (empty, ".", "..") end the entry that has them.
 * Contents stay where they are; the tree has names and places. Folders that only stand in
 * others' names are there too. Of several files with one name the last counts, as unpacking would leave it.
 */
#ifndef INITRD_FILES_ARCHIVE_TREE_H
#define INITRD_FILES_ARCHIVE_TREE_H

#include "core/ustar.h"
#include "libfile/file_system.h"

enum { ARCHIVE_NODES_MAX = 65536, ARCHIVE_ROOT = 0 };

struct archive_node {
    const uint8_t *data; /**< in the archive; NULL: a folder */
    uint64_t size;
    char *name; /**< owned; not terminated */
    uint32_t name_size;
    uint32_t parent;
};

/** The tree; zeroed before archive_tree_open(). */
struct archive_tree {
    struct archive_node *nodes; /**< 0 is the root */
    uint32_t count;
    uint32_t capacity;
    void *(*reallocate)(void *pointer, size_t size); /**< as C's realloc */
    void (*release)(void *pointer);
};

/** Reads the archive of @p size bytes. NULL, or what is wrong: then what was read is there. */
MN_MUST_CHECK const char *archive_tree_open(struct archive_tree *tree,
                                            const void *archive, size_t size);

/** Gives its memory back. */
void archive_tree_close(struct archive_tree *tree);

/** The operations on it; @p tree is lent. All that change anything are refused. */
struct file_system archive_file_system(struct archive_tree *tree);

#endif
