/**
 * backend.c - objects, and what their kinds have in common; see backend.h.
 */
#include "wasm_host/backend.h"
#include "core/bytes.h"
#include "mnos/call.h"
#include "wasm_host/platform.h"

struct wasi_object *object_create(enum object_kind kind)
{
    struct wasi_object *object = platform_allocate_zeroed(sizeof(*object));

    if (object != NULL) {
        object->kind = kind;
    }
    return object;
}

static bool call(uint64_t slot, struct file_message *message)
{
    struct mnos_call out = {
        .info = MN_MESSAGE_INFO(message->label),
        .words = {message->words[0], message->words[1], message->words[2]}};

    if (sys_call(slot, &out) != MN_OK) {
        return false;
    }
    message->label = MN_MESSAGE_LABEL(out.info);
    memcpy(message->words, out.words, sizeof(message->words));
    return true;
}

struct wasi_object *backend_stream(const struct program_stream *stream)
{
    bool is_empty = (stream->flags & PROGRAM_STREAM_EMPTY) != 0;

    if (stream->slot == 0 && !is_empty) {
        return NULL;
    }
    struct wasi_object *object =
        object_create(stream->slot == 0 ? OBJECT_EMPTY : OBJECT_STREAM);
    if (object != NULL) {
        object->slot = stream->slot;
        object->is_terminal = (stream->flags & PROGRAM_STREAM_TERMINAL) != 0;
    }
    return object;
}

struct wasi_object *backend_directory(const struct program_directory *directory)
{
    struct file_client *client = platform_allocate_zeroed(sizeof(*client));
    struct wasi_object *object = client != NULL ? object_create(OBJECT_FILE) : NULL;

    if (object == NULL) {
        platform_release(client);
        return NULL;
    }
    *client = (struct file_client){.slot = directory->slot,
                                   .buffer = (uint8_t *)directory->buffer,
                                   .buffer_bytes = directory->buffer_bytes,
                                   .call = call};
    object->client = client;
    object->handle = FILE_ROOT_HANDLE;
    object->is_root = true;
    return object;
}

struct wasi_object *backend_nothing(void)
{
    return object_create(OBJECT_NOTHING);
}

enum wasi_errno errno_of(enum file_status status)
{
    static const uint8_t table[FILE_STATUSES] = {
        [FILE_OK] = WASI_SUCCESS,
        [FILE_INVALID] = WASI_EINVAL,
        [FILE_NO_SESSION] = WASI_EIO,
        [FILE_BAD_HANDLE] = WASI_EBADF,
        [FILE_NO_ENTRY] = WASI_ENOENT,
        [FILE_EXISTS] = WASI_EEXIST,
        [FILE_NOT_DIRECTORY] = WASI_ENOTDIR,
        [FILE_IS_DIRECTORY] = WASI_EISDIR,
        [FILE_IS_LINK] = WASI_ELOOP,
        [FILE_NOT_LINK] = WASI_EINVAL,
        [FILE_NOT_EMPTY] = WASI_ENOTEMPTY,
        [FILE_READ_ONLY] = WASI_EROFS,
        [FILE_ACCESS] = WASI_EACCES,
        [FILE_NOT_PERMITTED] = WASI_EPERM,
        [FILE_NO_SPACE] = WASI_ENOSPC,
        [FILE_QUOTA] = WASI_EDQUOT,
        [FILE_NO_HANDLES] = WASI_ENFILE,
        [FILE_NO_MEMORY] = WASI_ENOMEM,
        [FILE_TOO_LARGE] = WASI_EFBIG,
        [FILE_NAME_TOO_LONG] = WASI_ENAMETOOLONG,
        [FILE_TOO_MANY_LINKS] = WASI_EMLINK,
        [FILE_BUSY] = WASI_EBUSY,
        [FILE_CROSS_DEVICE] = WASI_EXDEV,
        [FILE_NOT_SUPPORTED] = WASI_ENOTSUP,
        [FILE_IO] = WASI_EIO,
    };

    return (enum wasi_errno)table[status];
}

struct wasi_stat stat_of(const struct file_attributes *attributes)
{
    return (struct wasi_stat){.device = attributes->device,
                              .inode = attributes->inode,
                              .filetype = (enum wasi_filetype)attributes->type,
                              .link_count = attributes->link_count,
                              .size = attributes->size,
                              .access_time_ns = attributes->access_time_ns,
                              .modification_time_ns = attributes->modification_time_ns,
                              .change_time_ns = attributes->change_time_ns};
}

struct wasi_stat stat_in_buffer(const struct file_client *client)
{
    struct file_attributes attributes;

    memcpy(&attributes, client->buffer + FILE_BUFFER_RECORD, sizeof(attributes));
    return stat_of(&attributes);
}

void put_times(const struct file_client *client, const struct wasi_times *times)
{
    _Static_assert(WASI_FST_ATIM == (int)FILE_TIMES_ACCESS &&
                       WASI_FST_ATIM_NOW == (int)FILE_TIMES_ACCESS_NOW &&
                       WASI_FST_MTIM == (int)FILE_TIMES_MODIFICATION &&
                       WASI_FST_MTIM_NOW == (int)FILE_TIMES_MODIFICATION_NOW,
                   "the flags are the same");
    const struct file_times out = {.flags = times->flags,
                                   .access_time_ns = times->access_time_ns,
                                   .modification_time_ns = times->modification_time_ns};

    memcpy(client->buffer + FILE_BUFFER_RECORD, &out, sizeof(out));
}

struct wasi_backend backend_of(const struct program_start *start)
{
    struct wasi_backend backend = {.context = NULL};

    backend_names(&backend);
    backend_files(&backend);
    backend_directories(&backend);
    backend_time(&backend, start);
    return backend;
}
