/**
 * fd.c - what is done with a descriptor besides reading and writing: the fd_* functions on
 * its state, its file's attributes, and its number.
 */
#include "core/checked_math.h"
#include "wasi/context.h"
#include "wasi/filestat.h"

enum { FDSTAT_SIZE = 24, PRESTAT_SIZE = 8, ADVICE_MAX = 5 };

static enum wasi_errno find(struct wasi *wasi, const union wasm_value *arguments,
                            uint64_t rights, struct wasi_descriptor **out_descriptor)
{
    return wasi_descriptors_find(&wasi->descriptors, arguments[0].i32, rights,
                                 out_descriptor);
}

enum wasi_errno wasi_fd_advise(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error = find(wasi, arguments, WASI_RIGHT_FD_ADVISE, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if (descriptor->filetype == WASI_FILETYPE_DIRECTORY) {
        return WASI_EBADF;
    }
    if (arguments[3].i32 > ADVICE_MAX) {
        return WASI_EINVAL;
    }
    return wasi->backend.advise(wasi->backend.context, descriptor->object,
                                arguments[1].i64, arguments[2].i64,
                                (uint8_t)arguments[3].i32);
}

enum wasi_errno wasi_fd_allocate(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    uint64_t end;
    enum wasi_errno error = find(wasi, arguments, WASI_RIGHT_FD_ALLOCATE, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if (arguments[2].i64 == 0 ||
        !checked_add(arguments[1].i64, arguments[2].i64, &end)) {
        return WASI_EINVAL;
    }
    if (end > INT64_MAX) {
        return WASI_EFBIG;
    }
    return wasi->backend.allocate(wasi->backend.context, descriptor->object,
                                  arguments[1].i64, arguments[2].i64);
}

enum wasi_errno wasi_fd_close(struct wasi *wasi, const union wasm_value *arguments)
{
    return wasi_descriptors_close(&wasi->descriptors, arguments[0].i32);
}

enum wasi_errno wasi_fd_datasync(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error = find(wasi, arguments, WASI_RIGHT_FD_DATASYNC, &descriptor);

    return error != WASI_SUCCESS
               ? error
               : wasi->backend.sync(wasi->backend.context, descriptor->object, true);
}

enum wasi_errno wasi_fd_sync(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error = find(wasi, arguments, WASI_RIGHT_FD_SYNC, &descriptor);

    return error != WASI_SUCCESS
               ? error
               : wasi->backend.sync(wasi->backend.context, descriptor->object, false);
}

enum wasi_errno wasi_fd_fdstat_get(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    uint16_t flags = 0;
    enum wasi_errno error = find(wasi, arguments, 0, &descriptor);

    if (error == WASI_SUCCESS) {
        error =
            wasi->backend.get_flags(wasi->backend.context, descriptor->object, &flags);
    }
    if (error != WASI_SUCCESS) {
        return error;
    }
    uint8_t *to = guest_range(wasi, arguments[1].i32, FDSTAT_SIZE);
    if (to == NULL) {
        return WASI_EFAULT;
    }
    memset(to, 0, FDSTAT_SIZE);
    to[0] = (uint8_t)descriptor->filetype;
    guest_put16(to + 2, flags);
    guest_put64(to + 8, descriptor->rights_base);
    guest_put64(to + 16, descriptor->rights_inheriting);
    return WASI_SUCCESS;
}

enum wasi_errno wasi_fd_fdstat_set_flags(struct wasi *wasi,
                                         const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error =
        find(wasi, arguments, WASI_RIGHT_FD_FDSTAT_SET_FLAGS, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if ((arguments[1].i32 & ~(uint32_t)WASI_FDFLAGS_ALL) != 0) {
        return WASI_EINVAL;
    }
    return wasi->backend.set_flags(wasi->backend.context, descriptor->object,
                                   (uint16_t)arguments[1].i32);
}

/* Rights can be given up, never gained. */
enum wasi_errno wasi_fd_fdstat_set_rights(struct wasi *wasi,
                                          const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error = find(wasi, arguments, arguments[1].i64, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if ((arguments[2].i64 & ~descriptor->rights_inheriting) != 0) {
        return WASI_ENOTCAPABLE;
    }
    descriptor->rights_base = arguments[1].i64;
    descriptor->rights_inheriting = arguments[2].i64;
    return WASI_SUCCESS;
}

enum wasi_errno wasi_fd_filestat_get(struct wasi *wasi,
                                     const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    struct wasi_stat stat;
    enum wasi_errno error =
        find(wasi, arguments, WASI_RIGHT_FD_FILESTAT_GET, &descriptor);

    if (error == WASI_SUCCESS) {
        error = wasi->backend.stat(wasi->backend.context, descriptor->object, &stat);
    }
    return error != WASI_SUCCESS ? error
                                 : wasi_filestat_write(wasi, arguments[1].i32, &stat);
}

enum wasi_errno wasi_fd_filestat_set_size(struct wasi *wasi,
                                          const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error =
        find(wasi, arguments, WASI_RIGHT_FD_FILESTAT_SET_SIZE, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if (arguments[1].i64 > INT64_MAX) {
        return WASI_EINVAL;
    }
    return wasi->backend.set_size(wasi->backend.context, descriptor->object,
                                  arguments[1].i64);
}

enum wasi_errno wasi_fd_filestat_set_times(struct wasi *wasi,
                                           const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    struct wasi_times times;
    enum wasi_errno error =
        find(wasi, arguments, WASI_RIGHT_FD_FILESTAT_SET_TIMES, &descriptor);

    if (error == WASI_SUCCESS) {
        error = wasi_times_from(arguments[1].i64, arguments[2].i64, arguments[3].i32,
                                &times);
    }
    return error != WASI_SUCCESS ? error
                                 : wasi->backend.set_times(wasi->backend.context,
                                                           descriptor->object, &times);
}

static enum wasi_errno find_preopen(struct wasi *wasi,
                                    const union wasm_value *arguments,
                                    struct wasi_descriptor **out_descriptor)
{
    enum wasi_errno error = find(wasi, arguments, 0, out_descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    return (*out_descriptor)->preopen_path != NULL ? WASI_SUCCESS : WASI_EBADF;
}

/* A prestat is the tag 0 (a directory) and the size of its name. */
enum wasi_errno wasi_fd_prestat_get(struct wasi *wasi,
                                    const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error = find_preopen(wasi, arguments, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    uint8_t *to = guest_range(wasi, arguments[1].i32, PRESTAT_SIZE);
    if (to == NULL) {
        return WASI_EFAULT;
    }
    guest_put32(to, 0);
    guest_put32(to + 4, descriptor->preopen_size);
    return WASI_SUCCESS;
}

enum wasi_errno wasi_fd_prestat_dir_name(struct wasi *wasi,
                                         const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error = find_preopen(wasi, arguments, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if (arguments[2].i32 < descriptor->preopen_size) {
        return WASI_ENAMETOOLONG;
    }
    void *to = guest_range(wasi, arguments[1].i32, descriptor->preopen_size);
    if (to == NULL) {
        return WASI_EFAULT;
    }
    memcpy(to, descriptor->preopen_path, descriptor->preopen_size);
    return WASI_SUCCESS;
}

enum wasi_errno wasi_fd_renumber(struct wasi *wasi, const union wasm_value *arguments)
{
    return wasi_descriptors_renumber(&wasi->descriptors, arguments[0].i32,
                                     arguments[1].i32);
}
