/**
 * path.h - what the path_* functions share: a descriptor and a guest path to a place.
 */
#ifndef WASM_WASI_PATH_H
#define WASM_WASI_PATH_H

#include "wasi/context.h"
#include "wasi/resolve.h"

/** A path as a program gives it: below which directory, and where its bytes are. */
struct wasi_guest_path {
    uint32_t fd;
    uint32_t address;
    uint32_t size;
};

/**
 * Finds the directory, which must have @p rights, and resolves the path. Release the place by
 * wasi_place_release(). @p out_descriptor may be NULL. WASI_EBADF, WASI_ENOTDIR, WASI_ENOTCAPABLE,
 * WASI_EFAULT and what wasi_resolve() answers.
 */
enum wasi_errno wasi_path_find(struct wasi *wasi, const struct wasi_guest_path *path,
                               uint64_t rights, enum wasi_follow follow,
                               struct wasi_place *out_place,
                               struct wasi_descriptor **out_descriptor);

/** Looks at a lookupflags argument. WASI_EINVAL: an unknown bit. */
enum wasi_errno wasi_path_follow(uint32_t lookupflags, enum wasi_follow *out_follow);

#endif
