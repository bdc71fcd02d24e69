/**
 * p9_server.c - see p9_server.h. A client that breaks the protocol aborts.
 */
#include "model/p9_server.h"
#include "model/choices.h"
#include <string.h>

static struct ramfs_inode *inode_of(struct p9_server *server, uint32_t fid)
{
    require(fid < SERVER_FIDS && server->inodes[fid] != 0);
    return volume_inode(server->volume, server->inodes[fid]);
}

static void set_fid(struct p9_server *server, uint32_t fid, struct ramfs_inode *inode)
{
    require(fid < SERVER_FIDS && server->inodes[fid] == 0);
    server->inodes[fid] = inode->number;
    server->open_fids++;
    volume_hold(inode);
}

static void clear_fid(struct p9_server *server, uint32_t fid)
{
    volume_release(server->volume, inode_of(server, fid));
    server->inodes[fid] = 0;
    server->open_fids--;
}

/** Linux's number. */
static uint32_t error_of(enum file_status status)
{
    for (uint32_t error = 1; error < 200; error++) {
        if (p9_status(error) == status && error != 4) {
            return error;
        }
    }
    abort();
}

static struct ramfs_name get_name(struct p9_reader *reader, uint32_t directory)
{
    uint16_t size;
    const char *bytes = p9_get_string(reader, &size);

    require(bytes != NULL && size > 0 && size <= FILE_NAME_MAX);
    require(memchr(bytes, '/', size) == NULL && memchr(bytes, '\0', size) == NULL);
    require(size > 2 || bytes[0] != '.' || bytes[size - 1] != '.');
    return (struct ramfs_name){.directory = directory, .bytes = bytes, .size = size};
}

static void put_qid(struct p9_writer *writer, const struct ramfs_inode *inode)
{
    p9_put8(writer, inode->type == FILE_TYPE_DIRECTORY ? P9_QID_DIRECTORY
                    : inode->type == FILE_TYPE_LINK    ? P9_QID_LINK
                                                       : 0);
    p9_put32(writer, 0);
    p9_put64(writer, inode->number);
}

static uint32_t mode_of(uint32_t type)
{
    return type == FILE_TYPE_DIRECTORY ? 0040755
           : type == FILE_TYPE_LINK    ? 0120777
                                       : 0100644;
}

static enum file_status walk(struct p9_server *server, struct p9_reader *in,
                             struct p9_writer *out)
{
    struct ramfs_inode *inode = inode_of(server, p9_get32(in));
    uint32_t new_fid = p9_get32(in);
    uint16_t count = p9_get16(in);

    require(count <= 1);
    if (count == 1) {
        const struct ramfs_name name = get_name(in, inode->number);
        enum file_status status = volume_find(server->volume, &name, &inode);
        if (status != FILE_OK) {
            return status;
        }
    }
    set_fid(server, new_fid, inode);
    p9_put16(out, count);
    if (count == 1) {
        put_qid(out, inode);
    }
    return FILE_OK;
}

static enum file_status create(struct p9_server *server, struct p9_reader *in,
                               struct p9_writer *out)
{
    uint32_t fid = p9_get32(in);
    const struct ramfs_name name = get_name(in, inode_of(server, fid)->number);
    struct ramfs_inode *inode;
    uint32_t flags = p9_get32(in);
    enum file_status status =
        volume_create(server->volume, &name, FILE_TYPE_FILE, &inode);

    require((flags & P9_O_EXCLUSIVE) != 0);
    if (status != FILE_OK) {
        return status;
    }
    clear_fid(server, fid);
    set_fid(server, fid, inode);
    volume_release(server->volume, inode);
    put_qid(out, inode);
    p9_put32(out, 0);
    return FILE_OK;
}

static enum file_status get_attributes(struct p9_server *server, struct p9_reader *in,
                                       struct p9_writer *out)
{
    const struct ramfs_inode *inode = inode_of(server, p9_get32(in));
    const uint64_t times[] = {inode->access_time_ns, inode->modification_time_ns,
                              inode->change_time_ns};

    p9_put64(out, p9_get64(in));
    put_qid(out, inode);
    p9_put32(out, mode_of(inode->type));
    p9_put64(out, 0);
    p9_put64(out, inode->link_count);
    p9_put64(out, 0);
    p9_put64(out, inode->size);
    p9_put64(out, 4096);
    p9_put64(out, 0);
    for (size_t i = 0; i < 3; i++) {
        p9_put64(out, times[i] / 1000000000);
        p9_put64(out, times[i] % 1000000000);
    }
    for (size_t i = 0; i < 4; i++) {
        p9_put64(out, 0); /* birth time, generation, version */
    }
    return FILE_OK;
}

static enum file_status set_attributes(struct p9_server *server, struct p9_reader *in)
{
    struct ramfs_inode *inode = inode_of(server, p9_get32(in));
    uint32_t valid = p9_get32(in);

    (void)p9_get32(in);
    (void)p9_get64(in);
    uint64_t size = p9_get64(in);
    return (valid & P9_SET_SIZE) != 0 ? volume_set_size(server->volume, inode, size)
                                      : FILE_OK;
}

static enum file_status read_contents(struct p9_server *server, struct p9_reader *in,
                                      struct p9_writer *out)
{
    static uint8_t bytes[SERVER_MESSAGE_MAX];
    const struct ramfs_inode *inode = inode_of(server, p9_get32(in));
    uint64_t offset = p9_get64(in);
    uint32_t size = p9_get32(in);

    require(size <= SERVER_MESSAGE_MAX - 11);
    size = (uint32_t)volume_read(inode, offset, bytes, size);
    p9_put32(out, size);
    p9_put_bytes(out, bytes, size);
    return FILE_OK;
}

static enum file_status write_contents(struct p9_server *server, struct p9_reader *in,
                                       struct p9_writer *out)
{
    struct ramfs_inode *inode = inode_of(server, p9_get32(in));
    uint64_t offset = p9_get64(in);
    uint32_t size = p9_get32(in);
    const uint8_t *bytes = p9_get_bytes(in, size);
    uint64_t written;

    require(bytes != NULL);
    enum file_status status =
        volume_write(server->volume, inode, offset, bytes, size, &written);
    p9_put32(out, (uint32_t)written);
    return status;
}

static enum file_status list(struct p9_server *server, struct p9_reader *in,
                             struct p9_writer *out)
{
    static uint8_t entries[SERVER_MESSAGE_MAX];
    static uint8_t told[SERVER_MESSAGE_MAX];
    const struct ramfs_inode *directory = inode_of(server, p9_get32(in));
    uint64_t cookie = p9_get64(in);
    uint32_t size = p9_get32(in);
    uint64_t bytes = directory_read(directory, cookie, entries, size);
    struct p9_writer writer = {.bytes = told, .capacity = sizeof(told)};
    struct file_entry entry;

    require(size <= SERVER_MESSAGE_MAX - 11);
    for (uint64_t at = 0; at < bytes; at += FILE_ENTRY_BYTES(entry.name_size)) {
        memcpy(&entry, entries + at, sizeof(entry));
        put_qid(&writer, volume_inode(server->volume, (uint32_t)entry.inode));
        p9_put64(&writer, entry.next_cookie);
        p9_put8(&writer, (uint8_t)(mode_of(entry.type) >> 12));
        p9_put_string(&writer, (const char *)entries + at + sizeof(entry),
                      entry.name_size);
    }
    p9_put32(out, (uint32_t)writer.size);
    p9_put_bytes(out, told, writer.size);
    return FILE_OK;
}

static enum file_status make(struct p9_server *server, struct p9_reader *in,
                             struct p9_writer *out)
{
    const struct ramfs_name name = get_name(in, inode_of(server, p9_get32(in))->number);
    struct ramfs_inode *inode;
    enum file_status status =
        volume_create(server->volume, &name, FILE_TYPE_DIRECTORY, &inode);

    if (status == FILE_OK) {
        put_qid(out, inode);
        volume_release(server->volume, inode);
    }
    return status;
}

static enum file_status remove_name(struct p9_server *server, struct p9_reader *in)
{
    const struct ramfs_name name = get_name(in, inode_of(server, p9_get32(in))->number);

    return p9_get32(in) != 0 ? volume_remove_directory(server->volume, &name)
                             : volume_unlink(server->volume, &name);
}

static enum file_status rename_name(struct p9_server *server, struct p9_reader *in)
{
    const struct ramfs_name from = get_name(in, inode_of(server, p9_get32(in))->number);
    const struct ramfs_name to = get_name(in, inode_of(server, p9_get32(in))->number);

    return volume_rename(server->volume, &from, &to);
}

/** The volume links by name: the one that the inode has is looked for. */
static enum file_status link_name(struct p9_server *server, struct p9_reader *in)
{
    struct ramfs_inode *directory = inode_of(server, p9_get32(in));
    struct ramfs_inode *inode = inode_of(server, p9_get32(in));
    const struct ramfs_name to = get_name(in, directory->number);

    if (directory->link_count == 0) {
        return FILE_NO_ENTRY;
    }
    if (directory_find(directory, to.bytes, to.size) != 0) {
        return FILE_EXISTS;
    }
    enum file_status status = directory_add(server->volume, directory, &to, inode);
    inode->link_count += status == FILE_OK;
    return status;
}

static enum file_status symlink_name(struct p9_server *server, struct p9_reader *in,
                                     struct p9_writer *out)
{
    const struct ramfs_name name = get_name(in, inode_of(server, p9_get32(in))->number);
    struct ramfs_inode *inode;
    uint16_t size;
    const char *target = p9_get_string(in, &size);
    enum file_status status = volume_symlink(server->volume, &name, target, size);

    if (status == FILE_OK && volume_find(server->volume, &name, &inode) == FILE_OK) {
        put_qid(out, inode);
    }
    return status;
}

static enum file_status read_link(struct p9_server *server, struct p9_reader *in,
                                  struct p9_writer *out)
{
    char target[FILE_TARGET_MAX];
    const struct ramfs_inode *inode = inode_of(server, p9_get32(in));

    require(inode->type == FILE_TYPE_LINK);
    p9_put_string(out, target, volume_read(inode, 0, target, sizeof(target)));
    return FILE_OK;
}

static enum file_status answer(struct p9_server *server, uint8_t type,
                               struct p9_reader *in, struct p9_writer *out)
{
    switch (type) {
    case P9_TVERSION:
        p9_put32(out, p9_get32(in));
        p9_put_string(out, "9P2000.L", 8);
        return FILE_OK;
    case P9_TATTACH:
        set_fid(server, p9_get32(in), volume_inode(server->volume, RAMFS_ROOT));
        put_qid(out, volume_inode(server->volume, RAMFS_ROOT));
        return FILE_OK;
    case P9_TWALK:
        return walk(server, in, out);
    case P9_TCLUNK:
        clear_fid(server, p9_get32(in));
        return FILE_OK;
    case P9_TLOPEN:
        put_qid(out, inode_of(server, p9_get32(in)));
        p9_put32(out, 0);
        return FILE_OK;
    case P9_TLCREATE:
        return create(server, in, out);
    case P9_TGETATTR:
        return get_attributes(server, in, out);
    case P9_TSETATTR:
        return set_attributes(server, in);
    case P9_TREAD:
        return read_contents(server, in, out);
    case P9_TWRITE:
        return write_contents(server, in, out);
    case P9_TREADDIR:
        return list(server, in, out);
    case P9_TFSYNC:
        (void)inode_of(server, p9_get32(in));
        return FILE_OK;
    case P9_TMKDIR:
        return make(server, in, out);
    case P9_TUNLINKAT:
        return remove_name(server, in);
    case P9_TRENAMEAT:
        return rename_name(server, in);
    case P9_TLINK:
        return link_name(server, in);
    case P9_TSYMLINK:
        return symlink_name(server, in, out);
    case P9_TREADLINK:
        return read_link(server, in, out);
    default:
        abort();
    }
}

static bool transact(void *context, size_t size, size_t *out_size)
{
    struct p9_server *server = context;
    struct p9_reader in = {.bytes = server->request, .size = size};

    require(p9_get32(&in) == size);
    uint8_t type = p9_get8(&in);
    uint16_t tag = p9_get16(&in);
    struct p9_writer out = p9_begin(server->response, sizeof(server->response),
                                    (enum p9_type)(type + 1), tag);
    enum file_status status = answer(server, type, &in, &out);
    require(!in.overran);
    if (status != FILE_OK) {
        out = p9_begin(server->response, sizeof(server->response), P9_TLERROR + 1, tag);
        p9_put32(&out, error_of(status));
    }
    require(p9_end(&out));
    *out_size = out.size;
    return true;
}

struct p9_transport p9_server_transport(struct p9_server *server)
{
    return (struct p9_transport){.context = server,
                                 .transact = transact,
                                 .request = server->request,
                                 .request_max = sizeof(server->request),
                                 .response = server->response,
                                 .response_max = sizeof(server->response)};
}
