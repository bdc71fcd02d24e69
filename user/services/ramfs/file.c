/**
 * file.c - the contents of files and the targets of links; see volume.h.
 *
 * Bytes behind the size are zero in every block that is there, so that growing shows zeros.
 */
#include "core/bytes.h"
#include "core/checked_math.h"
#include "services/ramfs/volume.h"

/** A piece of a range that lies in one block. */
struct piece {
    uint64_t index; /* of the block */
    uint64_t begin; /* in the block */
    uint64_t size;
};

static struct piece first_piece(uint64_t offset, uint64_t size)
{
    uint64_t begin = offset % RAMFS_BLOCK;
    uint64_t room = RAMFS_BLOCK - begin;

    return (struct piece){.index = offset / RAMFS_BLOCK,
                          .begin = begin,
                          .size = size < room ? size : room};
}

uint64_t volume_read(const struct ramfs_inode *inode, uint64_t offset, void *to,
                     uint64_t size)
{
    uint64_t done = 0;

    if (offset >= inode->size) {
        return 0;
    }
    if (size > inode->size - offset) {
        size = inode->size - offset;
    }
    while (done < size) {
        struct piece piece = first_piece(offset + done, size - done);
        const uint8_t *block = block_map_find(&inode->data, piece.index);
        uint8_t *into = (uint8_t *)to + done;

        if (block == NULL) {
            memset(into, 0, piece.size);
        } else {
            memcpy(into, block + piece.begin, piece.size);
        }
        done += piece.size;
    }
    return done;
}

static bool is_too_large(uint64_t offset, uint64_t size)
{
    return !range_fits(offset, size, RAMFS_FILE_MAX);
}

static void grow_to(struct ramfs_inode *inode, uint64_t size)
{
    if (size > inode->size) {
        inode->size = size;
    }
}

static void touch(const struct ramfs_volume *volume, struct ramfs_inode *inode)
{
    inode->modification_time_ns = volume->now_ns;
    inode->change_time_ns = volume->now_ns;
}

enum file_status volume_write(struct ramfs_volume *volume, struct ramfs_inode *inode,
                              uint64_t offset, const void *from, uint64_t size,
                              uint64_t *out_size)
{
    enum file_status status = FILE_OK;
    uint64_t done = 0;

    if (is_too_large(offset, size)) {
        return FILE_TOO_LARGE;
    }
    while (done < size) {
        struct piece piece = first_piece(offset + done, size - done);
        void *block;

        status = block_map_make(&volume->pool, &inode->data, piece.index, &block);
        if (status != FILE_OK) {
            break;
        }
        memcpy((uint8_t *)block + piece.begin, (const uint8_t *)from + done,
               piece.size);
        done += piece.size;
        grow_to(inode, offset + done);
    }
    if (done == 0 && status != FILE_OK) {
        return status;
    }
    touch(volume, inode);
    *out_size = done;
    return FILE_OK;
}

enum file_status volume_set_size(struct ramfs_volume *volume, struct ramfs_inode *inode,
                                 uint64_t size)
{
    if (is_too_large(size, 0)) {
        return FILE_TOO_LARGE;
    }
    if (size < inode->size) {
        uint64_t tail = size % RAMFS_BLOCK;
        uint8_t *last =
            tail == 0 ? NULL : block_map_find(&inode->data, size / RAMFS_BLOCK);
        if (last != NULL) {
            memset(last + tail, 0, RAMFS_BLOCK - tail);
        }
        block_map_cut(&volume->pool, &inode->data,
                      (size + RAMFS_BLOCK - 1) / RAMFS_BLOCK);
    }
    inode->size = size;
    touch(volume, inode);
    return FILE_OK;
}

enum file_status volume_allocate(struct ramfs_volume *volume, struct ramfs_inode *inode,
                                 uint64_t offset, uint64_t size)
{
    if (is_too_large(offset, size)) {
        return FILE_TOO_LARGE;
    }
    uint64_t end = (offset + size + RAMFS_BLOCK - 1) / RAMFS_BLOCK;
    for (uint64_t index = offset / RAMFS_BLOCK; index < end; index++) {
        void *block;
        enum file_status status =
            block_map_make(&volume->pool, &inode->data, index, &block);

        if (status != FILE_OK) {
            return status;
        }
    }
    grow_to(inode, offset + size);
    touch(volume, inode);
    return FILE_OK;
}
