/**
 * host_files.c - see host_files.h.
 *
 * Node n has the fids 2n + 1 and 2n + 2; fid 0 is the root, the last ones are for the length of one
 * request.
 */
#include "services/host_files/host_files.h"
#include "core/bytes.h"
#include "services/host_files/host_nodes.h"

static bool is_dot(const char *name)
{
    return name[0] == '.' && name[1] == '\0';
}

static enum file_status take_node(struct host_files *files, file_node *out_node)
{
    uint32_t index;

    if (files->free_node != 0) {
        index = files->free_node - 1;
        files->free_node = files->nodes[index].next_free;
    } else if (files->node_count < HOST_NODES) {
        index = files->node_count++;
    } else {
        return FILE_NO_MEMORY;
    }
    files->nodes[index] =
        (struct host_node){.fid = 2 * index + 1, .open_fid = P9_NO_FID};
    *out_node = index;
    return FILE_OK;
}

static void give_node(struct host_files *files, file_node node)
{
    files->nodes[node].next_free = files->free_node;
    files->free_node = (uint32_t)node + 1;
}

enum file_status host_walk(struct host_files *files, uint32_t directory_fid,
                           const char *name, uint32_t fid, enum file_type *out_type)
{
    struct p9_qid qid;
    enum file_status status;

    if (is_dot(name)) {
        *out_type = FILE_TYPE_DIRECTORY;
        return p9_clone(&files->client, directory_fid, fid);
    }
    status = p9_walk(&files->client, directory_fid, name, fid, &qid);
    if (status == FILE_OK) {
        *out_type = (qid.type & P9_QID_DIRECTORY) != 0 ? FILE_TYPE_DIRECTORY
                    : (qid.type & P9_QID_LINK) != 0    ? FILE_TYPE_LINK
                                                       : FILE_TYPE_FILE;
    }
    return status;
}

/* --- sessions --- */

static size_t component_size(const char *path)
{
    size_t size = 0;

    while (path[size] != '\0' && path[size] != '/') {
        size++;
    }
    return size;
}

/** Goes from the directory @p fid to its directory of that name. */
static enum file_status step(struct host_files *files, uint32_t fid, const char *name)
{
    enum file_type type;
    enum file_status status = host_walk(files, fid, name, SCRATCH_FID, &type);

    if (status != FILE_OK) {
        return status;
    }
    if (type == FILE_TYPE_DIRECTORY) {
        p9_clunk(&files->client, fid);
        status = p9_clone(&files->client, SCRATCH_FID, fid);
    } else {
        status = type == FILE_TYPE_LINK ? FILE_IS_LINK : FILE_NOT_DIRECTORY;
    }
    p9_clunk(&files->client, SCRATCH_FID);
    return status;
}

static enum file_status walk_path(struct host_files *files, uint32_t fid,
                                  const char *path)
{
    enum file_status status = FILE_OK;
    char name[FILE_NAME_MAX + 1];

    while (*path != '\0' && status == FILE_OK) {
        size_t size = component_size(path);
        bool is_dots = size > 0 && size <= 2 && path[0] == '.' && path[size - 1] == '.';

        if (is_dots || size > FILE_NAME_MAX) {
            return is_dots ? FILE_INVALID : FILE_NAME_TOO_LONG;
        }
        memcpy(name, path, size);
        name[size] = '\0';
        if (size > 0) {
            status = step(files, fid, name);
        }
        path += size + (path[size] == '/');
    }
    return status;
}

static void close_node(void *context, file_node node)
{
    struct host_files *files = context;
    struct host_node *closed = node_of(files, node);

    if (closed->open_fid != P9_NO_FID) {
        p9_clunk(&files->client, closed->open_fid);
    }
    if (closed->fid != P9_NO_FID) {
        p9_clunk(&files->client, closed->fid);
    }
    give_node(files, node);
}

static enum file_status attach(void *context, const struct file_attach *attach_record,
                               const char *path, file_node *out_root)
{
    struct host_files *files = context;
    file_node node;
    enum file_status status = take_node(files, &node);

    (void)attach_record;
    if (status != FILE_OK) {
        return status;
    }
    uint32_t fid = node_of(files, node)->fid;
    status = p9_clone(&files->client, P9_ROOT_FID, fid);
    if (status != FILE_OK) {
        give_node(files, node);
        return status;
    }
    status = walk_path(files, fid, path);
    if (status != FILE_OK) {
        close_node(files, node);
        return status;
    }
    node_of(files, node)->type = FILE_TYPE_DIRECTORY;
    *out_root = node;
    return FILE_OK;
}

/* --- opening --- */

static uint32_t access_of(uint32_t flags)
{
    bool reads = (flags & FILE_OPEN_READ) != 0;
    bool writes = (flags & FILE_OPEN_WRITE) != 0;

    return P9_O_NO_FOLLOW | P9_O_NON_BLOCKING |
           (writes ? (reads ? P9_O_READ_WRITE : P9_O_WRITE) : P9_O_READ);
}

static enum file_status check_existing(enum file_type type, uint32_t flags)
{
    const uint32_t changing = FILE_OPEN_WRITE | FILE_OPEN_CREATE | FILE_OPEN_TRUNCATE;

    if ((flags & FILE_OPEN_EXCLUSIVE) != 0) {
        return FILE_EXISTS;
    }
    if (type == FILE_TYPE_LINK) {
        return FILE_IS_LINK;
    }
    if (type == FILE_TYPE_DIRECTORY) {
        return (flags & changing) != 0 ? FILE_IS_DIRECTORY : FILE_OK;
    }
    return (flags & FILE_OPEN_DIRECTORY) != 0 ? FILE_NOT_DIRECTORY : FILE_OK;
}

enum file_status host_open_contents(struct host_files *files, struct host_node *node,
                                    uint32_t p9_flags)
{
    uint32_t open_fid = node->fid + 1;
    enum file_status status = p9_clone(&files->client, node->fid, open_fid);

    if (status != FILE_OK) {
        return status;
    }
    status = p9_open(&files->client, open_fid, p9_flags);
    if (status != FILE_OK) {
        p9_clunk(&files->client, open_fid);
        return status;
    }
    node->open_fid = open_fid;
    return FILE_OK;
}

/** Only files are opened: what a FIFO or a device of the host's would do is not ours to find out, and to open
 *  one could wait for ever. */
static enum file_status check_file(struct host_files *files,
                                   const struct host_node *node)
{
    struct file_attributes attributes;
    enum file_status status = p9_attributes(&files->client, node->fid, &attributes);

    if (status == FILE_OK && attributes.type != FILE_TYPE_FILE) {
        status = FILE_NOT_SUPPORTED;
    }
    return status;
}

static enum file_status open_existing(struct host_files *files, struct host_node *node,
                                      uint32_t flags)
{
    uint32_t p9_flags = access_of(flags);
    enum file_status status = check_existing((enum file_type)node->type, flags);

    if (status != FILE_OK || node->type == FILE_TYPE_DIRECTORY) {
        return status;
    }
    status = check_file(files, node);
    if (status == FILE_OK && (flags & FILE_OPEN_TRUNCATE) != 0) {
        const struct p9_attributes_to_set set = {.valid = P9_SET_SIZE};
        status = p9_set(&files->client, node->fid, &set);
    }
    bool has_contents = (flags & (FILE_OPEN_READ | FILE_OPEN_WRITE)) != 0;
    return status == FILE_OK && has_contents ? host_open_contents(files, node, p9_flags)
                                             : status;
}

/** Makes the file; it must not be there. */
static enum file_status create(struct host_files *files, uint32_t directory_fid,
                               const char *name, uint32_t flags, struct host_node *node)
{
    enum file_type type;
    uint32_t open_fid = node->fid + 1;
    enum file_status status = p9_clone(&files->client, directory_fid, open_fid);

    if (status != FILE_OK) {
        return status;
    }
    status = p9_create(&files->client, open_fid, name,
                       (access_of(flags) & ~(uint32_t)P9_O_NO_FOLLOW) | P9_O_EXCLUSIVE);
    if (status != FILE_OK) {
        p9_clunk(&files->client, open_fid);
        return status;
    }
    node->open_fid = open_fid;
    status = host_walk(files, directory_fid, name, node->fid, &type);
    if (status == FILE_OK && type != FILE_TYPE_FILE) {
        status = FILE_IO; /* it was replaced already */
        p9_clunk(&files->client, node->fid);
    }
    if (status != FILE_OK) {
        p9_clunk(&files->client, open_fid);
    }
    node->type = FILE_TYPE_FILE;
    return status;
}

static enum file_status open_fids(struct host_files *files, uint32_t directory_fid,
                                  const char *name, uint32_t flags,
                                  struct host_node *node)
{
    enum file_type type;
    enum file_status status = host_walk(files, directory_fid, name, node->fid, &type);

    if (status == FILE_NO_ENTRY && (flags & FILE_OPEN_CREATE) != 0) {
        status = create(files, directory_fid, name, flags, node);
        bool was_made = status == FILE_EXISTS && (flags & FILE_OPEN_EXCLUSIVE) == 0;
        if (!was_made) {
            return status;
        }
        status = host_walk(files, directory_fid, name, node->fid, &type);
    }
    if (status != FILE_OK) {
        return status;
    }
    node->type = type;
    status = open_existing(files, node, flags);
    if (status != FILE_OK) {
        p9_clunk(&files->client, node->fid);
    }
    return status;
}

static enum file_status open_name(void *context, file_node directory, const char *name,
                                  uint32_t flags, file_node *out_node,
                                  enum file_type *out_type)
{
    struct host_files *files = context;
    file_node node;
    enum file_status status = take_node(files, &node);

    if (status != FILE_OK) {
        return status;
    }
    status = open_fids(files, node_of(files, directory)->fid, name, flags,
                       node_of(files, node));
    if (status != FILE_OK) {
        give_node(files, node);
        return status;
    }
    *out_node = node;
    *out_type = (enum file_type)node_of(files, node)->type;
    return FILE_OK;
}

struct file_system host_files_system(struct host_files *files)
{
    struct file_system system = {.context = files,
                                 .attach = attach,
                                 .detach = close_node,
                                 .open = open_name,
                                 .close = close_node};

    host_objects(&system);
    return system;
}
