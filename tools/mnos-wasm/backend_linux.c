/**
 * backend_linux.c - the operations of wasi_backend.h by openat() and its family.
 *
 * No call here follows a symbolic link: O_NOFOLLOW or AT_SYMLINK_NOFOLLOW stands in each, and
 * names never have a slash. So a name that somebody swaps for a link between two calls
 * gives ELOOP or ENOTDIR, nothing else.
 */
#include "backend_linux.h"
#include "backend_object.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Takes `fd`, also on failure. */
static enum wasi_errno make_object(int fd, struct wasi_object **out_object)
{
    if (fd < 0) {
        return backend_error();
    }
    struct wasi_object *object = calloc(1, sizeof(*object));
    if (object == NULL) {
        close(fd);
        return WASI_ENOMEM;
    }
    object->fd = fd;
    *out_object = object;
    return WASI_SUCCESS;
}

void backend_linux_close(struct wasi_object *object)
{
    if (object == NULL) {
        return;
    }
    if (object->stream != NULL) {
        closedir(object->stream);
    }
    close(object->fd);
    free(object);
}

static void close_object(void *context, struct wasi_object *object)
{
    (void)context;
    backend_linux_close(object);
}

struct wasi_object *backend_linux_standard(int fd)
{
    struct wasi_object *object = NULL;

    (void)make_object(fcntl(fd, F_DUPFD_CLOEXEC, 3), &object);
    if (object != NULL) {
        object->is_standard = true;
    }
    return object;
}

struct wasi_object *backend_linux_directory(const char *path)
{
    struct wasi_object *object = NULL;

    if (make_object(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), &object) !=
        WASI_SUCCESS) {
        return NULL;
    }
    return object;
}

/* --- names in a directory --- */

static int open_flags(const struct wasi_open *how)
{
    int flags = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | backend_status_flags(how->fdflags);

    if ((how->oflags & WASI_OFLAG_DIRECTORY) != 0) {
        return flags | O_DIRECTORY | O_RDONLY;
    }
    flags |= how->write ? (how->read ? O_RDWR : O_WRONLY) : O_RDONLY;
    flags |= (how->oflags & WASI_OFLAG_CREAT) != 0 ? O_CREAT : 0;
    flags |= (how->oflags & WASI_OFLAG_EXCL) != 0 ? O_EXCL : 0;
    flags |= (how->oflags & WASI_OFLAG_TRUNC) != 0 ? O_TRUNC : 0;
    return flags;
}

static enum wasi_errno open_at(void *context, struct wasi_object *directory,
                               const char *name, const struct wasi_open *how,
                               struct wasi_object **out_object)
{
    (void)context;
    return make_object(openat(directory->fd, name, open_flags(how), 0666), out_object);
}

static enum wasi_errno open_directory_at(void *context, struct wasi_object *directory,
                                         const char *name,
                                         struct wasi_object **out_object)
{
    (void)context;
    int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

    return make_object(openat(directory->fd, name, flags), out_object);
}

static enum wasi_errno read_link_at(void *context, struct wasi_object *directory,
                                    const char *name, char *buffer, size_t size,
                                    size_t *out_size)
{
    (void)context;
    ssize_t length = readlinkat(directory->fd, name, buffer, size);

    if (length < 0) {
        return backend_error();
    }
    *out_size = (size_t)length;
    return WASI_SUCCESS;
}

static enum wasi_errno stat_at(void *context, struct wasi_object *directory,
                               const char *name, struct wasi_stat *out_stat)
{
    struct stat stat;

    (void)context;
    if (fstatat(directory->fd, name, &stat, AT_SYMLINK_NOFOLLOW) != 0) {
        return backend_error();
    }
    *out_stat = backend_stat(&stat);
    return WASI_SUCCESS;
}

static enum wasi_errno set_times_at(void *context, struct wasi_object *directory,
                                    const char *name, const struct wasi_times *times)
{
    struct timespec both[2];

    (void)context;
    backend_times(times, both);
    return backend_answer(utimensat(directory->fd, name, both, AT_SYMLINK_NOFOLLOW));
}

static enum wasi_errno make_directory_at(void *context, struct wasi_object *directory,
                                         const char *name)
{
    (void)context;
    return backend_answer(mkdirat(directory->fd, name, 0777));
}

static enum wasi_errno remove_directory_at(void *context, struct wasi_object *directory,
                                           const char *name)
{
    (void)context;
    return backend_answer(unlinkat(directory->fd, name, AT_REMOVEDIR));
}

static enum wasi_errno unlink_at(void *context, struct wasi_object *directory,
                                 const char *name)
{
    (void)context;
    return backend_answer(unlinkat(directory->fd, name, 0));
}

static enum wasi_errno rename_at(void *context, struct wasi_object *from_directory,
                                 const char *from, struct wasi_object *to_directory,
                                 const char *to)
{
    (void)context;
    return backend_answer(renameat(from_directory->fd, from, to_directory->fd, to));
}

static enum wasi_errno link_at(void *context, struct wasi_object *from_directory,
                               const char *from, struct wasi_object *to_directory,
                               const char *to)
{
    (void)context;
    return backend_answer(linkat(from_directory->fd, from, to_directory->fd, to, 0));
}

static enum wasi_errno symlink_at(void *context, const char *target,
                                  struct wasi_object *directory, const char *name)
{
    (void)context;
    return backend_answer(symlinkat(target, directory->fd, name));
}

struct wasi_backend backend_linux(void)
{
    struct wasi_backend backend = {.open_at = open_at,
                                   .open_directory_at = open_directory_at,
                                   .read_link_at = read_link_at,
                                   .stat_at = stat_at,
                                   .set_times_at = set_times_at,
                                   .make_directory_at = make_directory_at,
                                   .remove_directory_at = remove_directory_at,
                                   .unlink_at = unlink_at,
                                   .rename_at = rename_at,
                                   .link_at = link_at,
                                   .symlink_at = symlink_at,
                                   .close = close_object};

    backend_files(&backend);
    backend_directory(&backend);
    backend_time(&backend);
    return backend;
}
