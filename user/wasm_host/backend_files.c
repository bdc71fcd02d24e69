/**
 * backend_files.c - operations on open objects; see backend.h. Positions are kept here.
 */
#include "core/bytes.h"
#include "wasm_host/backend.h"
#include "wasm_host/platform.h"

void object_destroy(struct wasi_object *object)
{
    const uint64_t words[3] = {object->handle, 0, 0};

    if (object->kind == OBJECT_FILE && !object->is_root) {
        (void)!client_request(object->client, FILE_LABEL(FILE_CLOSE, 0), words, NULL);
    }
    platform_release(object->batch);
    platform_release(object);
}

static void close_object(void *context, struct wasi_object *object)
{
    (void)context;
    object_destroy(object);
}

enum wasi_errno object_request(const struct wasi_object *object, uint64_t label,
                               uint64_t a, uint64_t b, struct file_answer *out_answer)
{
    const uint64_t words[3] = {object->handle, a, b};

    if (object->kind != OBJECT_FILE) {
        return WASI_EINVAL;
    }
    return errno_of(client_request(object->client, label, words, out_answer));
}

static enum wasi_errno stat_object(void *context, struct wasi_object *object,
                                   struct wasi_stat *out_stat)
{
    (void)context;
    if (object->kind == OBJECT_FILE) {
        enum wasi_errno error =
            object_request(object, FILE_LABEL(FILE_STAT, 0), 0, 0, NULL);
        if (error == WASI_SUCCESS) {
            *out_stat = stat_in_buffer(object->client);
        }
        return error;
    }
    *out_stat = (struct wasi_stat){
        .filetype = object->kind == OBJECT_NOTHING ? WASI_FILETYPE_DIRECTORY
                    : object->is_terminal          ? WASI_FILETYPE_CHARACTER_DEVICE
                                                   : WASI_FILETYPE_UNKNOWN,
        .link_count = 1};
    return WASI_SUCCESS;
}

/** Reads one piece, as much as a request carries. */
static enum wasi_errno read_piece(struct wasi_object *object, uint64_t offset,
                                  const struct wasi_span *piece, size_t *out_size)
{
    uint64_t most = client_data_max(object->client);
    uint64_t size = piece->size < most ? piece->size : most;
    struct file_answer answer;
    enum wasi_errno error =
        object_request(object, FILE_LABEL(FILE_READ, 0), offset, size, &answer);

    if (error == WASI_SUCCESS && answer.words[0] > size) {
        error = WASI_EIO;
    }
    if (error == WASI_SUCCESS) {
        *out_size = answer.words[0];
        memcpy(piece->bytes, object->client->buffer + FILE_BUFFER_DATA, *out_size);
    }
    return error;
}

/** Writes one piece; *@p offset moves behind it. */
static enum wasi_errno write_piece(struct wasi_object *object, uint64_t *offset,
                                   const struct wasi_span *piece, size_t *out_size)
{
    bool append = (object->fdflags & WASI_FDFLAG_APPEND) != 0;
    uint64_t most = client_data_max(object->client);
    uint64_t size = piece->size < most ? piece->size : most;
    struct file_answer answer;

    memcpy(object->client->buffer + FILE_BUFFER_DATA, piece->bytes, size);
    enum wasi_errno error =
        object_request(object, FILE_LABEL(FILE_WRITE, append ? FILE_WRITE_APPEND : 0),
                       *offset, size, &answer);
    if (error == WASI_SUCCESS && answer.words[0] > size) {
        error = WASI_EIO;
    }
    if (error == WASI_SUCCESS) {
        *out_size = answer.words[0];
        *offset = answer.words[1];
    }
    return error;
}

/** Moves one span, request by request, until one moves less than it could: *@p out_size is what was moved,
 *  with an error too. */
static enum wasi_errno move_span(struct wasi_object *object, bool for_write,
                                 struct wasi_span left, uint64_t *offset,
                                 size_t *out_size)
{
    enum wasi_errno error = WASI_SUCCESS;
    size_t size = 1;

    *out_size = 0;
    while (left.size > 0 && size > 0) {
        size = 0;
        error = for_write ? write_piece(object, offset, &left, &size)
                          : read_piece(object, *offset, &left, &size);
        *offset += for_write ? 0 : size;
        *out_size += size;
        left.bytes = (uint8_t *)left.bytes + size;
        left.size -= size;
    }
    return error;
}

/** Moves spans one after the other, until one is moved in part. */
static enum wasi_errno move_spans(struct wasi_object *object, bool for_write,
                                  const struct wasi_span *spans, size_t count,
                                  uint64_t *offset, size_t *out_size)
{
    size_t done = 0;

    for (size_t i = 0; i < count; i++) {
        size_t size;
        enum wasi_errno error = move_span(object, for_write, spans[i], offset, &size);

        done += size;
        if (error != WASI_SUCCESS && done == 0) {
            return error;
        }
        if (size < spans[i].size) {
            break;
        }
    }
    *out_size = done;
    return WASI_SUCCESS;
}

/** A file at the offset, or at its position, which moves on. */
static enum wasi_errno move_file(struct wasi_object *object, bool for_write,
                                 const struct wasi_span *spans, size_t count,
                                 const uint64_t *offset, size_t *out_size)
{
    uint64_t at = offset != NULL ? *offset : object->position;

    if (at > INT64_MAX) {
        return WASI_EINVAL;
    }
    enum wasi_errno error = move_spans(object, for_write, spans, count, &at, out_size);
    if (error == WASI_SUCCESS && offset == NULL) {
        object->position = at;
    }
    return error;
}

static const struct wasi_span *first_span(const struct wasi_span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (spans[i].size > 0) {
            return &spans[i];
        }
    }
    return NULL;
}

static enum wasi_errno read_object(void *context, struct wasi_object *object,
                                   const struct wasi_span *spans, size_t count,
                                   const uint64_t *offset, size_t *out_size)
{
    const struct wasi_span *first = first_span(spans, count);

    (void)context;
    if (object->kind == OBJECT_FILE) {
        return move_file(object, false, spans, count, offset, out_size);
    }
    if (offset != NULL) {
        return WASI_ESPIPE;
    }
    *out_size = 0;
    return object->kind == OBJECT_STREAM && first != NULL
               ? stream_read(object, first->bytes, first->size, out_size)
               : WASI_SUCCESS;
}

/** All spans in order, so that a line of several pieces comes out at once. */
static enum wasi_errno write_stream(const struct wasi_object *object,
                                    const struct wasi_span *spans, size_t count,
                                    size_t *out_size)
{
    *out_size = 0;
    for (size_t i = 0; i < count; i++) {
        size_t size = spans[i].size;
        enum wasi_errno error =
            object->kind == OBJECT_EMPTY || size == 0
                ? WASI_SUCCESS
                : stream_write(object, spans[i].bytes, spans[i].size, &size);

        if (error != WASI_SUCCESS) {
            return *out_size == 0 ? error : WASI_SUCCESS;
        }
        *out_size += size;
        if (size < spans[i].size) {
            break;
        }
    }
    return WASI_SUCCESS;
}

static enum wasi_errno write_object(void *context, struct wasi_object *object,
                                    const struct wasi_span *spans, size_t count,
                                    const uint64_t *offset, size_t *out_size)
{
    (void)context;
    if (object->kind == OBJECT_FILE) {
        return move_file(object, true, spans, count, offset, out_size);
    }
    return offset != NULL ? WASI_ESPIPE : write_stream(object, spans, count, out_size);
}

static enum wasi_errno seek_object(void *context, struct wasi_object *object,
                                   int64_t offset, enum wasi_whence whence,
                                   uint64_t *out_position)
{
    struct wasi_stat stat = {.size = 0};
    int64_t base;
    int64_t position;

    if (object->kind != OBJECT_FILE) {
        return WASI_ESPIPE;
    }
    if (whence == WASI_WHENCE_END) {
        enum wasi_errno error = stat_object(context, object, &stat);
        if (error != WASI_SUCCESS) {
            return error;
        }
    }
    base = whence == WASI_WHENCE_END   ? (int64_t)stat.size
           : whence == WASI_WHENCE_CUR ? (int64_t)object->position
                                       : 0;
    if (__builtin_add_overflow(base, offset, &position)) {
        return WASI_EOVERFLOW;
    }
    if (position < 0) {
        return WASI_EINVAL;
    }
    object->position = (uint64_t)position;
    *out_position = object->position;
    return WASI_SUCCESS;
}

static enum wasi_errno set_size(void *context, struct wasi_object *object,
                                uint64_t size)
{
    (void)context;
    return object_request(object, FILE_LABEL(FILE_SET_SIZE, 0), size, 0, NULL);
}

static enum wasi_errno allocate(void *context, struct wasi_object *object,
                                uint64_t offset, uint64_t size)
{
    (void)context;
    return object_request(object, FILE_LABEL(FILE_ALLOCATE, 0), offset, size, NULL);
}

static enum wasi_errno advise(void *context, struct wasi_object *object,
                              uint64_t offset, uint64_t size, uint8_t advice)
{
    (void)context;
    if (offset > INT64_MAX || size > INT64_MAX) {
        return WASI_EINVAL;
    }
    return object->kind == OBJECT_FILE
               ? object_request(object, FILE_LABEL(FILE_ADVISE, advice), offset, size,
                                NULL)
               : WASI_ESPIPE;
}

static enum wasi_errno sync_object(void *context, struct wasi_object *object,
                                   bool data_only)
{
    (void)context;
    return object_request(
        object, FILE_LABEL(FILE_SYNC, data_only ? FILE_SYNC_DATA_ONLY : 0), 0, 0, NULL);
}

static enum wasi_errno set_times(void *context, struct wasi_object *object,
                                 const struct wasi_times *times)
{
    (void)context;
    if (object->kind == OBJECT_FILE) {
        put_times(object->client, times);
    }
    return object_request(object, FILE_LABEL(FILE_SET_TIMES, 0), 0, 0, NULL);
}

static enum wasi_errno get_flags(void *context, struct wasi_object *object,
                                 uint16_t *out_fdflags)
{
    (void)context;
    *out_fdflags = object->fdflags;
    return WASI_SUCCESS;
}

static enum wasi_errno set_flags(void *context, struct wasi_object *object,
                                 uint16_t fdflags)
{
    const uint16_t changeable = WASI_FDFLAG_APPEND | WASI_FDFLAG_NONBLOCK;

    (void)context;
    if (((object->fdflags ^ fdflags) & ~changeable) != 0 ||
        (object->kind != OBJECT_FILE && object->fdflags != fdflags)) {
        return WASI_ENOTSUP;
    }
    object->fdflags = fdflags;
    return WASI_SUCCESS;
}

void backend_files(struct wasi_backend *backend)
{
    backend->close = close_object;
    backend->stat = stat_object;
    backend->read = read_object;
    backend->write = write_object;
    backend->seek = seek_object;
    backend->set_size = set_size;
    backend->allocate = allocate;
    backend->advise = advise;
    backend->sync = sync_object;
    backend->set_times = set_times;
    backend->get_flags = get_flags;
    backend->set_flags = set_flags;
}
