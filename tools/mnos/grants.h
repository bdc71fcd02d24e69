/**
 * grants.h - the manifest that a program is run with, made of a file, of options and of
 * arguments, and what of it concerns the machine.
 */
#ifndef MNOS_GRANTS_H
#define MNOS_GRANTS_H

#include "text.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GRANTS_DIRECTORIES_MAX = 32 };

/** A directory of this host's that the manifest names. The n-th of them is behind the
 *  virtio-9p device with the mount tag `dirN`, N from 0 on. */
struct grants_directory {
    char *path; /**< owned */
    bool writable;
};

/** What a manifest grants. All zero at the start. */
struct grants {
    struct text manifest;
    struct grants_directory directories[GRANTS_DIRECTORIES_MAX];
    size_t directory_count;
    uint64_t memory_bytes; /**< 0: no limit stands there */
    uint64_t timeout_ns;   /**< 0: none */
    bool has_name;
};

/** Appends the manifest in the file @p path; false after complaining of its error. */
bool grants_add_file(struct grants *grants, const char *path);

/** Appends one line, without its end; false after complaining that @p option does not take
 *  @p value. */
bool grants_add_line(struct grants *grants, const char *option, const char *value,
                     const char *line);

/** Appends `arg`. */
void grants_add_argument(struct grants *grants, const char *argument);

/** Reads the whole manifest, with `name` @p name in it if it has no other; false after
 *  complaining of what does not go together. */
bool grants_finish(struct grants *grants, const char *name);

void grants_release(struct grants *grants);

#endif
