/**
 * ramfs.c - volumes as a file system; see ramfs.h.
 */
#include "services/ramfs/ramfs.h"
#include "core/bytes.h"

/** The volume of a node, and the time for what is done next. */
static struct ramfs_volume *volume_of(struct ramfs *ramfs, file_node node)
{
    struct ramfs_volume *volume = &ramfs->entries[node >> 32].volume;

    volume->now_ns = ramfs->now_ns();
    return volume;
}

static struct ramfs_inode *inode_of(struct ramfs *ramfs, file_node node)
{
    return volume_inode(&ramfs->entries[node >> 32].volume, (uint32_t)node);
}

static struct ramfs_name name_of(file_node directory, const char *name)
{
    return (struct ramfs_name){.directory = (uint32_t)directory,
                               .bytes = name,
                               .size = (uint32_t)strlen(name)};
}

static bool is_dot(const char *name)
{
    return name[0] == '.' && name[1] == '\0';
}

static void close_node(void *context, file_node node)
{
    struct ramfs *ramfs = context;

    volume_release(volume_of(ramfs, node), inode_of(ramfs, node));
}

/* --- objects --- */

static enum file_status check_existing(const struct ramfs_inode *inode, uint32_t flags)
{
    if (inode->type == FILE_TYPE_LINK) {
        return FILE_IS_LINK;
    }
    if (inode->type != FILE_TYPE_DIRECTORY) {
        return (flags & FILE_OPEN_DIRECTORY) != 0 ? FILE_NOT_DIRECTORY : FILE_OK;
    }
    return (flags & (FILE_OPEN_WRITE | FILE_OPEN_CREATE | FILE_OPEN_TRUNCATE)) != 0
               ? FILE_IS_DIRECTORY
               : FILE_OK;
}

static enum file_status open_existing(struct ramfs_volume *volume,
                                      struct ramfs_inode *inode, uint32_t flags)
{
    enum file_status status =
        (flags & FILE_OPEN_EXCLUSIVE) != 0 ? FILE_EXISTS : check_existing(inode, flags);

    if (status == FILE_OK && (flags & FILE_OPEN_TRUNCATE) != 0) {
        status = volume_set_size(volume, inode, 0);
    }
    if (status == FILE_OK) {
        volume_hold(inode);
    }
    return status;
}

static enum file_status find_or_dot(struct ramfs *ramfs, file_node directory,
                                    const char *name, struct ramfs_inode **out_inode)
{
    const struct ramfs_name wanted = name_of(directory, name);

    if (is_dot(name)) {
        *out_inode = inode_of(ramfs, directory);
        return FILE_OK;
    }
    return volume_find(volume_of(ramfs, directory), &wanted, out_inode);
}

static enum file_status open_name(void *context, file_node directory, const char *name,
                                  uint32_t flags, file_node *out_node,
                                  enum file_type *out_type)
{
    struct ramfs *ramfs = context;
    const struct ramfs_name wanted = name_of(directory, name);
    struct ramfs_volume *volume = volume_of(ramfs, directory);
    struct ramfs_inode *inode;
    enum file_status status = find_or_dot(ramfs, directory, name, &inode);

    if (status == FILE_OK) {
        status = open_existing(volume, inode, flags);
    } else if (status == FILE_NO_ENTRY && (flags & FILE_OPEN_CREATE) != 0) {
        status = volume_create(volume, &wanted, FILE_TYPE_FILE, &inode);
    }
    if (status == FILE_OK) {
        *out_node = (directory & ~(uint64_t)UINT32_MAX) | inode->number;
        *out_type = inode->type;
    }
    return status;
}

static void describe(file_node node, const struct ramfs_inode *inode,
                     struct file_attributes *out_attributes)
{
    *out_attributes =
        (struct file_attributes){.device = (node >> 32) + 1,
                                 .inode = inode->number,
                                 .type = inode->type,
                                 .link_count = inode->link_count,
                                 .size = inode->size,
                                 .access_time_ns = inode->access_time_ns,
                                 .modification_time_ns = inode->modification_time_ns,
                                 .change_time_ns = inode->change_time_ns};
}

static enum file_status stat_node(void *context, file_node node,
                                  struct file_attributes *out_attributes)
{
    describe(node, inode_of(context, node), out_attributes);
    return FILE_OK;
}

static enum file_status stat_at(void *context, file_node directory, const char *name,
                                struct file_attributes *out_attributes)
{
    struct ramfs_inode *inode;
    enum file_status status = find_or_dot(context, directory, name, &inode);

    if (status == FILE_OK) {
        describe(directory, inode, out_attributes);
    }
    return status;
}

static void set_inode_times(const struct ramfs_volume *volume,
                            struct ramfs_inode *inode, const struct file_times *times)
{
    if ((times->flags & FILE_TIMES_ACCESS) != 0) {
        inode->access_time_ns = times->access_time_ns;
    }
    if ((times->flags & FILE_TIMES_ACCESS_NOW) != 0) {
        inode->access_time_ns = volume->now_ns;
    }
    if ((times->flags & FILE_TIMES_MODIFICATION) != 0) {
        inode->modification_time_ns = times->modification_time_ns;
    }
    if ((times->flags & FILE_TIMES_MODIFICATION_NOW) != 0) {
        inode->modification_time_ns = volume->now_ns;
    }
    inode->change_time_ns = volume->now_ns;
}

static enum file_status set_times(void *context, file_node node,
                                  const struct file_times *times)
{
    set_inode_times(volume_of(context, node), inode_of(context, node), times);
    return FILE_OK;
}

static enum file_status set_times_at(void *context, file_node directory,
                                     const char *name, const struct file_times *times)
{
    struct ramfs_inode *inode;
    enum file_status status = find_or_dot(context, directory, name, &inode);

    if (status == FILE_OK) {
        set_inode_times(volume_of(context, directory), inode, times);
    }
    return status;
}

/* --- files --- */

static enum file_status read_file(void *context, file_node node, uint64_t offset,
                                  void *to, uint64_t size, uint64_t *out_size)
{
    *out_size = volume_read(inode_of(context, node), offset, to, size);
    return FILE_OK;
}

static enum file_status write_file(void *context, file_node node,
                                   const struct file_write *write, uint64_t *out_size,
                                   uint64_t *out_end)
{
    struct ramfs_inode *inode = inode_of(context, node);
    uint64_t offset = write->append ? inode->size : write->offset;
    enum file_status status = volume_write(volume_of(context, node), inode, offset,
                                           write->bytes, write->size, out_size);

    if (status == FILE_OK) {
        *out_end = offset + *out_size;
    }
    return status;
}

static enum file_status set_size(void *context, file_node node, uint64_t size)
{
    return volume_set_size(volume_of(context, node), inode_of(context, node), size);
}

static enum file_status allocate(void *context, file_node node, uint64_t offset,
                                 uint64_t size)
{
    return volume_allocate(volume_of(context, node), inode_of(context, node), offset,
                           size);
}

static enum file_status sync(void *context, file_node node, bool data_only)
{
    (void)context;
    (void)node;
    (void)data_only;
    return FILE_OK; /* there is nothing below RAM to be written to */
}

/* --- directories --- */

static enum file_status read_directory(void *context, file_node directory,
                                       uint64_t cookie, void *to, uint64_t size,
                                       uint64_t *out_size)
{
    *out_size = directory_read(inode_of(context, directory), cookie, to, size);
    return FILE_OK;
}

static enum file_status make_directory(void *context, file_node directory,
                                       const char *name)
{
    struct ramfs_volume *volume = volume_of(context, directory);
    const struct ramfs_name wanted = name_of(directory, name);
    struct ramfs_inode *inode;
    enum file_status status =
        volume_create(volume, &wanted, FILE_TYPE_DIRECTORY, &inode);

    if (status == FILE_OK) {
        volume_release(volume, inode);
    }
    return status;
}

static enum file_status remove_directory(void *context, file_node directory,
                                         const char *name)
{
    const struct ramfs_name wanted = name_of(directory, name);

    return volume_remove_directory(volume_of(context, directory), &wanted);
}

static enum file_status unlink_name(void *context, file_node directory,
                                    const char *name)
{
    const struct ramfs_name wanted = name_of(directory, name);

    return volume_unlink(volume_of(context, directory), &wanted);
}

static enum file_status
with_two_names(struct ramfs *ramfs, const struct file_names *names,
               enum file_status (*operation)(struct ramfs_volume *volume,
                                             const struct ramfs_name *from,
                                             const struct ramfs_name *to))
{
    const struct ramfs_name from = name_of(names->from_directory, names->from);
    const struct ramfs_name to = name_of(names->to_directory, names->to);

    if (names->from_directory >> 32 != names->to_directory >> 32) {
        return FILE_CROSS_DEVICE;
    }
    return operation(volume_of(ramfs, names->from_directory), &from, &to);
}

static enum file_status rename_name(void *context, const struct file_names *names)
{
    return with_two_names(context, names, volume_rename);
}

static enum file_status link_name(void *context, const struct file_names *names)
{
    return with_two_names(context, names, volume_link);
}

static enum file_status symlink_name(void *context, file_node directory,
                                     const char *name, const void *target,
                                     uint64_t size)
{
    const struct ramfs_name wanted = name_of(directory, name);

    return volume_symlink(volume_of(context, directory), &wanted, target, size);
}

static enum file_status read_link(void *context, file_node directory, const char *name,
                                  void *to, uint64_t size, uint64_t *out_size)
{
    struct ramfs_inode *inode;
    enum file_status status = find_or_dot(context, directory, name, &inode);

    if (status == FILE_OK && inode->type != FILE_TYPE_LINK) {
        status = FILE_NOT_LINK;
    }
    if (status == FILE_OK) {
        *out_size = volume_read(inode, 0, to, size);
    }
    return status;
}

struct file_system ramfs_file_system(struct ramfs *ramfs)
{
    return (struct file_system){.context = ramfs,
                                .attach = ramfs_attach,
                                .detach = ramfs_detach,
                                .open = open_name,
                                .close = close_node,
                                .stat = stat_node,
                                .stat_at = stat_at,
                                .set_times = set_times,
                                .set_times_at = set_times_at,
                                .read = read_file,
                                .write = write_file,
                                .set_size = set_size,
                                .allocate = allocate,
                                .sync = sync,
                                .read_directory = read_directory,
                                .make_directory = make_directory,
                                .remove_directory = remove_directory,
                                .unlink = unlink_name,
                                .rename = rename_name,
                                .link = link_name,
                                .symlink = symlink_name,
                                .read_link = read_link};
}
