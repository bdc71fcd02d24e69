/**
 * names.c - what changes the tree of a volume; see volume.h.
 *
 * Each operation checks all before it changes anything; what may still fail then, for want of
 * memory, is the first change.
 */
#include "core/bytes.h"
#include "services/ramfs/volume.h"

static enum file_status find_directory(const struct ramfs_volume *volume,
                                       uint32_t number,
                                       struct ramfs_inode **out_directory)
{
    struct ramfs_inode *directory = volume_inode(volume, number);

    if (directory == NULL) {
        return FILE_BAD_HANDLE;
    }
    if (directory->type != FILE_TYPE_DIRECTORY) {
        return FILE_NOT_DIRECTORY;
    }
    *out_directory = directory;
    return FILE_OK;
}

enum file_status volume_find(const struct ramfs_volume *volume,
                             const struct ramfs_name *name,
                             struct ramfs_inode **out_inode)
{
    struct ramfs_inode *directory;
    enum file_status status = find_directory(volume, name->directory, &directory);

    if (status != FILE_OK) {
        return status;
    }
    uint32_t number = directory_find(directory, name->bytes, name->size);
    if (number == 0) {
        return FILE_NO_ENTRY;
    }
    *out_inode = volume_inode(volume, number);
    return FILE_OK;
}

/** The directory in which a new entry @p name is to be: it is not there yet. */
static enum file_status find_free_name(const struct ramfs_volume *volume,
                                       const struct ramfs_name *name,
                                       struct ramfs_inode **out_directory)
{
    enum file_status status = find_directory(volume, name->directory, out_directory);

    if (status != FILE_OK) {
        return status;
    }
    if ((*out_directory)->link_count == 0) {
        return FILE_NO_ENTRY; /* it was removed */
    }
    return directory_find(*out_directory, name->bytes, name->size) == 0 ? FILE_OK
                                                                        : FILE_EXISTS;
}

/** Gives @p inode, made for it, the name, and its links. */
static enum file_status give_name(struct ramfs_volume *volume,
                                  struct ramfs_inode *directory,
                                  const struct ramfs_name *name,
                                  struct ramfs_inode *inode)
{
    enum file_status status = directory_add(volume, directory, name, inode);

    if (status != FILE_OK) {
        return status;
    }
    inode->link_count = 1;
    if (inode->type == FILE_TYPE_DIRECTORY) {
        inode->link_count = 2;
        inode->parent = directory->number;
        directory->link_count++;
    }
    return FILE_OK;
}

enum file_status volume_create(struct ramfs_volume *volume,
                               const struct ramfs_name *name, enum file_type type,
                               struct ramfs_inode **out_inode)
{
    struct ramfs_inode *directory;
    struct ramfs_inode *inode;
    enum file_status status = find_free_name(volume, name, &directory);

    if (status == FILE_OK && type == FILE_TYPE_DIRECTORY &&
        directory->link_count >= RAMFS_LINKS_MAX) {
        status = FILE_TOO_MANY_LINKS;
    }
    if (status == FILE_OK) {
        status = volume_make_inode(volume, type, &inode);
    }
    if (status != FILE_OK) {
        return status;
    }
    status = give_name(volume, directory, name, inode);
    if (status != FILE_OK) {
        volume_release(volume, inode);
        return status;
    }
    *out_inode = inode;
    return FILE_OK;
}

enum file_status volume_symlink(struct ramfs_volume *volume,
                                const struct ramfs_name *name, const void *target,
                                uint64_t size)
{
    struct ramfs_inode *directory;
    struct ramfs_inode *inode;
    uint64_t written;
    enum file_status status = find_free_name(volume, name, &directory);

    if (status == FILE_OK) {
        status = volume_make_inode(volume, FILE_TYPE_LINK, &inode);
    }
    if (status != FILE_OK) {
        return status;
    }
    status = volume_write(volume, inode, 0, target, size, &written);
    if (status == FILE_OK) {
        status = give_name(volume, directory, name, inode);
    }
    volume_release(volume, inode);
    return status;
}

enum file_status volume_unlink(struct ramfs_volume *volume,
                               const struct ramfs_name *name)
{
    struct ramfs_inode *inode;
    enum file_status status = volume_find(volume, name, &inode);

    if (status != FILE_OK) {
        return status;
    }
    if (inode->type == FILE_TYPE_DIRECTORY) {
        return FILE_IS_DIRECTORY;
    }
    directory_remove(volume, volume_inode(volume, name->directory), name->bytes,
                     name->size);
    volume_unlink_inode(volume, inode);
    return FILE_OK;
}

/** A directory, empty, loses its name: the entry is gone or names something else. */
static void drop_directory(struct ramfs_volume *volume, struct ramfs_inode *directory,
                           struct ramfs_inode *inode)
{
    directory->link_count--;
    inode->link_count = 1;
    volume_unlink_inode(volume, inode);
}

enum file_status volume_remove_directory(struct ramfs_volume *volume,
                                         const struct ramfs_name *name)
{
    struct ramfs_inode *inode;
    enum file_status status = volume_find(volume, name, &inode);

    if (status != FILE_OK) {
        return status;
    }
    if (inode->type != FILE_TYPE_DIRECTORY) {
        return FILE_NOT_DIRECTORY;
    }
    if (inode->entries != 0) {
        return FILE_NOT_EMPTY;
    }
    struct ramfs_inode *directory = volume_inode(volume, name->directory);
    directory_remove(volume, directory, name->bytes, name->size);
    drop_directory(volume, directory, inode);
    return FILE_OK;
}

enum file_status volume_link(struct ramfs_volume *volume, const struct ramfs_name *from,
                             const struct ramfs_name *to)
{
    struct ramfs_inode *directory;
    struct ramfs_inode *inode;
    enum file_status status = volume_find(volume, from, &inode);

    if (status == FILE_OK && inode->type == FILE_TYPE_DIRECTORY) {
        status = FILE_NOT_PERMITTED;
    }
    if (status == FILE_OK) {
        status = find_free_name(volume, to, &directory);
    }
    if (status == FILE_OK && inode->link_count >= RAMFS_LINKS_MAX) {
        status = FILE_TOO_MANY_LINKS;
    }
    if (status == FILE_OK) {
        status = directory_add(volume, directory, to, inode);
    }
    if (status == FILE_OK) {
        inode->link_count++;
        inode->change_time_ns = volume->now_ns;
    }
    return status;
}

/** Is the directory @p number @p inode, or below it? */
static bool is_inside(const struct ramfs_volume *volume,
                      const struct ramfs_inode *inode, uint32_t number)
{
    while (number != inode->number && number != RAMFS_ROOT) {
        number = volume_inode(volume, number)->parent;
    }
    return number == inode->number;
}

/** May @p inode take the place of @p replaced, another one? */
static enum file_status check_replace(const struct ramfs_inode *inode,
                                      const struct ramfs_inode *replaced)
{
    bool is_directory = inode->type == FILE_TYPE_DIRECTORY;

    if (replaced->type != FILE_TYPE_DIRECTORY) {
        return is_directory ? FILE_NOT_DIRECTORY : FILE_OK;
    }
    if (!is_directory) {
        return FILE_IS_DIRECTORY;
    }
    return replaced->entries == 0 ? FILE_OK : FILE_NOT_EMPTY;
}

/** Puts @p inode in the place of what @p to names now, which loses that name. */
static void replace(struct ramfs_volume *volume, struct ramfs_inode *directory,
                    const struct ramfs_name *to, struct ramfs_inode *inode,
                    struct ramfs_inode *replaced)
{
    directory_replace(directory, to, inode);
    directory->modification_time_ns = volume->now_ns;
    if (replaced->type == FILE_TYPE_DIRECTORY) {
        drop_directory(volume, directory, replaced);
    } else {
        volume_unlink_inode(volume, replaced);
    }
}

/** The last part of a rename: @p inode has its new name, in @p directory. */
static void leave_old_name(struct ramfs_volume *volume, const struct ramfs_name *from,
                           struct ramfs_inode *directory, struct ramfs_inode *inode)
{
    struct ramfs_inode *old = volume_inode(volume, from->directory);

    directory_remove(volume, old, from->bytes, from->size);
    inode->change_time_ns = volume->now_ns;
    if (inode->type == FILE_TYPE_DIRECTORY) {
        old->link_count--;
        directory->link_count++;
        inode->parent = directory->number;
    }
}

enum file_status volume_rename(struct ramfs_volume *volume,
                               const struct ramfs_name *from,
                               const struct ramfs_name *to)
{
    struct ramfs_inode *directory;
    struct ramfs_inode *replaced = NULL;
    struct ramfs_inode *inode;
    enum file_status status = volume_find(volume, from, &inode);

    if (status == FILE_OK) {
        status = find_free_name(volume, to, &directory);
    }
    if (status == FILE_EXISTS) {
        status = volume_find(volume, to, &replaced);
    }
    if (status != FILE_OK || inode == replaced) {
        return status;
    }
    if (inode->type == FILE_TYPE_DIRECTORY &&
        is_inside(volume, inode, directory->number)) {
        return FILE_INVALID;
    }
    status = replaced != NULL ? check_replace(inode, replaced)
                              : directory_add(volume, directory, to, inode);
    if (status != FILE_OK) {
        return status;
    }
    if (replaced != NULL) {
        replace(volume, directory, to, inode, replaced);
    }
    leave_old_name(volume, from, directory, inode);
    return FILE_OK;
}
