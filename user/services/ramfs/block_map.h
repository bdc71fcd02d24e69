/**
 * block_map.h - memory in blocks under a quota, and growing maps from an index to a block.
 *
 * Everything that the RAM file system keeps is blocks of RAMFS_BLOCK bytes: contents, the
 * maps' own index blocks, inodes, directory entries. A pool counts them; what a pool has given
 * out is what its maps hold, no more and no less.
 *
 * A map is a tree of index blocks of 512 pointers. An index without a block is a hole.
 */
#ifndef RAMFS_BLOCK_MAP_H
#define RAMFS_BLOCK_MAP_H

#include "core/attributes.h"
#include "protocols/file.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RAMFS_BLOCK = 4096,
    RAMFS_FANOUT = RAMFS_BLOCK / sizeof(void *),
    RAMFS_HEIGHT_MAX = 4
};

/** Blocks of one map: indexes are below it. */
#define RAMFS_MAP_BLOCKS (1ull << 36)

/** Where blocks come from: page-aligned, contents undefined. NULL: there are none. */
struct ramfs_memory {
    void *context;
    void *(*take)(void *context);
    void (*give)(void *context, void *block);
};

/** Memory under a quota. */
struct ramfs_pool {
    const struct ramfs_memory *memory; /**< borrowed */
    uint64_t quota_blocks;
    uint64_t used_blocks; /**< at most the quota */
};

/** Zeroed: empty. */
struct block_map {
    void *root;      /**< a block, an index block, or NULL */
    uint64_t height; /**< levels of index blocks, to RAMFS_HEIGHT_MAX */
};

/** The block at @p index, or NULL: a hole. */
void *block_map_find(const struct block_map *map, uint64_t index);

/**
 * The block at @p index, below RAMFS_MAP_BLOCKS; made and zeroed where there is none.
 * FILE_QUOTA, FILE_NO_SPACE: what it took on the way stays in the map, empty.
 */
MN_MUST_CHECK enum file_status block_map_make(struct ramfs_pool *pool,
                                              struct block_map *map, uint64_t index,
                                              void **out_block);

/** Gives back the blocks from @p first on. */
void block_map_cut(struct ramfs_pool *pool, struct block_map *map, uint64_t first);

/** How many blocks the map holds, index blocks included. */
uint64_t block_map_count(const struct block_map *map);

#endif
