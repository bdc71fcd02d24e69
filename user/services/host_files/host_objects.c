/**
 * host_objects.c - operations on open objects and on names in directories; see host_files.h.
 */
#include "services/host_files/host_nodes.h"

static enum file_status stat_node(void *context, file_node node,
                                  struct file_attributes *out_attributes)
{
    struct host_files *files = context;

    return p9_attributes(&files->client, node_of(files, node)->fid, out_attributes);
}

static enum file_status set_times_of(struct host_files *files, uint32_t fid,
                                     const struct file_times *times)
{
    static const struct {
        uint32_t flag;
        uint32_t valid;
    } table[] = {
        {FILE_TIMES_ACCESS, P9_SET_ACCESS_NOW | P9_SET_ACCESS},
        {FILE_TIMES_ACCESS_NOW, P9_SET_ACCESS_NOW},
        {FILE_TIMES_MODIFICATION, P9_SET_MODIFICATION_NOW | P9_SET_MODIFICATION},
        {FILE_TIMES_MODIFICATION_NOW, P9_SET_MODIFICATION_NOW}};
    struct p9_attributes_to_set set = {
        .access_time_ns = times->access_time_ns,
        .modification_time_ns = times->modification_time_ns};

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if ((times->flags & table[i].flag) != 0) {
            set.valid |= table[i].valid;
        }
    }
    return p9_set(&files->client, fid, &set);
}

static enum file_status set_times(void *context, file_node node,
                                  const struct file_times *times)
{
    struct host_files *files = context;

    return set_times_of(files, node_of(files, node)->fid, times);
}

/** The end of a request that walked to SCRATCH_FID. */
static enum file_status leave(struct host_files *files, enum file_status status)
{
    p9_clunk(&files->client, SCRATCH_FID);
    return status;
}

static enum file_status stat_at(void *context, file_node directory, const char *name,
                                struct file_attributes *out_attributes)
{
    struct host_files *files = context;
    enum file_type type;
    enum file_status status =
        host_walk(files, node_of(files, directory)->fid, name, SCRATCH_FID, &type);

    return status != FILE_OK ? status
                             : leave(files, p9_attributes(&files->client, SCRATCH_FID,
                                                          out_attributes));
}

static enum file_status set_times_at(void *context, file_node directory,
                                     const char *name, const struct file_times *times)
{
    struct host_files *files = context;
    enum file_type type;
    enum file_status status =
        host_walk(files, node_of(files, directory)->fid, name, SCRATCH_FID, &type);

    return status != FILE_OK ? status
                             : leave(files, set_times_of(files, SCRATCH_FID, times));
}

static enum file_status read_file(void *context, file_node node, uint64_t offset,
                                  void *to, uint64_t size, uint64_t *out_size)
{
    struct host_files *files = context;
    uint32_t most = p9_data_max(&files->client);
    uint64_t done = 0;

    while (done < size) {
        uint64_t left = size - done;
        uint32_t piece = left < most ? (uint32_t)left : most;
        uint32_t got;
        enum file_status status =
            p9_read(&files->client, node_of(files, node)->open_fid, offset + done,
                    (uint8_t *)to + done, piece, &got);

        if (status != FILE_OK && done == 0) {
            return status;
        }
        done += status == FILE_OK ? got : 0;
        if (status != FILE_OK || got < piece) {
            break;
        }
    }
    *out_size = done;
    return FILE_OK;
}

static enum file_status write_pieces(struct host_files *files, uint32_t fid,
                                     const struct file_write *write, uint64_t offset,
                                     uint64_t *out_size)
{
    uint32_t most = p9_data_max(&files->client);
    uint64_t done = 0;

    while (done < write->size) {
        uint64_t left = write->size - done;
        uint32_t piece = left < most ? (uint32_t)left : most;
        uint32_t put;
        enum file_status status =
            p9_write(&files->client, fid, offset + done,
                     (const uint8_t *)write->bytes + done, piece, &put);

        if (status != FILE_OK && done == 0) {
            return status;
        }
        done += status == FILE_OK ? put : 0;
        if (status != FILE_OK || put < piece) {
            break;
        }
    }
    *out_size = done;
    return FILE_OK;
}

static enum file_status write_file(void *context, file_node node,
                                   const struct file_write *write, uint64_t *out_size,
                                   uint64_t *out_end)
{
    struct host_files *files = context;
    uint64_t offset = write->offset;
    enum file_status status = FILE_OK;

    if (write->append) {
        struct file_attributes attributes;
        status = stat_node(context, node, &attributes);
        offset = status == FILE_OK ? attributes.size : 0;
    }
    if (status == FILE_OK) {
        status = write_pieces(files, node_of(files, node)->open_fid, write, offset,
                              out_size);
    }
    if (status == FILE_OK) {
        *out_end = offset + *out_size;
    }
    return status;
}

static enum file_status set_size(void *context, file_node node, uint64_t size)
{
    struct host_files *files = context;
    const struct p9_attributes_to_set set = {.valid = P9_SET_SIZE, .size = size};

    return p9_set(&files->client, node_of(files, node)->fid, &set);
}

/** 9P has no request that keeps room. */
static enum file_status allocate(void *context, file_node node, uint64_t offset,
                                 uint64_t size)
{
    (void)context;
    (void)node;
    (void)offset;
    (void)size;
    return FILE_NOT_SUPPORTED;
}

/** Only what is open can be written out; of a directory nothing is. */
static enum file_status sync(void *context, file_node node, bool data_only)
{
    struct host_files *files = context;
    const struct host_node *synced = node_of(files, node);

    return synced->type == FILE_TYPE_DIRECTORY || synced->open_fid == P9_NO_FID
               ? FILE_OK
               : p9_sync(&files->client, synced->open_fid, data_only);
}

/* --- directories --- */

static enum file_status read_directory(void *context, file_node directory,
                                       uint64_t cookie, void *to, uint64_t size,
                                       uint64_t *out_size)
{
    struct host_files *files = context;
    struct host_node *node = node_of(files, directory);
    enum file_status status = FILE_OK;

    if (node->open_fid == P9_NO_FID) {
        status = host_open_contents(files, node, P9_O_READ | P9_O_DIRECTORY);
    }
    return status != FILE_OK ? status
                             : p9_read_directory(&files->client, node->open_fid, cookie,
                                                 to, size, out_size);
}

static enum file_status make_directory(void *context, file_node directory,
                                       const char *name)
{
    struct host_files *files = context;

    return p9_make_directory(&files->client, node_of(files, directory)->fid, name);
}

static enum file_status remove_directory(void *context, file_node directory,
                                         const char *name)
{
    struct host_files *files = context;

    return p9_unlink(&files->client, node_of(files, directory)->fid, name, true);
}

static enum file_status unlink_name(void *context, file_node directory,
                                    const char *name)
{
    struct host_files *files = context;

    return p9_unlink(&files->client, node_of(files, directory)->fid, name, false);
}

static enum file_status rename_name(void *context, const struct file_names *names)
{
    struct host_files *files = context;

    return p9_rename(&files->client, node_of(files, names->from_directory)->fid,
                     names->from, node_of(files, names->to_directory)->fid, names->to);
}

static enum file_status link_name(void *context, const struct file_names *names)
{
    struct host_files *files = context;
    enum file_type type;
    enum file_status status =
        host_walk(files, node_of(files, names->from_directory)->fid, names->from,
                  SCRATCH_FID, &type);

    if (status != FILE_OK) {
        return status;
    }
    return leave(files,
                 type == FILE_TYPE_DIRECTORY
                     ? FILE_NOT_PERMITTED
                     : p9_link(&files->client, node_of(files, names->to_directory)->fid,
                               SCRATCH_FID, names->to));
}

static enum file_status symlink_name(void *context, file_node directory,
                                     const char *name, const void *target,
                                     uint64_t size)
{
    struct host_files *files = context;

    return p9_symlink(&files->client, node_of(files, directory)->fid, name, target,
                      size);
}

static enum file_status read_link(void *context, file_node directory, const char *name,
                                  void *to, uint64_t size, uint64_t *out_size)
{
    struct host_files *files = context;
    enum file_type type;
    enum file_status status =
        host_walk(files, node_of(files, directory)->fid, name, SCRATCH_FID, &type);

    if (status != FILE_OK) {
        return status;
    }
    return leave(files,
                 type != FILE_TYPE_LINK
                     ? FILE_NOT_LINK
                     : p9_read_link(&files->client, SCRATCH_FID, to, size, out_size));
}

void host_objects(struct file_system *system)
{
    system->stat = stat_node;
    system->set_times = set_times;
    system->stat_at = stat_at;
    system->set_times_at = set_times_at;
    system->read = read_file;
    system->write = write_file;
    system->set_size = set_size;
    system->allocate = allocate;
    system->sync = sync;
    system->read_directory = read_directory;
    system->make_directory = make_directory;
    system->remove_directory = remove_directory;
    system->unlink = unlink_name;
    system->rename = rename_name;
    system->link = link_name;
    system->symlink = symlink_name;
    system->read_link = read_link;
}
