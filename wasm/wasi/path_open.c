/**
 * path_open.c - path_open: a new descriptor, never with more rights than the one it came from.
 *
 * Rights that the directory does not pass on are left out of the new descriptor, as
 * toolchains ask for more than they need; but to ask for writing, creating or truncating
 * where that is not allowed is an error here, not at the first write.
 */
#include "wasi/path.h"

/* The arguments in order, as path_open has nine. */
struct request {
    struct wasi_guest_path path;
    enum wasi_follow follow;
    uint32_t oflags;
    uint64_t rights_base;
    uint64_t rights_inheriting;
    uint32_t fdflags;
    uint32_t fd_address;
};

static enum wasi_errno parse_request(const union wasm_value *arguments,
                                     struct request *out)
{
    *out = (struct request){.path = {.fd = arguments[0].i32,
                                     .address = arguments[2].i32,
                                     .size = arguments[3].i32},
                            .oflags = arguments[4].i32,
                            .rights_base = arguments[5].i64,
                            .rights_inheriting = arguments[6].i64,
                            .fdflags = arguments[7].i32,
                            .fd_address = arguments[8].i32};
    uint32_t exclusive = WASI_OFLAG_CREAT | WASI_OFLAG_EXCL;
    enum wasi_errno error = wasi_path_follow(arguments[1].i32, &out->follow);
    if (error != WASI_SUCCESS) {
        return error;
    }
    if ((out->oflags & ~(uint32_t)WASI_OFLAGS_ALL) != 0 ||
        (out->fdflags & ~(uint32_t)WASI_FDFLAGS_ALL) != 0) {
        return WASI_EINVAL;
    }
    if ((out->oflags & WASI_OFLAG_DIRECTORY) != 0 &&
        (out->oflags & (WASI_OFLAG_CREAT | WASI_OFLAG_TRUNC)) != 0) {
        return WASI_EINVAL;
    }
    if ((out->oflags & exclusive) == exclusive) {
        out->follow = WASI_FOLLOW_NEVER; /* a link there is something that exists */
    }
    return WASI_SUCCESS;
}

/* Rights that the directory itself must have. */
static uint64_t needed_rights(const struct request *request)
{
    uint64_t rights = WASI_RIGHT_PATH_OPEN;

    if ((request->oflags & WASI_OFLAG_CREAT) != 0) {
        rights |= WASI_RIGHT_PATH_CREATE_FILE;
    }
    if ((request->oflags & WASI_OFLAG_TRUNC) != 0) {
        rights |= WASI_RIGHT_PATH_FILESTAT_SET_SIZE;
    }
    return rights;
}

static uint64_t rights_by_type(enum wasi_filetype filetype)
{
    switch (filetype) {
    case WASI_FILETYPE_DIRECTORY:
        return WASI_RIGHTS_DIRECTORY;
    case WASI_FILETYPE_REGULAR_FILE:
    case WASI_FILETYPE_BLOCK_DEVICE:
        return WASI_RIGHTS_FILE;
    default:
        return WASI_RIGHTS_STREAM;
    }
}

/* Opens the place; closed again by the caller when it finds no number for it. */
static enum wasi_errno open_place(struct wasi *wasi, const struct request *request,
                                  const struct wasi_place *place,
                                  struct wasi_descriptor *out_descriptor)
{
    const uint64_t writing = WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_DATASYNC |
                             WASI_RIGHT_FD_ALLOCATE | WASI_RIGHT_FD_FILESTAT_SET_SIZE;
    const uint64_t reading = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_READDIR;
    struct wasi_stat stat;
    struct wasi_open how = {.oflags = (uint16_t)request->oflags,
                            .fdflags = (uint16_t)request->fdflags,
                            .read = (out_descriptor->rights_base & reading) != 0,
                            .write = (out_descriptor->rights_base & writing) != 0};

    if (place->must_be_directory) {
        if ((how.oflags & WASI_OFLAG_CREAT) != 0) {
            return WASI_EISDIR;
        }
        how.oflags |= WASI_OFLAG_DIRECTORY;
    }
    enum wasi_errno error =
        wasi->backend.open_at(wasi->backend.context, place->directory, place->name,
                              &how, &out_descriptor->object);
    if (error != WASI_SUCCESS) {
        return error;
    }
    error = wasi->backend.stat(wasi->backend.context, out_descriptor->object, &stat);
    if (error != WASI_SUCCESS) {
        wasi->backend.close(wasi->backend.context, out_descriptor->object);
        return error;
    }
    out_descriptor->filetype = stat.filetype;
    out_descriptor->rights_base &= rights_by_type(stat.filetype);
    return WASI_SUCCESS;
}

static enum wasi_errno
insert(struct wasi *wasi, const struct wasi_descriptor *descriptor, uint32_t fd_address)
{
    uint32_t fd;
    enum wasi_errno error =
        wasi_descriptors_insert(&wasi->descriptors, descriptor, &fd);

    if (error != WASI_SUCCESS) {
        wasi->backend.close(wasi->backend.context, descriptor->object);
        return error;
    }
    return guest_write32(wasi, fd_address, fd);
}

enum wasi_errno wasi_path_open(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_descriptor opened = {.object = NULL};
    struct wasi_descriptor *base;
    struct request request;
    struct wasi_place place;
    enum wasi_errno error = parse_request(arguments, &request);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if (guest_range(wasi, request.fd_address, 4) == NULL) {
        return WASI_EFAULT; /* before anything is made */
    }
    error = wasi_path_find(wasi, &request.path, needed_rights(&request), request.follow,
                           &place, &base);
    if (error != WASI_SUCCESS) {
        return error;
    }
    opened.rights_base = request.rights_base & base->rights_inheriting;
    opened.rights_inheriting = request.rights_inheriting & base->rights_inheriting;
    bool wants_more =
        (request.rights_base & ~base->rights_inheriting & WASI_RIGHT_FD_WRITE) != 0;
    error = wants_more ? WASI_ENOTCAPABLE : open_place(wasi, &request, &place, &opened);
    wasi_place_release(&wasi->backend, &place);
    return error != WASI_SUCCESS ? error : insert(wasi, &opened, request.fd_address);
}
