/**
 * backend_files.c - operations on open files and streams.
 */
#include "backend_object.h"
#include "errno_linux.h"
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SPANS_AT_ONCE = 64 };

static enum wasi_errno stat_object(void *context, struct wasi_object *object,
                                   struct wasi_stat *out_stat)
{
    struct stat stat;

    (void)context;
    if (fstat(object->fd, &stat) != 0) {
        return backend_error();
    }
    *out_stat = backend_stat(&stat);
    return WASI_SUCCESS;
}

static int fill_vector(const struct wasi_span *spans, size_t count,
                       struct iovec vector[SPANS_AT_ONCE])
{
    size_t used = count < SPANS_AT_ONCE ? count : SPANS_AT_ONCE;

    for (size_t i = 0; i < used; i++) {
        vector[i] =
            (struct iovec){.iov_base = spans[i].bytes, .iov_len = spans[i].size};
    }
    return (int)used;
}

static enum wasi_errno count_answer(ssize_t moved, size_t *out_size)
{
    if (moved < 0) {
        return backend_error();
    }
    *out_size = (size_t)moved;
    return WASI_SUCCESS;
}

static enum wasi_errno read_object(void *context, struct wasi_object *object,
                                   const struct wasi_span *spans, size_t count,
                                   const uint64_t *offset, size_t *out_size)
{
    struct iovec vector[SPANS_AT_ONCE];
    int used = fill_vector(spans, count, vector);

    (void)context;
    if (offset == NULL) {
        return count_answer(readv(object->fd, vector, used), out_size);
    }
    if (*offset > INT64_MAX) {
        return WASI_EINVAL;
    }
    return count_answer(preadv(object->fd, vector, used, (off_t)*offset), out_size);
}

static enum wasi_errno write_object(void *context, struct wasi_object *object,
                                    const struct wasi_span *spans, size_t count,
                                    const uint64_t *offset, size_t *out_size)
{
    struct iovec vector[SPANS_AT_ONCE];
    int used = fill_vector(spans, count, vector);

    (void)context;
    if (offset == NULL) {
        return count_answer(writev(object->fd, vector, used), out_size);
    }
    if (*offset > INT64_MAX) {
        return WASI_EINVAL;
    }
    return count_answer(pwritev(object->fd, vector, used, (off_t)*offset), out_size);
}

static enum wasi_errno seek_object(void *context, struct wasi_object *object,
                                   int64_t offset, enum wasi_whence whence,
                                   uint64_t *out_position)
{
    static const int whences[] = {SEEK_SET, SEEK_CUR, SEEK_END};

    (void)context;
    off_t position = lseek(object->fd, offset, whences[whence]);
    if (position < 0) {
        return backend_error();
    }
    *out_position = (uint64_t)position;
    return WASI_SUCCESS;
}

static enum wasi_errno set_size(void *context, struct wasi_object *object,
                                uint64_t size)
{
    (void)context;
    return backend_answer(ftruncate(object->fd, (off_t)size));
}

static enum wasi_errno allocate(void *context, struct wasi_object *object,
                                uint64_t offset, uint64_t size)
{
    (void)context;
    return errno_to_wasi(posix_fallocate(object->fd, (off_t)offset, (off_t)size));
}

static enum wasi_errno advise(void *context, struct wasi_object *object,
                              uint64_t offset, uint64_t size, uint8_t advice)
{
    static const int advices[] = {POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL,
                                  POSIX_FADV_RANDOM,   POSIX_FADV_WILLNEED,
                                  POSIX_FADV_DONTNEED, POSIX_FADV_NOREUSE};

    (void)context;
    if (offset > INT64_MAX || size > INT64_MAX) {
        return WASI_EINVAL;
    }
    return errno_to_wasi(
        posix_fadvise(object->fd, (off_t)offset, (off_t)size, advices[advice]));
}

static enum wasi_errno sync_object(void *context, struct wasi_object *object,
                                   bool data_only)
{
    (void)context;
    return backend_answer(data_only ? fdatasync(object->fd) : fsync(object->fd));
}

static enum wasi_errno set_times(void *context, struct wasi_object *object,
                                 const struct wasi_times *times)
{
    struct timespec both[2];

    (void)context;
    backend_times(times, both);
    return backend_answer(futimens(object->fd, both));
}

static enum wasi_errno get_flags(void *context, struct wasi_object *object,
                                 uint16_t *out_fdflags)
{
    (void)context;
    int flags = fcntl(object->fd, F_GETFL);
    if (flags < 0) {
        return backend_error();
    }
    bool is_sync = (flags & O_SYNC) == O_SYNC;
    *out_fdflags = (uint16_t)(((flags & O_APPEND) != 0 ? WASI_FDFLAG_APPEND : 0) |
                              ((flags & O_NONBLOCK) != 0 ? WASI_FDFLAG_NONBLOCK : 0) |
                              ((flags & O_DSYNC) != 0 ? WASI_FDFLAG_DSYNC : 0) |
                              (is_sync ? WASI_FDFLAG_SYNC | WASI_FDFLAG_RSYNC : 0));
    return WASI_SUCCESS;
}

/* Linux changes O_APPEND and O_NONBLOCK of an open file, and ignores the rest. */
static enum wasi_errno set_flags(void *context, struct wasi_object *object,
                                 uint16_t fdflags)
{
    (void)context;
    int old = fcntl(object->fd, F_GETFL);
    if (old < 0) {
        return backend_error();
    }
    int changeable = O_APPEND | O_NONBLOCK;
    int wanted = backend_status_flags(fdflags);
    int changed = (old ^ wanted) & (O_APPEND | O_NONBLOCK | O_SYNC | O_DSYNC);
    if ((changed & ~changeable) != 0 || (changed != 0 && object->is_standard)) {
        return WASI_ENOTSUP;
    }
    return backend_answer(
        fcntl(object->fd, F_SETFL, (old & ~changeable) | (wanted & changeable)));
}

void backend_files(struct wasi_backend *backend)
{
    backend->stat = stat_object;
    backend->read = read_object;
    backend->write = write_object;
    backend->seek = seek_object;
    backend->set_size = set_size;
    backend->allocate = allocate;
    backend->advise = advise;
    backend->sync = sync_object;
    backend->set_times = set_times;
    backend->get_flags = get_flags;
    backend->set_flags = set_flags;
}
