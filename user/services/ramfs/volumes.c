/**
 * volumes.c - volumes by name, and the way from a path to a session's root; see ramfs.h.
 */
#include "core/bytes.h"
#include "services/ramfs/ramfs.h"

static struct ramfs_entry *find_volume(struct ramfs *ramfs, const char *name,
                                       size_t size)
{
    for (size_t i = 0; i < RAMFS_VOLUMES; i++) {
        struct ramfs_entry *entry = &ramfs->entries[i];

        if (entry->is_used && !entry->is_private && strlen(entry->name) == size &&
            memcmp(entry->name, name, size) == 0) {
            return entry;
        }
    }
    return NULL;
}

static enum file_status make_volume(struct ramfs *ramfs,
                                    const struct file_attach *attach, const char *name,
                                    size_t size, struct ramfs_entry **out_entry)
{
    uint64_t quota = attach->quota_bytes / RAMFS_BLOCK;

    for (size_t i = 0; i < RAMFS_VOLUMES; i++) {
        struct ramfs_entry *entry = &ramfs->entries[i];
        if (entry->is_used) {
            continue;
        }
        enum file_status status =
            volume_init(&entry->volume, ramfs->memory, quota, ramfs->now_ns());
        if (status != FILE_OK) {
            volume_destroy(&entry->volume);
            return status;
        }
        entry->is_used = true;
        entry->is_private = (attach->flags & FILE_ATTACH_PRIVATE) != 0;
        memcpy(entry->name, name, size);
        entry->name[size] = '\0';
        *out_entry = entry;
        return FILE_OK;
    }
    return FILE_NO_MEMORY;
}

/** The volume that a path begins with: found, or made. */
static enum file_status take_volume(struct ramfs *ramfs,
                                    const struct file_attach *attach, const char *name,
                                    size_t size, struct ramfs_entry **out_entry)
{
    bool is_private = (attach->flags & FILE_ATTACH_PRIVATE) != 0;

    if (size > RAMFS_VOLUME_NAME_MAX) {
        return FILE_NAME_TOO_LONG;
    }
    if (is_private != (size == 0)) {
        return FILE_INVALID;
    }
    *out_entry = is_private ? NULL : find_volume(ramfs, name, size);
    if (*out_entry != NULL) {
        return FILE_OK;
    }
    if (!is_private && (attach->flags & FILE_ATTACH_CREATE) == 0) {
        return FILE_NO_ENTRY;
    }
    return make_volume(ramfs, attach, name, size, out_entry);
}

/** Bytes of @p path before the next slash or its end. */
static size_t component_size(const char *path)
{
    size_t size = 0;

    while (path[size] != '\0' && path[size] != '/') {
        size++;
    }
    return size;
}

/** Walks from the root along @p path, directories only. */
static enum file_status walk(const struct ramfs_volume *volume, const char *path,
                             struct ramfs_inode **out_inode)
{
    struct ramfs_inode *inode = volume_inode(volume, RAMFS_ROOT);

    while (*path != '\0') {
        size_t size = component_size(path);
        bool is_name =
            size > 0 && !(size <= 2 && path[0] == '.' && path[size - 1] == '.');
        const struct ramfs_name name = {
            .directory = inode->number, .bytes = path, .size = (uint32_t)size};

        path += size + (path[size] == '/');
        if (size > 0 && !is_name) {
            return FILE_INVALID;
        }
        enum file_status status =
            is_name ? volume_find(volume, &name, &inode) : FILE_OK;
        if (status == FILE_OK && inode->type != FILE_TYPE_DIRECTORY) {
            status = FILE_NOT_DIRECTORY;
        }
        if (status != FILE_OK) {
            return status;
        }
    }
    *out_inode = inode;
    return FILE_OK;
}

enum file_status ramfs_attach(void *context, const struct file_attach *attach_record,
                              const char *path, file_node *out_root)
{
    size_t size = component_size(path);
    struct ramfs *ramfs = context;
    struct ramfs_entry *entry;
    struct ramfs_inode *inode;
    enum file_status status = take_volume(ramfs, attach_record, path, size, &entry);

    if (status == FILE_OK) {
        status = walk(&entry->volume, path + size, &inode);
    }
    if (status != FILE_OK) {
        return status;
    }
    volume_hold(inode);
    *out_root = (uint64_t)(entry - ramfs->entries) << 32 | inode->number;
    return FILE_OK;
}

void ramfs_detach(void *context, file_node root)
{
    struct ramfs *ramfs = context;
    struct ramfs_entry *entry = &ramfs->entries[root >> 32];

    volume_release(&entry->volume, volume_inode(&entry->volume, (uint32_t)root));
    if (entry->is_private) {
        volume_destroy(&entry->volume);
        entry->is_used = false;
    }
}
