/**
 * wasi.h - WASI preview 1 for modules of the engine: what an embedder calls.
 *
 *   wasi_create          arguments, environment, standard streams, preopened directories
 *   wasi_define          all 46 functions of wasi_snapshot_preview1 into a linker
 *   wasi_release         after the store
 *
 * A program reaches what its descriptors reach and nothing else: no absolute path, no `..`
 * and no symbolic link leads out of a preopened directory. One struct wasi serves one
 * program; it belongs to the thread that runs it.
 */
#ifndef WASM_WASI_H
#define WASM_WASI_H

#include "wasi_backend.h"
#include "wasm/wasm.h"

struct wasi;

/** A directory the program is given. */
struct wasi_preopen {
    const char *guest_path;        /**< its name for the program; copied */
    struct wasi_object *directory; /**< taken by wasi_create() when it succeeds */
    bool is_read_only;             /**< nothing below it can be changed through it */
    bool has_no_rights; /**< it only has a name: whatever is done with it is refused */
};

/** Something that the program asked for and has no right to, as it is refused. */
struct wasi_refusal {
    const char *function;  /**< WASI's name of what was called; static */
    enum wasi_errno error; /**< ENOTCAPABLE; EBADF, ENOTSOCK: by the descriptor */
    uint32_t
        fd; /**< the descriptor; of functions that take none, their first argument */
    const char *preopen_path; /**< of the descriptor; NULL: it is no preopen */
    const char *path; /**< as the program wrote it, not terminated; NULL: none was */
    uint32_t path_size;
    bool leads_out; /**< the path leads out of the directory; else a right is missing */
};

struct wasi_config {
    const char *const
        *arguments; /**< zero-terminated strings; borrowed until release */
    size_t argument_count;
    const char *const *environment; /**< "KEY=VALUE"; borrowed until release */
    size_t environment_count;
    struct wasi_object *standard[3]; /**< stdin, stdout, stderr; taken; NULL: closed */
    const struct wasi_preopen *preopens;
    size_t preopen_count;
    uint32_t descriptors_max; /**< open at once; 0: 1024 */
    /** Told each refusal, with the backend's context; NULL: nobody asks. */
    void (*refused)(void *context, const struct wasi_refusal *refusal);
    struct wasi_backend backend;   /**< copied */
    struct wasm_platform platform; /**< for memory; copied */
};

/** WASM_OUT_OF_MEMORY; WASM_BAD_ARGUMENT: a standard stream or preopen that cannot be described. */
WASM_MUST_CHECK enum wasm_status wasi_create(const struct wasi_config *config,
                                             struct wasi **out_wasi);

/** Closes what is still open. NULL is fine. Its store is gone before. */
void wasi_release(struct wasi *wasi);

/**
 * Defines the functions under "wasi_snapshot_preview1" in @p linker of @p store; they use the memory that the
 * calling instance exports as "memory". WASM_OUT_OF_MEMORY.
 */
WASM_MUST_CHECK enum wasm_status
wasi_define(struct wasi *wasi, struct wasm_store *store, struct wasm_linker *linker);

#endif
