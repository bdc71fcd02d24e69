/**
 * fd_io.c - fd_read, fd_write, fd_pread, fd_pwrite, fd_seek, fd_tell.
 *
 * A call moves at most SPANS_MAX iovecs and INT32_MAX bytes and says how many it moved: a
 * short count is always allowed. The whole iovec array must lie in the guest's memory, and
 * so must each buffer that is used.
 */
#include "core/checked_math.h"
#include "wasi/context.h"

enum { SPANS_MAX = 64, IOVEC_SIZE = 8 };

struct spans {
    struct wasi_span items[SPANS_MAX];
    size_t count;
};

static enum wasi_errno gather(struct wasi *wasi, uint32_t array, uint32_t count,
                              struct spans *out_spans)
{
    const uint8_t *iovec = guest_range(wasi, array, (uint64_t)count * IOVEC_SIZE);
    uint64_t room = INT32_MAX;

    if (iovec == NULL) {
        return WASI_EFAULT;
    }
    out_spans->count = 0;
    for (uint32_t i = 0; i < count && out_spans->count < SPANS_MAX && room > 0; i++) {
        uint32_t address = bytes_load_le32(iovec + (size_t)i * IOVEC_SIZE);
        uint64_t size = bytes_load_le32(iovec + (size_t)i * IOVEC_SIZE + 4);
        void *bytes = guest_range(wasi, address, size);
        if (bytes == NULL) {
            return WASI_EFAULT;
        }
        size = size < room ? size : room;
        room -= size;
        if (size > 0) {
            out_spans->items[out_spans->count++] =
                (struct wasi_span){.bytes = bytes, .size = (size_t)size};
        }
    }
    return WASI_SUCCESS;
}

/* A directory can be neither read nor written, whatever its rights: EISDIR says why. */
static enum wasi_errno find_file(struct wasi *wasi, uint32_t fd, uint64_t rights,
                                 struct wasi_descriptor **out_descriptor)
{
    enum wasi_errno error =
        wasi_descriptors_find(&wasi->descriptors, fd, 0, out_descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if ((*out_descriptor)->filetype == WASI_FILETYPE_DIRECTORY) {
        return WASI_EISDIR;
    }
    return wasi_descriptors_find(&wasi->descriptors, fd, rights, out_descriptor);
}

/* Arguments 0 to 2 are the same for all four; the count's address comes last. */
static enum wasi_errno transfer(struct wasi *wasi, const union wasm_value *arguments,
                                bool is_write, const uint64_t *offset,
                                uint32_t count_address)
{
    uint64_t rights = (is_write ? WASI_RIGHT_FD_WRITE : WASI_RIGHT_FD_READ) |
                      (offset != NULL ? WASI_RIGHT_FD_SEEK : 0);
    struct wasi_descriptor *descriptor;
    struct spans spans;
    size_t moved = 0;
    enum wasi_errno error = find_file(wasi, arguments[0].i32, rights, &descriptor);

    if (error == WASI_SUCCESS) {
        error = gather(wasi, arguments[1].i32, arguments[2].i32, &spans);
    }
    if (error != WASI_SUCCESS) {
        return error;
    }
    if (guest_range(wasi, count_address, 4) == NULL) {
        return WASI_EFAULT; /* before anything is moved */
    }
    if (spans.count > 0) {
        error = (is_write ? wasi->backend.write : wasi->backend.read)(
            wasi->backend.context, descriptor->object, spans.items, spans.count, offset,
            &moved);
    }
    return error != WASI_SUCCESS ? error
                                 : guest_write32(wasi, count_address, (uint32_t)moved);
}

enum wasi_errno wasi_fd_read(struct wasi *wasi, const union wasm_value *arguments)
{
    return transfer(wasi, arguments, false, NULL, arguments[3].i32);
}

enum wasi_errno wasi_fd_write(struct wasi *wasi, const union wasm_value *arguments)
{
    return transfer(wasi, arguments, true, NULL, arguments[3].i32);
}

enum wasi_errno wasi_fd_pread(struct wasi *wasi, const union wasm_value *arguments)
{
    return transfer(wasi, arguments, false, &arguments[3].i64, arguments[4].i32);
}

enum wasi_errno wasi_fd_pwrite(struct wasi *wasi, const union wasm_value *arguments)
{
    return transfer(wasi, arguments, true, &arguments[3].i64, arguments[4].i32);
}

static enum wasi_errno seek(struct wasi *wasi, uint32_t fd, int64_t offset,
                            uint32_t whence, uint32_t position_address)
{
    /* Asking where one is needs the lesser right. */
    bool is_tell = offset == 0 && whence == WASI_WHENCE_CUR;
    struct wasi_descriptor *descriptor;
    uint64_t position;
    enum wasi_errno error = find_file(
        wasi, fd, is_tell ? WASI_RIGHT_FD_TELL : WASI_RIGHT_FD_SEEK, &descriptor);

    if (error == WASI_ENOTCAPABLE &&
        (descriptor->rights_base & WASI_RIGHT_FD_TELL) == 0) {
        return WASI_ESPIPE; /* a stream: a program knows what that means */
    }
    if (error != WASI_SUCCESS) {
        return error;
    }
    if (whence > WASI_WHENCE_END) {
        return WASI_EINVAL;
    }
    error = wasi->backend.seek(wasi->backend.context, descriptor->object, offset,
                               (enum wasi_whence)whence, &position);
    return error != WASI_SUCCESS ? error
                                 : guest_write64(wasi, position_address, position);
}

enum wasi_errno wasi_fd_seek(struct wasi *wasi, const union wasm_value *arguments)
{
    return seek(wasi, arguments[0].i32, (int64_t)arguments[1].i64, arguments[2].i32,
                arguments[3].i32);
}

enum wasi_errno wasi_fd_tell(struct wasi *wasi, const union wasm_value *arguments)
{
    return seek(wasi, arguments[0].i32, 0, WASI_WHENCE_CUR, arguments[1].i32);
}
