/**
 * wasi_backend.h - what WASI needs from the system under it: a table of operations.
 *
 * The engine's half (this folder) holds descriptors, rights and path resolution; a backend
 * holds opaque objects: open files and directories. It never sees a path, only one name in an
 * open directory, and no number that a program chose as a descriptor.
 *
 * Rules for a backend:
 *  - A `name` is zero-terminated, not empty, without '/', never "..". It is "." (the directory
 *    itself) only where an operation says so.
 *  - No operation follows a symbolic link; one that meets one in the place of a name works on the link
 *    itself, or answers WASI_ELOOP where it cannot. That holds also when the name
 *    became a link a moment ago: this is what makes resolution safe against races.
 *  - A directory that is open stays the same directory, whatever is renamed around it.
 *  - Results are written only with WASI_SUCCESS. Interrupted waits give WASI_EINTR.
 */
#ifndef WASM_WASI_BACKEND_H
#define WASM_WASI_BACKEND_H

#include "wasi_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An open file, directory or stream of the backend's. */
struct wasi_object;

/** filestat; times in nanoseconds since 1970. */
struct wasi_stat {
    uint64_t device;
    uint64_t inode;
    enum wasi_filetype filetype;
    uint64_t link_count;
    uint64_t size;
    uint64_t access_time_ns;
    uint64_t modification_time_ns;
    uint64_t change_time_ns;
};

/** Times to set; `flags` are enum wasi_fstflags, no contradictory pair. */
struct wasi_times {
    uint16_t flags;
    uint64_t access_time_ns;
    uint64_t modification_time_ns;
};

/** A piece of memory to read into or to write from. */
struct wasi_span {
    void *bytes;
    size_t size;
};

/** How to open a name. */
struct wasi_open {
    uint16_t oflags;  /**< enum wasi_oflags */
    uint16_t fdflags; /**< enum wasi_fdflags */
    bool read;
    bool write;
};

enum { WASI_NAME_MAX = 255 };

/** One directory entry. */
struct wasi_entry {
    uint64_t next_cookie; /**< gives the entry behind this one; never 0 */
    uint64_t inode;
    enum wasi_filetype filetype;
    uint32_t name_size;
    char name[WASI_NAME_MAX + 1];
};

/** Something to wait for: an object to become readable or writable. */
struct wasi_wait {
    struct wasi_object *object;
    bool for_write;
    /* Answers: */
    bool is_ready;
    bool is_hung_up;
    uint64_t bytes; /**< how many can be read, if known; else 0 */
    enum wasi_errno error;
};

#define WASI_WAIT_FOREVER UINT64_MAX

/** A backend. `context` is the first argument of every operation; all are required. */
struct wasi_backend {
    void *context;

    /* --- names in an open directory --- */

    /** Opens @p name (or "."), of whatever type; WASI_ELOOP: a symbolic link. */
    enum wasi_errno (*open_at)(void *context, struct wasi_object *directory,
                               const char *name, const struct wasi_open *how,
                               struct wasi_object **out_object);
    /** Opens the directory @p name for looking up names in it. WASI_ELOOP, WASI_ENOTDIR. */
    enum wasi_errno (*open_directory_at)(void *context, struct wasi_object *directory,
                                         const char *name,
                                         struct wasi_object **out_object);
    /** Reads up to @p size bytes of a link's target. WASI_EINVAL: it is no link. */
    enum wasi_errno (*read_link_at)(void *context, struct wasi_object *directory,
                                    const char *name, char *buffer, size_t size,
                                    size_t *out_size);
    /** Describes @p name or ".". */
    enum wasi_errno (*stat_at)(void *context, struct wasi_object *directory,
                               const char *name, struct wasi_stat *out_stat);
    /** Sets times of @p name or ".". */
    enum wasi_errno (*set_times_at)(void *context, struct wasi_object *directory,
                                    const char *name, const struct wasi_times *times);
    enum wasi_errno (*make_directory_at)(void *context, struct wasi_object *directory,
                                         const char *name);
    enum wasi_errno (*remove_directory_at)(void *context, struct wasi_object *directory,
                                           const char *name);
    /** WASI_EISDIR: it is a directory. */
    enum wasi_errno (*unlink_at)(void *context, struct wasi_object *directory,
                                 const char *name);
    enum wasi_errno (*rename_at)(void *context, struct wasi_object *from_directory,
                                 const char *from, struct wasi_object *to_directory,
                                 const char *to);
    enum wasi_errno (*link_at)(void *context, struct wasi_object *from_directory,
                               const char *from, struct wasi_object *to_directory,
                               const char *to);
    /** Makes @p name a link to @p target (zero-terminated, not interpreted). */
    enum wasi_errno (*symlink_at)(void *context, const char *target,
                                  struct wasi_object *directory, const char *name);

    /* --- open objects --- */

    void (*close)(void *context, struct wasi_object *object);
    enum wasi_errno (*stat)(void *context, struct wasi_object *object,
                            struct wasi_stat *out_stat);
    /** Reads into up to @p count spans; *@p out_size 0 is the end. @p offset NULL: at the position, which moves on. */
    enum wasi_errno (*read)(void *context, struct wasi_object *object,
                            const struct wasi_span *spans, size_t count,
                            const uint64_t *offset, size_t *out_size);
    enum wasi_errno (*write)(void *context, struct wasi_object *object,
                             const struct wasi_span *spans, size_t count,
                             const uint64_t *offset, size_t *out_size);
    /** Moves the position. WASI_ESPIPE: it has none. */
    enum wasi_errno (*seek)(void *context, struct wasi_object *object, int64_t offset,
                            enum wasi_whence whence, uint64_t *out_position);
    enum wasi_errno (*set_size)(void *context, struct wasi_object *object,
                                uint64_t size);
    /** Makes room for [@p offset, +@p size), growing the file. */
    enum wasi_errno (*allocate)(void *context, struct wasi_object *object,
                                uint64_t offset, uint64_t size);
    /** @p advice 0 … 5 as in WASI. */
    enum wasi_errno (*advise)(void *context, struct wasi_object *object,
                              uint64_t offset, uint64_t size, uint8_t advice);
    enum wasi_errno (*sync)(void *context, struct wasi_object *object, bool data_only);
    enum wasi_errno (*set_times)(void *context, struct wasi_object *object,
                                 const struct wasi_times *times);
    /** The object's enum wasi_fdflags. */
    enum wasi_errno (*get_flags)(void *context, struct wasi_object *object,
                                 uint16_t *out_fdflags);
    enum wasi_errno (*set_flags)(void *context, struct wasi_object *object,
                                 uint16_t fdflags);
    /** The entry at @p cookie (0: the first); *@p out_is_end instead when there is none. A cookie nobody gave must do no harm. */
    enum wasi_errno (*read_directory)(void *context, struct wasi_object *directory,
                                      uint64_t cookie, struct wasi_entry *out_entry,
                                      bool *out_is_end);

    /* --- the rest --- */

    enum wasi_errno (*clock_resolution)(void *context, enum wasi_clockid clock,
                                        uint64_t *out_ns);
    enum wasi_errno (*clock_time)(void *context, enum wasi_clockid clock,
                                  uint64_t *out_ns);
    /** Nanoseconds that pass, from any moment on: for waiting. No grant stands behind it, and the
     *  program doesn't see it. */
    uint64_t (*now)(void *context);
    enum wasi_errno (*random)(void *context, void *buffer, size_t size);
    /** Waits until one of @p waits is ready or @p timeout_ns (WASI_WAIT_FOREVER) is over. @p count may be 0. */
    enum wasi_errno (*poll)(void *context, struct wasi_wait *waits, size_t count,
                            uint64_t timeout_ns);
    void (*yield)(void *context);
};

#endif
