/**
 * backend_object.h - what the parts of the Linux backend share: the object, conversions, and
 * the operations that each part has.
 *
 *   backend_linux.c      names in directories, the table      backend_files.c  open files
 *   backend_directory.c  reading directories                  backend_time.c   clocks, waiting
 */
#ifndef MNOS_WASM_BACKEND_OBJECT_H
#define MNOS_WASM_BACKEND_OBJECT_H

#include "wasi/wasi_backend.h"
#include <dirent.h>
#include <sys/stat.h>
#include <time.h>

struct wasi_object {
    int fd;
    bool is_standard; /* its open file is shared with whoever started us */
    DIR *stream;      /* of a directory that was read; else NULL */
    uint64_t cookie;  /* where `stream` is */
};

/** WASI's number for errno. */
enum wasi_errno backend_error(void);

/** The same where @p result is not 0. */
enum wasi_errno backend_answer(int result);

enum wasi_filetype backend_filetype(mode_t mode);
uint64_t backend_nanoseconds(const struct timespec *time);
struct wasi_stat backend_stat(const struct stat *from);

/** Access and modification time for utimensat(). */
void backend_times(const struct wasi_times *times, struct timespec out[2]);

/** The open flags of enum wasi_fdflags. */
int backend_status_flags(uint16_t fdflags);

/** Each fills in the operations of its part. */
void backend_files(struct wasi_backend *backend);
void backend_directory(struct wasi_backend *backend);
void backend_time(struct wasi_backend *backend);

#endif
