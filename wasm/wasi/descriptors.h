/**
 * descriptors.h - a program's descriptor table: numbers to objects with rights.
 *
 * A descriptor's `base` rights say what may be done with it, its `inheriting` rights
 * bound those of what is opened below it. Neither ever grows.
 */
#ifndef WASM_WASI_DESCRIPTORS_H
#define WASM_WASI_DESCRIPTORS_H

#include "wasi/wasi_backend.h"
#include "wasm/wasm.h"

struct wasi_descriptor {
    struct wasi_object *object; /**< NULL: the number is free */
    enum wasi_filetype filetype;
    uint64_t rights_base;
    uint64_t rights_inheriting;
    char *preopen_path; /**< owned, preopen_size bytes and a zero; NULL: no preopen */
    uint32_t preopen_size;
};

struct wasi_descriptors {
    struct wasi_descriptor *entries; /**< `capacity` of them */
    uint32_t capacity;
    uint32_t limit; /**< most entries */
    const struct wasi_backend *backend;
    const struct wasm_platform *platform;
};

/** Makes an empty table; @p backend and @p platform are borrowed. */
void wasi_descriptors_init(struct wasi_descriptors *table, uint32_t limit,
                           const struct wasi_backend *backend,
                           const struct wasm_platform *platform);

/** Closes everything and frees the table. */
void wasi_descriptors_release(struct wasi_descriptors *table);

/** Makes sure that the numbers below @p count exist. WASI_EMFILE, WASI_ENOMEM. */
enum wasi_errno wasi_descriptors_reserve(struct wasi_descriptors *table,
                                         uint32_t count);

/** Puts @p descriptor, with its object, under the free number @p fd, which exists. */
void wasi_descriptors_set(struct wasi_descriptors *table, uint32_t fd,
                          const struct wasi_descriptor *descriptor);

/**
 * Puts @p descriptor under the lowest free number. Takes its object and path on success
 * only. WASI_EMFILE: the limit is reached; WASI_ENOMEM.
 */
enum wasi_errno wasi_descriptors_insert(struct wasi_descriptors *table,
                                        const struct wasi_descriptor *descriptor,
                                        uint32_t *out_fd);

/**
 * The descriptor @p fd, which must have all of @p rights. WASI_EBADF: not open;
 * WASI_ENOTCAPABLE: a right is missing. The pointer is good until the table changes.
 */
enum wasi_errno wasi_descriptors_find(const struct wasi_descriptors *table, uint32_t fd,
                                      uint64_t rights,
                                      struct wasi_descriptor **out_descriptor);

/** The same for a directory. WASI_ENOTDIR: it is open but none. */
enum wasi_errno
wasi_descriptors_find_directory(const struct wasi_descriptors *table, uint32_t fd,
                                uint64_t rights,
                                struct wasi_descriptor **out_descriptor);

/** Closes @p fd. WASI_EBADF. */
enum wasi_errno wasi_descriptors_close(struct wasi_descriptors *table, uint32_t fd);

/** Moves @p from to @p to, which is closed. Both are open. WASI_EBADF. */
enum wasi_errno wasi_descriptors_renumber(struct wasi_descriptors *table, uint32_t from,
                                          uint32_t to);

#endif
