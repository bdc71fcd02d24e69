/**
 * backend_names.c - operations on names in an open directory, one request each; see backend.h.
 *
 * What is no directory of a service's has no names: WASI_ENOTDIR. The directory without rights never
 * comes here, as WASI refuses before.
 */
#include "core/bytes.h"
#include "wasm_host/backend.h"

/** What an answer about a handle and a name is to WASI. */
static enum wasi_errno on_name(struct wasi_object *directory, enum file_opcode opcode,
                               const char *name)
{
    if (directory->kind != OBJECT_FILE) {
        return WASI_ENOTDIR;
    }
    return errno_of(client_on_name(directory->client, opcode, directory->handle, name));
}

static enum wasi_errno open_flags(struct wasi_object *directory, const char *name,
                                  uint32_t flags, struct wasi_object **out_object)
{
    struct file_answer answer;

    if (directory->kind != OBJECT_FILE) {
        return WASI_ENOTDIR;
    }
    struct wasi_object *object = object_create(OBJECT_FILE);
    if (object == NULL) {
        return WASI_ENOMEM;
    }
    object->client = directory->client;
    object->is_root = true; /* nothing is to be closed yet */
    enum file_status status =
        client_open(directory->client, directory->handle, name, flags, &answer);
    if (status != FILE_OK) {
        object_destroy(object);
        return errno_of(status);
    }
    object->is_root = false;
    object->handle = answer.words[0];
    *out_object = object;
    return WASI_SUCCESS;
}

static enum wasi_errno open_at(void *context, struct wasi_object *directory,
                               const char *name, const struct wasi_open *how,
                               struct wasi_object **out_object)
{
    bool wants_directory = (how->oflags & WASI_OFLAG_DIRECTORY) != 0;
    uint32_t flags = (how->read ? FILE_OPEN_READ : 0u) |
                     (how->write && !wants_directory ? FILE_OPEN_WRITE : 0u) |
                     (wants_directory ? FILE_OPEN_DIRECTORY : 0u) |
                     ((how->oflags & WASI_OFLAG_CREAT) != 0 ? FILE_OPEN_CREATE : 0u) |
                     ((how->oflags & WASI_OFLAG_TRUNC) != 0 ? FILE_OPEN_TRUNCATE : 0u);

    (void)context;
    if ((flags & FILE_OPEN_CREATE) != 0 && (how->oflags & WASI_OFLAG_EXCL) != 0) {
        flags |= FILE_OPEN_EXCLUSIVE;
    }
    enum wasi_errno error = open_flags(directory, name, flags, out_object);
    if (error == WASI_SUCCESS) {
        (*out_object)->fdflags = how->fdflags;
    }
    return error;
}

static enum wasi_errno open_directory_at(void *context, struct wasi_object *directory,
                                         const char *name,
                                         struct wasi_object **out_object)
{
    (void)context;
    return open_flags(directory, name, FILE_OPEN_DIRECTORY, out_object);
}

static enum wasi_errno read_link_at(void *context, struct wasi_object *directory,
                                    const char *name, char *buffer, size_t size,
                                    size_t *out_size)
{
    struct file_answer answer;

    (void)context;
    if (directory->kind != OBJECT_FILE) {
        return WASI_ENOTDIR;
    }
    const struct file_client *client = directory->client;
    const uint64_t words[3] = {directory->handle,
                               client_put_name(client, FILE_BUFFER_NAME, name), 0};
    enum file_status status =
        client_request(client, FILE_LABEL(FILE_READ_LINK, 0), words, &answer);
    if (status != FILE_OK) {
        return errno_of(status);
    }
    if (answer.words[0] > client_data_max(client)) {
        return WASI_EIO;
    }
    *out_size = size < answer.words[0] ? size : answer.words[0];
    memcpy(buffer, client->buffer + FILE_BUFFER_DATA, *out_size);
    return WASI_SUCCESS;
}

static enum wasi_errno stat_at(void *context, struct wasi_object *directory,
                               const char *name, struct wasi_stat *out_stat)
{
    enum wasi_errno error = on_name(directory, FILE_STAT_AT, name);

    (void)context;
    if (error == WASI_SUCCESS) {
        *out_stat = stat_in_buffer(directory->client);
    }
    return error;
}

static enum wasi_errno set_times_at(void *context, struct wasi_object *directory,
                                    const char *name, const struct wasi_times *times)
{
    (void)context;
    if (directory->kind == OBJECT_FILE) {
        put_times(directory->client, times);
    }
    return on_name(directory, FILE_SET_TIMES_AT, name);
}

static enum wasi_errno make_directory_at(void *context, struct wasi_object *directory,
                                         const char *name)
{
    (void)context;
    return on_name(directory, FILE_MAKE_DIRECTORY, name);
}

static enum wasi_errno remove_directory_at(void *context, struct wasi_object *directory,
                                           const char *name)
{
    (void)context;
    return on_name(directory, FILE_REMOVE_DIRECTORY, name);
}

static enum wasi_errno unlink_at(void *context, struct wasi_object *directory,
                                 const char *name)
{
    (void)context;
    return on_name(directory, FILE_UNLINK, name);
}

static enum wasi_errno on_names(enum file_opcode opcode,
                                struct wasi_object *from_directory, const char *from,
                                struct wasi_object *to_directory, const char *to)
{
    if (from_directory->kind != OBJECT_FILE || to_directory->kind != OBJECT_FILE) {
        return WASI_ENOTDIR;
    }
    if (from_directory->client != to_directory->client) {
        return WASI_EXDEV;
    }
    const uint64_t handles[2] = {from_directory->handle, to_directory->handle};
    return errno_of(client_on_names(from_directory->client, opcode, handles, from, to));
}

static enum wasi_errno rename_at(void *context, struct wasi_object *from_directory,
                                 const char *from, struct wasi_object *to_directory,
                                 const char *to)
{
    (void)context;
    return on_names(FILE_RENAME, from_directory, from, to_directory, to);
}

static enum wasi_errno link_at(void *context, struct wasi_object *from_directory,
                               const char *from, struct wasi_object *to_directory,
                               const char *to)
{
    (void)context;
    return on_names(FILE_LINK, from_directory, from, to_directory, to);
}

static enum wasi_errno symlink_at(void *context, const char *target,
                                  struct wasi_object *directory, const char *name)
{
    size_t size = strlen(target);

    (void)context;
    if (directory->kind != OBJECT_FILE) {
        return WASI_ENOTDIR;
    }
    if (size == 0 || size > FILE_TARGET_MAX) {
        return size == 0 ? WASI_ENOENT : WASI_ENAMETOOLONG;
    }
    const struct file_client *client = directory->client;
    const uint64_t words[3] = {directory->handle,
                               client_put_name(client, FILE_BUFFER_NAME, name), size};
    memcpy(client->buffer + FILE_BUFFER_DATA, target, size);
    return errno_of(client_request(client, FILE_LABEL(FILE_SYMLINK, 0), words, NULL));
}

void backend_names(struct wasi_backend *backend)
{
    backend->open_at = open_at;
    backend->open_directory_at = open_directory_at;
    backend->read_link_at = read_link_at;
    backend->stat_at = stat_at;
    backend->set_times_at = set_times_at;
    backend->make_directory_at = make_directory_at;
    backend->remove_directory_at = remove_directory_at;
    backend->unlink_at = unlink_at;
    backend->rename_at = rename_at;
    backend->link_at = link_at;
    backend->symlink_at = symlink_at;
}
