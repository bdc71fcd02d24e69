/**
 * volume.h - a RAM file system: a tree of directories, files and links under a quota.
 *
 * Pure: memory and time come from its maker. Objects are named by inode numbers; a name is a
 * checked one (protocols/file.h): 1 to FILE_NAME_MAX bytes, no slash, neither "." nor "..".
 *
 * An inode lives while it has links or is held. Who holds one gives it back by
 * volume_release(). Access times are those of creation or of volume_set_times(): reading changes nothing.
 *
 * Invariants: used_blocks of the pool is what the inodes' maps and the inode table hold; a
 * directory that is not empty has a link; each directory but the root has one entry and the
 * directories above it end at the root.
 */
#ifndef RAMFS_VOLUME_H
#define RAMFS_VOLUME_H

#include "services/ramfs/block_map.h"

enum { RAMFS_ROOT = 1, RAMFS_LINKS_MAX = 65535 };

/** A file's bytes are below it. */
#define RAMFS_FILE_MAX ((uint64_t)RAMFS_BLOCK << 35)

struct ramfs_inode {
    struct block_map data;
    uint64_t size; /**< bytes; of a directory a multiple of RAMFS_BLOCK */
    uint64_t access_time_ns;
    uint64_t modification_time_ns;
    uint64_t change_time_ns;
    uint32_t number;
    uint32_t type; /**< enum file_type; FILE_TYPE_UNKNOWN: it is free */
    uint32_t
        link_count; /**< names; a directory has 2 and one for each directory in it */
    uint32_t hold_count;
    uint32_t parent;    /**< of a directory: the one that it is in */
    uint32_t entries;   /**< of a directory */
    uint32_t next_free; /**< of a free one; 0: the last */
    uint32_t reserved[7];
};
_Static_assert(sizeof(struct ramfs_inode) == 104, "no holes");

struct ramfs_volume {
    struct ramfs_pool pool;
    struct block_map inodes; /**< RAMFS_INODES_PER_BLOCK in a block, by number */
    uint32_t inode_count;    /**< numbers below it were used; 0 never is */
    uint32_t free_inode;     /**< the first of the free ones, or 0 */
    uint64_t now_ns;         /**< the time of changes, set by the caller before each */
};

enum { RAMFS_INODES_PER_BLOCK = RAMFS_BLOCK / sizeof(struct ramfs_inode) };

/** Where an entry is: its directory's inode number and its name. */
struct ramfs_name {
    uint32_t directory;
    const char *bytes;
    uint32_t size;
};

/* --- volume.c: the whole, and its inodes --- */

/** Makes a volume of at most @p quota_blocks blocks with an empty root. FILE_QUOTA, FILE_NO_SPACE. */
MN_MUST_CHECK enum file_status volume_init(struct ramfs_volume *volume,
                                           const struct ramfs_memory *memory,
                                           uint64_t quota_blocks, uint64_t now_ns);

/** Gives all of it back; nothing of it may be used any more. */
void volume_destroy(struct ramfs_volume *volume);

/** The inode @p number, which is in use. NULL: it is not. */
struct ramfs_inode *volume_inode(const struct ramfs_volume *volume, uint32_t number);

/** Makes an inode of @p type without links, held once. FILE_QUOTA, FILE_NO_SPACE. */
MN_MUST_CHECK enum file_status volume_make_inode(struct ramfs_volume *volume,
                                                 enum file_type type,
                                                 struct ramfs_inode **out_inode);

void volume_hold(struct ramfs_inode *inode);

/** Inverse of volume_hold() and volume_make_inode(); frees what has no links. */
void volume_release(struct ramfs_volume *volume, struct ramfs_inode *inode);

/** Takes a link away; frees what is not held and has none left. */
void volume_unlink_inode(struct ramfs_volume *volume, struct ramfs_inode *inode);

/* --- file.c: contents of a file, target of a link --- */

/** Reads up to @p size bytes at @p offset; 0 bytes at the end. */
uint64_t volume_read(const struct ramfs_inode *inode, uint64_t offset, void *to,
                     uint64_t size);

/** Writes and grows. FILE_TOO_LARGE, or, if nothing could be written, FILE_QUOTA, FILE_NO_SPACE. */
MN_MUST_CHECK enum file_status volume_write(struct ramfs_volume *volume,
                                            struct ramfs_inode *inode, uint64_t offset,
                                            const void *from, uint64_t size,
                                            uint64_t *out_size);

/** FILE_TOO_LARGE. Growing takes no memory: it makes a hole. */
MN_MUST_CHECK enum file_status
volume_set_size(struct ramfs_volume *volume, struct ramfs_inode *inode, uint64_t size);

/** Fills holes in [@p offset, +@p size) and grows. FILE_TOO_LARGE, FILE_QUOTA, FILE_NO_SPACE. */
MN_MUST_CHECK enum file_status volume_allocate(struct ramfs_volume *volume,
                                               struct ramfs_inode *inode,
                                               uint64_t offset, uint64_t size);

/* --- directory.c: entries of one directory --- */

/** The inode number of the entry, or 0. */
uint32_t directory_find(const struct ramfs_inode *directory, const char *name,
                        uint32_t size);

/** Adds an entry; there is none of that name. FILE_QUOTA, FILE_NO_SPACE. */
MN_MUST_CHECK enum file_status directory_add(struct ramfs_volume *volume,
                                             struct ramfs_inode *directory,
                                             const struct ramfs_name *name,
                                             const struct ramfs_inode *inode);

/** Takes the entry, which is there, out. Entries keep their places. */
void directory_remove(struct ramfs_volume *volume, struct ramfs_inode *directory,
                      const char *name, uint32_t size);

/** Lets the entry, which is there, name another inode. */
void directory_replace(struct ramfs_inode *directory, const struct ramfs_name *name,
                       const struct ramfs_inode *inode);

/**
 * Fills @p to with struct file_entry's from @p cookie on, as many as fit; 0 bytes: the end, or
 * not even one fits. Any cookie is fine.
 */
uint64_t directory_read(const struct ramfs_inode *directory, uint64_t cookie,
                        uint8_t *to, uint64_t size);

/* --- names.c: what changes the tree --- */

/** The inode that @p name is. FILE_NO_ENTRY, FILE_NOT_DIRECTORY, FILE_BAD_HANDLE. */
MN_MUST_CHECK enum file_status volume_find(const struct ramfs_volume *volume,
                                           const struct ramfs_name *name,
                                           struct ramfs_inode **out_inode);

/**
 * Makes a file, directory or link of that name, held once. FILE_EXISTS, FILE_NO_ENTRY: the directory
 * was removed; FILE_NOT_DIRECTORY, FILE_TOO_MANY_LINKS, FILE_QUOTA, FILE_NO_SPACE.
 */
MN_MUST_CHECK enum file_status volume_create(struct ramfs_volume *volume,
                                             const struct ramfs_name *name,
                                             enum file_type type,
                                             struct ramfs_inode **out_inode);

/** Makes a link to the @p size bytes of @p target. As volume_create(), nothing held. */
MN_MUST_CHECK enum file_status volume_symlink(struct ramfs_volume *volume,
                                              const struct ramfs_name *name,
                                              const void *target, uint64_t size);

/** FILE_IS_DIRECTORY, and as volume_find(). */
MN_MUST_CHECK enum file_status volume_unlink(struct ramfs_volume *volume,
                                             const struct ramfs_name *name);

/** FILE_NOT_DIRECTORY, FILE_NOT_EMPTY, and as volume_find(). */
MN_MUST_CHECK enum file_status volume_remove_directory(struct ramfs_volume *volume,
                                                       const struct ramfs_name *name);

/** FILE_NOT_PERMITTED: a directory; FILE_EXISTS, FILE_TOO_MANY_LINKS, and as volume_create(). */
MN_MUST_CHECK enum file_status volume_link(struct ramfs_volume *volume,
                                           const struct ramfs_name *from,
                                           const struct ramfs_name *to);

/** As rename(2). FILE_INVALID: a directory into itself; FILE_NOT_EMPTY, FILE_IS_DIRECTORY,
 *  FILE_NOT_DIRECTORY: by what is replaced; and as volume_create(). */
MN_MUST_CHECK enum file_status volume_rename(struct ramfs_volume *volume,
                                             const struct ramfs_name *from,
                                             const struct ramfs_name *to);

#endif
