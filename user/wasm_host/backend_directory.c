/**
 * backend_directory.c - listing a directory: entries come many at a time and are told one by one.
 */
#include "core/bytes.h"
#include "core/checked_math.h"
#include "wasm_host/backend.h"
#include "wasm_host/platform.h"

/** Asks for the entries from @p cookie on and keeps them. */
static enum wasi_errno read_batch(struct wasi_object *directory, uint64_t cookie)
{
    const struct file_client *client = directory->client;
    struct file_answer answer;
    enum wasi_errno error = object_request(
        directory, FILE_LABEL(FILE_READ_DIRECTORY, 0), cookie, 0, &answer);

    platform_release(directory->batch);
    directory->batch = NULL;
    if (error != WASI_SUCCESS || answer.words[0] > client_data_max(client)) {
        return error != WASI_SUCCESS ? error : WASI_EIO;
    }
    directory->batch =
        platform_allocate_zeroed(sizeof(*directory->batch) + answer.words[0]);
    if (directory->batch == NULL) {
        return WASI_ENOMEM;
    }
    directory->batch->next_cookie = cookie;
    directory->batch->size = answer.words[0];
    memcpy(directory->batch->bytes, client->buffer + FILE_BUFFER_DATA, answer.words[0]);
    return WASI_SUCCESS;
}

/** Takes the next entry out of the batch. WASI_EIO: it is none. */
static enum wasi_errno take_entry(struct directory_batch *batch,
                                  struct wasi_entry *out_entry)
{
    const uint8_t *at = batch->bytes + batch->offset;
    struct file_entry entry = {.name_size = 0};

    if (!range_fits(batch->offset, sizeof(entry), batch->size)) {
        return WASI_EIO;
    }
    memcpy(&entry, at, sizeof(entry));
    if (entry.name_size == 0 || entry.name_size > FILE_NAME_MAX ||
        entry.next_cookie == 0 ||
        !range_fits(batch->offset, FILE_ENTRY_BYTES(entry.name_size), batch->size)) {
        return WASI_EIO;
    }
    *out_entry = (struct wasi_entry){.next_cookie = entry.next_cookie,
                                     .inode = entry.inode,
                                     .filetype = (enum wasi_filetype)entry.type,
                                     .name_size = entry.name_size};
    memcpy(out_entry->name, at + sizeof(entry), entry.name_size);
    batch->next_cookie = entry.next_cookie;
    batch->offset += FILE_ENTRY_BYTES(entry.name_size);
    return WASI_SUCCESS;
}

static enum wasi_errno read_directory(void *context, struct wasi_object *directory,
                                      uint64_t cookie, struct wasi_entry *out_entry,
                                      bool *out_is_end)
{
    const struct directory_batch *batch = directory->batch;

    (void)context;
    if (directory->kind != OBJECT_FILE) {
        return WASI_ENOTDIR;
    }
    if (cookie > INT64_MAX) {
        return WASI_EINVAL; /* no service gives such a one */
    }
    bool is_there = batch != NULL && cookie != 0 && batch->next_cookie == cookie &&
                    batch->offset < batch->size;
    enum wasi_errno error = is_there ? WASI_SUCCESS : read_batch(directory, cookie);
    if (error != WASI_SUCCESS) {
        return error;
    }
    *out_is_end = directory->batch->size == 0;
    return *out_is_end ? WASI_SUCCESS : take_entry(directory->batch, out_entry);
}

void backend_directories(struct wasi_backend *backend)
{
    backend->read_directory = read_directory;
}
