/**
 * volume.c - a volume as a whole and its table of inodes; see volume.h.
 *
 * Inodes never move: one that is free stays in the table, in a list, for the next to be made.
 */
#include "services/ramfs/volume.h"
#include "core/bytes.h"

static struct ramfs_inode *place_of(void *block, uint32_t number)
{
    return (struct ramfs_inode *)block + number % RAMFS_INODES_PER_BLOCK;
}

enum file_status volume_init(struct ramfs_volume *volume,
                             const struct ramfs_memory *memory, uint64_t quota_blocks,
                             uint64_t now_ns)
{
    struct ramfs_inode *root;

    *volume =
        (struct ramfs_volume){.pool = {.memory = memory, .quota_blocks = quota_blocks},
                              .inode_count = RAMFS_ROOT,
                              .now_ns = now_ns};
    enum file_status status = volume_make_inode(volume, FILE_TYPE_DIRECTORY, &root);
    if (status == FILE_OK) {
        root->link_count = 2;
        root->parent = RAMFS_ROOT;
        root->hold_count = 0; /* its links keep it */
    }
    return status;
}

void volume_destroy(struct ramfs_volume *volume)
{
    for (uint32_t number = RAMFS_ROOT; number < volume->inode_count; number++) {
        struct ramfs_inode *inode = volume_inode(volume, number);
        if (inode != NULL) {
            block_map_cut(&volume->pool, &inode->data, 0);
        }
    }
    block_map_cut(&volume->pool, &volume->inodes, 0);
    volume->inode_count = 0;
}

struct ramfs_inode *volume_inode(const struct ramfs_volume *volume, uint32_t number)
{
    if (number < RAMFS_ROOT || number >= volume->inode_count) {
        return NULL;
    }
    void *block = block_map_find(&volume->inodes, number / RAMFS_INODES_PER_BLOCK);
    if (block == NULL) {
        return NULL;
    }
    struct ramfs_inode *inode = place_of(block, number);
    return inode->type == FILE_TYPE_UNKNOWN ? NULL : inode;
}

/** A free inode's place: the first of the list, or a new one. */
static enum file_status take_place(struct ramfs_volume *volume, uint32_t *out_number,
                                   struct ramfs_inode **out_inode)
{
    bool is_new = volume->free_inode == 0;
    uint32_t number = is_new ? volume->inode_count : volume->free_inode;
    void *block;

    if (number == UINT32_MAX) {
        return FILE_NO_SPACE;
    }
    enum file_status status = block_map_make(&volume->pool, &volume->inodes,
                                             number / RAMFS_INODES_PER_BLOCK, &block);
    if (status != FILE_OK) {
        return status;
    }
    *out_inode = place_of(block, number);
    *out_number = number;
    if (is_new) {
        volume->inode_count++;
    } else {
        volume->free_inode = (*out_inode)->next_free;
    }
    return FILE_OK;
}

enum file_status volume_make_inode(struct ramfs_volume *volume, enum file_type type,
                                   struct ramfs_inode **out_inode)
{
    struct ramfs_inode *inode;
    uint32_t number;
    enum file_status status = take_place(volume, &number, &inode);

    if (status != FILE_OK) {
        return status;
    }
    *inode = (struct ramfs_inode){.access_time_ns = volume->now_ns,
                                  .modification_time_ns = volume->now_ns,
                                  .change_time_ns = volume->now_ns,
                                  .number = number,
                                  .type = type,
                                  .hold_count = 1};
    *out_inode = inode;
    return FILE_OK;
}

static void free_if_unused(struct ramfs_volume *volume, struct ramfs_inode *inode)
{
    if (inode->hold_count != 0 || inode->link_count != 0) {
        return;
    }
    block_map_cut(&volume->pool, &inode->data, 0);
    inode->type = FILE_TYPE_UNKNOWN;
    inode->next_free = volume->free_inode;
    volume->free_inode = inode->number;
}

void volume_hold(struct ramfs_inode *inode)
{
    inode->hold_count++;
}

void volume_release(struct ramfs_volume *volume, struct ramfs_inode *inode)
{
    inode->hold_count--;
    free_if_unused(volume, inode);
}

void volume_unlink_inode(struct ramfs_volume *volume, struct ramfs_inode *inode)
{
    inode->link_count--;
    inode->change_time_ns = volume->now_ns;
    free_if_unused(volume, inode);
}
