/**
 * file_system.c - operations of file systems that nobody can change; see file_system.h.
 */
#include "libfile/file_system.h"

static enum file_status refuse_times(void *context, file_node node,
                                     const struct file_times *times)
{
    (void)context;
    (void)node;
    (void)times;
    return FILE_READ_ONLY;
}

static enum file_status refuse_times_at(void *context, file_node directory,
                                        const char *name,
                                        const struct file_times *times)
{
    (void)name;
    return refuse_times(context, directory, times);
}

/* NOLINTBEGIN(readability-non-const-parameter): the operations' types are fixed */
static enum file_status refuse_write(void *context, file_node node,
                                     const struct file_write *write, uint64_t *out_size,
                                     uint64_t *out_end)
{
    (void)context;
    (void)node;
    (void)write;
    (void)out_size;
    (void)out_end;
    return FILE_READ_ONLY;
}

/* NOLINTEND(readability-non-const-parameter) */
static enum file_status refuse_size(void *context, file_node node, uint64_t size)
{
    (void)context;
    (void)node;
    (void)size;
    return FILE_READ_ONLY;
}

static enum file_status refuse_room(void *context, file_node node, uint64_t offset,
                                    uint64_t size)
{
    (void)offset;
    return refuse_size(context, node, size);
}

static enum file_status refuse_name(void *context, file_node directory,
                                    const char *name)
{
    (void)context;
    (void)directory;
    (void)name;
    return FILE_READ_ONLY;
}

static enum file_status refuse_names(void *context, const struct file_names *names)
{
    (void)context;
    (void)names;
    return FILE_READ_ONLY;
}

static enum file_status refuse_link(void *context, file_node directory,
                                    const char *name, const void *target, uint64_t size)
{
    (void)target;
    (void)size;
    return refuse_name(context, directory, name);
}

void file_system_refuse_changes(struct file_system *system)
{
    system->set_times = refuse_times;
    system->set_times_at = refuse_times_at;
    system->write = refuse_write;
    system->set_size = refuse_size;
    system->allocate = refuse_room;
    system->make_directory = refuse_name;
    system->remove_directory = refuse_name;
    system->unlink = refuse_name;
    system->rename = refuse_names;
    system->link = refuse_names;
    system->symlink = refuse_link;
}
