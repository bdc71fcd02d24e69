/**
 * descriptors.c - the descriptor table of descriptors.h: an array that grows by doubling.
 */
#include "wasi/descriptors.h"
#include "core/bytes.h"

enum { FIRST_CAPACITY = 16 };

void wasi_descriptors_init(struct wasi_descriptors *table, uint32_t limit,
                           const struct wasi_backend *backend,
                           const struct wasm_platform *platform)
{
    *table = (struct wasi_descriptors){
        .limit = limit, .backend = backend, .platform = platform};
}

static void close_entry(struct wasi_descriptors *table, struct wasi_descriptor *entry)
{
    table->backend->close(table->backend->context, entry->object);
    if (entry->preopen_path != NULL) {
        table->platform->release(table->platform->context, entry->preopen_path,
                                 (size_t)entry->preopen_size + 1);
    }
    *entry = (struct wasi_descriptor){.object = NULL};
}

void wasi_descriptors_release(struct wasi_descriptors *table)
{
    for (uint32_t fd = 0; fd < table->capacity; fd++) {
        if (table->entries[fd].object != NULL) {
            close_entry(table, &table->entries[fd]);
        }
    }
    if (table->entries != NULL) {
        table->platform->release(table->platform->context, table->entries,
                                 table->capacity * sizeof(*table->entries));
    }
    table->entries = NULL;
    table->capacity = 0;
}

static enum wasi_errno grow(struct wasi_descriptors *table)
{
    uint32_t capacity = table->capacity == 0 ? FIRST_CAPACITY : table->capacity * 2;

    if (table->capacity >= table->limit) {
        return WASI_EMFILE;
    }
    if (capacity > table->limit) {
        capacity = table->limit;
    }
    struct wasi_descriptor *entries = table->platform->allocate(
        table->platform->context, capacity * sizeof(*entries));
    if (entries == NULL) {
        return WASI_ENOMEM;
    }
    memset(entries, 0, capacity * sizeof(*entries));
    if (table->entries != NULL) {
        size_t size = table->capacity * sizeof(*entries);
        memcpy(entries, table->entries, size);
        table->platform->release(table->platform->context, table->entries, size);
    }
    table->entries = entries;
    table->capacity = capacity;
    return WASI_SUCCESS;
}

enum wasi_errno wasi_descriptors_reserve(struct wasi_descriptors *table, uint32_t count)
{
    enum wasi_errno error = WASI_SUCCESS;

    while (table->capacity < count && error == WASI_SUCCESS) {
        error = grow(table);
    }
    return error;
}

void wasi_descriptors_set(struct wasi_descriptors *table, uint32_t fd,
                          const struct wasi_descriptor *descriptor)
{
    table->entries[fd] = *descriptor;
}

enum wasi_errno wasi_descriptors_insert(struct wasi_descriptors *table,
                                        const struct wasi_descriptor *descriptor,
                                        uint32_t *out_fd)
{
    uint32_t fd = 0;

    while (fd < table->capacity && table->entries[fd].object != NULL) {
        fd++;
    }
    if (fd == table->capacity) {
        enum wasi_errno error = grow(table);
        if (error != WASI_SUCCESS) {
            return error;
        }
    }
    table->entries[fd] = *descriptor;
    *out_fd = fd;
    return WASI_SUCCESS;
}

enum wasi_errno wasi_descriptors_find(const struct wasi_descriptors *table, uint32_t fd,
                                      uint64_t rights,
                                      struct wasi_descriptor **out_descriptor)
{
    if (fd >= table->capacity || table->entries[fd].object == NULL) {
        return WASI_EBADF;
    }
    if ((table->entries[fd].rights_base & rights) != rights) {
        return WASI_ENOTCAPABLE;
    }
    *out_descriptor = &table->entries[fd];
    return WASI_SUCCESS;
}

enum wasi_errno wasi_descriptors_find_directory(const struct wasi_descriptors *table,
                                                uint32_t fd, uint64_t rights,
                                                struct wasi_descriptor **out_descriptor)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error = wasi_descriptors_find(table, fd, 0, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if (descriptor->filetype != WASI_FILETYPE_DIRECTORY) {
        return WASI_ENOTDIR;
    }
    return wasi_descriptors_find(table, fd, rights, out_descriptor);
}

enum wasi_errno wasi_descriptors_close(struct wasi_descriptors *table, uint32_t fd)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error = wasi_descriptors_find(table, fd, 0, &descriptor);

    if (error == WASI_SUCCESS) {
        close_entry(table, descriptor);
    }
    return error;
}

enum wasi_errno wasi_descriptors_renumber(struct wasi_descriptors *table, uint32_t from,
                                          uint32_t to)
{
    struct wasi_descriptor *source;
    struct wasi_descriptor *target;

    if (wasi_descriptors_find(table, from, 0, &source) != WASI_SUCCESS ||
        wasi_descriptors_find(table, to, 0, &target) != WASI_SUCCESS) {
        return WASI_EBADF;
    }
    if (from != to) {
        close_entry(table, target);
        *target = *source;
        *source = (struct wasi_descriptor){.object = NULL};
    }
    return WASI_SUCCESS;
}
