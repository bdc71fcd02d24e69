/**
 * block_map.c - see block_map.h. Trees are at most RAMFS_HEIGHT_MAX high, which bounds recursion.
 */
#include "services/ramfs/block_map.h"
#include "core/bytes.h"

enum { FANOUT_SHIFT = 9 };
_Static_assert(RAMFS_FANOUT == 1 << FANOUT_SHIFT, "one digit of an index a level");

static void **index_block(void *block)
{
    return block;
}

/** Blocks under a tree of @p height. */
static uint64_t reach(uint64_t height)
{
    return 1ull << (FANOUT_SHIFT * height);
}

/** The digit of @p index that picks the child of a tree of @p height, above 0. */
static size_t digit(uint64_t index, uint64_t height)
{
    return index >> (FANOUT_SHIFT * (height - 1)) & (RAMFS_FANOUT - 1);
}

static enum file_status take_block(struct ramfs_pool *pool, void **out_block)
{
    if (pool->used_blocks >= pool->quota_blocks) {
        return FILE_QUOTA;
    }
    void *block = pool->memory->take(pool->memory->context);
    if (block == NULL) {
        return FILE_NO_SPACE;
    }
    memset(block, 0, RAMFS_BLOCK);
    pool->used_blocks++;
    *out_block = block;
    return FILE_OK;
}

static void give_block(struct ramfs_pool *pool, void *block)
{
    pool->used_blocks--;
    pool->memory->give(pool->memory->context, block);
}

void *block_map_find(const struct block_map *map, uint64_t index)
{
    void *block = map->root;

    if (index >= reach(map->height)) {
        return NULL;
    }
    for (uint64_t height = map->height; height > 0 && block != NULL; height--) {
        block = index_block(block)[digit(index, height)];
    }
    return block;
}

/** Makes the tree high enough for @p index. */
static enum file_status grow(struct ramfs_pool *pool, struct block_map *map,
                             uint64_t index)
{
    while (index >= reach(map->height)) {
        void *above;

        if (map->root != NULL) {
            enum file_status status = take_block(pool, &above);
            if (status != FILE_OK) {
                return status;
            }
            index_block(above)[0] = map->root;
            map->root = above;
        }
        map->height++;
    }
    return FILE_OK;
}

enum file_status block_map_make(struct ramfs_pool *pool, struct block_map *map,
                                uint64_t index, void **out_block)
{
    enum file_status status = grow(pool, map, index);
    void **place = &map->root;

    for (uint64_t height = map->height; status == FILE_OK; height--) {
        if (*place == NULL) {
            status = take_block(pool, place);
        }
        if (status != FILE_OK || height == 0) {
            break;
        }
        place = &index_block(*place)[digit(index, height)];
    }
    if (status == FILE_OK) {
        *out_block = *place;
    }
    return status;
}

/** Gives back what of the tree lies from @p first on; the tree itself if that is all. */
static void cut_tree(struct ramfs_pool *pool, void **tree, uint64_t height,
                     uint64_t first)
{
    if (*tree == NULL || first >= reach(height)) {
        return;
    }
    for (size_t i = 0; height > 0 && i < RAMFS_FANOUT; i++) {
        uint64_t begin = i * reach(height - 1);
        uint64_t inside = first > begin ? first - begin : 0;
        cut_tree(pool, &index_block(*tree)[i], height - 1, inside);
    }
    if (first == 0) {
        give_block(pool, *tree);
        *tree = NULL;
    }
}

void block_map_cut(struct ramfs_pool *pool, struct block_map *map, uint64_t first)
{
    cut_tree(pool, &map->root, map->height, first);
    if (map->root == NULL) {
        map->height = 0;
    }
}

static uint64_t count_tree(void *tree, uint64_t height)
{
    uint64_t count = 1;

    if (tree == NULL) {
        return 0;
    }
    for (size_t i = 0; height > 0 && i < RAMFS_FANOUT; i++) {
        count += count_tree(index_block(tree)[i], height - 1);
    }
    return count;
}

uint64_t block_map_count(const struct block_map *map)
{
    return count_tree(map->root, map->height);
}
