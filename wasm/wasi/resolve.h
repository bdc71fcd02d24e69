/**
 * resolve.h - from a path below an open directory to one name in an open directory.
 *
 * Component by component, on directories that are held open: what is renamed or replaced by
 * somebody else meanwhile can make a resolution fail, never leave the directory it
 * began in. `..` goes back to the directory that was walked through, and above the first one
 * it is refused; so are absolute paths, also as targets of symbolic links.
 */
#ifndef WASM_WASI_RESOLVE_H
#define WASM_WASI_RESOLVE_H

#include "wasi/wasi_backend.h"

enum {
    WASI_PATH_MAX = 4096,      /**< bytes of a path, expanded links included */
    WASI_PATH_DEPTH_MAX = 128, /**< directories below the first one, at any moment */
    WASI_PATH_LINKS_MAX = 40   /**< symbolic links in one resolution */
};

/** Is a symbolic link in the last place followed? */
enum wasi_follow {
    WASI_FOLLOW_NEVER,    /**< operations on the name itself */
    WASI_FOLLOW_IF_SLASH, /**< only where the path ends in '/' */
    WASI_FOLLOW_ALWAYS
};

/** Where a path leads. Release with wasi_place_release() after success. */
struct wasi_place {
    struct wasi_object *directory; /**< open until release */
    bool must_be_directory;        /**< the path ended in '/' or in a dot component */
    char name[WASI_NAME_MAX + 1];  /**< in it; "." is the directory itself */
    /* The directories walked through; the first is the caller's, `directory` the last. */
    uint32_t depth;
    struct wasi_object *walked[WASI_PATH_DEPTH_MAX + 1];
};

/**
 * Resolves [@p path, +@p size) below @p base (borrowed until release).
 *
 * WASI_ENOTCAPABLE: it leads out of @p base. WASI_ENOENT: it is empty, or a directory on
 * the way is missing (the last name may be missing). WASI_ENOTDIR, WASI_ENAMETOOLONG, WASI_EINVAL: a
 * zero byte in it. WASI_ELOOP: too many links. Others: the backend's.
 */
enum wasi_errno wasi_resolve(const struct wasi_backend *backend,
                             struct wasi_object *base, const char *path, size_t size,
                             enum wasi_follow follow, struct wasi_place *out_place);

/** Closes what the resolution opened. */
void wasi_place_release(const struct wasi_backend *backend, struct wasi_place *place);

#endif
