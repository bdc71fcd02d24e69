/**
 * backend_linux.c - the operations of wasi_backend.h by openat() and its family.
 *
 * No call here follows a symbolic link: O_NOFOLLOW or AT_SYMLINK_NOFOLLOW stands in each, and
 * names never have a slash. So a name that somebody swaps for a link between two calls
 * gives ELOOP or ENOTDIR, nothing else.
 */
#include "backend_linux.h"
#include "errno_linux.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { SPANS_AT_ONCE = 64 };

struct wasi_object {
    int fd;
    bool is_standard; /* its open file is shared with whoever started us */
    DIR *stream;      /* of a directory that was read; else NULL */
    uint64_t cookie;  /* where `stream` is */
};

static enum wasi_errno last_error(void)
{
    return errno_to_wasi(errno);
}

static enum wasi_errno answer(int result)
{
    return result == 0 ? WASI_SUCCESS : last_error();
}

/* Takes `fd`, also on failure. */
static enum wasi_errno make_object(int fd, struct wasi_object **out_object)
{
    if (fd < 0) {
        return last_error();
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

static int status_flags(uint16_t fdflags)
{
    return ((fdflags & WASI_FDFLAG_APPEND) != 0 ? O_APPEND : 0) |
           ((fdflags & WASI_FDFLAG_DSYNC) != 0 ? O_DSYNC : 0) |
           ((fdflags & WASI_FDFLAG_NONBLOCK) != 0 ? O_NONBLOCK : 0) |
           ((fdflags & (WASI_FDFLAG_SYNC | WASI_FDFLAG_RSYNC)) != 0 ? O_SYNC : 0);
}

static int open_flags(const struct wasi_open *how)
{
    int flags = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | status_flags(how->fdflags);

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
        return last_error();
    }
    *out_size = (size_t)length;
    return WASI_SUCCESS;
}

static enum wasi_filetype filetype_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return WASI_FILETYPE_REGULAR_FILE;
    case S_IFDIR:
        return WASI_FILETYPE_DIRECTORY;
    case S_IFLNK:
        return WASI_FILETYPE_SYMBOLIC_LINK;
    case S_IFCHR:
        return WASI_FILETYPE_CHARACTER_DEVICE;
    case S_IFBLK:
        return WASI_FILETYPE_BLOCK_DEVICE;
    case S_IFSOCK:
        return WASI_FILETYPE_SOCKET_STREAM;
    default:
        return WASI_FILETYPE_UNKNOWN;
    }
}

static uint64_t nanoseconds(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;
}

static struct wasi_stat stat_of(const struct stat *from)
{
    return (struct wasi_stat){.device = from->st_dev,
                              .inode = from->st_ino,
                              .filetype = filetype_of(from->st_mode),
                              .link_count = from->st_nlink,
                              .size = (uint64_t)from->st_size,
                              .access_time_ns = nanoseconds(&from->st_atim),
                              .modification_time_ns = nanoseconds(&from->st_mtim),
                              .change_time_ns = nanoseconds(&from->st_ctim)};
}

static enum wasi_errno stat_at(void *context, struct wasi_object *directory,
                               const char *name, struct wasi_stat *out_stat)
{
    struct stat stat;

    (void)context;
    if (fstatat(directory->fd, name, &stat, AT_SYMLINK_NOFOLLOW) != 0) {
        return last_error();
    }
    *out_stat = stat_of(&stat);
    return WASI_SUCCESS;
}

static struct timespec time_to_set(uint16_t flags, uint16_t value, uint16_t now,
                                   uint64_t time_ns)
{
    if ((flags & now) != 0) {
        return (struct timespec){.tv_nsec = UTIME_NOW};
    }
    if ((flags & value) == 0) {
        return (struct timespec){.tv_nsec = UTIME_OMIT};
    }
    return (struct timespec){.tv_sec = (time_t)(time_ns / 1000000000u),
                             .tv_nsec = (long)(time_ns % 1000000000u)};
}

static void times_to_set(const struct wasi_times *times, struct timespec out[2])
{
    out[0] = time_to_set(times->flags, WASI_FST_ATIM, WASI_FST_ATIM_NOW,
                         times->access_time_ns);
    out[1] = time_to_set(times->flags, WASI_FST_MTIM, WASI_FST_MTIM_NOW,
                         times->modification_time_ns);
}

static enum wasi_errno set_times_at(void *context, struct wasi_object *directory,
                                    const char *name, const struct wasi_times *times)
{
    struct timespec both[2];

    (void)context;
    times_to_set(times, both);
    return answer(utimensat(directory->fd, name, both, AT_SYMLINK_NOFOLLOW));
}

static enum wasi_errno make_directory_at(void *context, struct wasi_object *directory,
                                         const char *name)
{
    (void)context;
    return answer(mkdirat(directory->fd, name, 0777));
}

static enum wasi_errno remove_directory_at(void *context, struct wasi_object *directory,
                                           const char *name)
{
    (void)context;
    return answer(unlinkat(directory->fd, name, AT_REMOVEDIR));
}

static enum wasi_errno unlink_at(void *context, struct wasi_object *directory,
                                 const char *name)
{
    (void)context;
    return answer(unlinkat(directory->fd, name, 0));
}

static enum wasi_errno rename_at(void *context, struct wasi_object *from_directory,
                                 const char *from, struct wasi_object *to_directory,
                                 const char *to)
{
    (void)context;
    return answer(renameat(from_directory->fd, from, to_directory->fd, to));
}

static enum wasi_errno link_at(void *context, struct wasi_object *from_directory,
                               const char *from, struct wasi_object *to_directory,
                               const char *to)
{
    (void)context;
    return answer(linkat(from_directory->fd, from, to_directory->fd, to, 0));
}

static enum wasi_errno symlink_at(void *context, const char *target,
                                  struct wasi_object *directory, const char *name)
{
    (void)context;
    return answer(symlinkat(target, directory->fd, name));
}

/* --- open objects --- */

static enum wasi_errno stat_object(void *context, struct wasi_object *object,
                                   struct wasi_stat *out_stat)
{
    struct stat stat;

    (void)context;
    if (fstat(object->fd, &stat) != 0) {
        return last_error();
    }
    *out_stat = stat_of(&stat);
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
        return last_error();
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
        return last_error();
    }
    *out_position = (uint64_t)position;
    return WASI_SUCCESS;
}

static enum wasi_errno set_size(void *context, struct wasi_object *object,
                                uint64_t size)
{
    (void)context;
    return answer(ftruncate(object->fd, (off_t)size));
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
    return answer(data_only ? fdatasync(object->fd) : fsync(object->fd));
}

static enum wasi_errno set_times(void *context, struct wasi_object *object,
                                 const struct wasi_times *times)
{
    struct timespec both[2];

    (void)context;
    times_to_set(times, both);
    return answer(futimens(object->fd, both));
}

static enum wasi_errno get_flags(void *context, struct wasi_object *object,
                                 uint16_t *out_fdflags)
{
    (void)context;
    int flags = fcntl(object->fd, F_GETFL);
    if (flags < 0) {
        return last_error();
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
        return last_error();
    }
    int changeable = O_APPEND | O_NONBLOCK;
    int wanted = status_flags(fdflags);
    int changed = (old ^ wanted) & (O_APPEND | O_NONBLOCK | O_SYNC | O_DSYNC);
    if ((changed & ~changeable) != 0 || (changed != 0 && object->is_standard)) {
        return WASI_ENOTSUP;
    }
    return answer(
        fcntl(object->fd, F_SETFL, (old & ~changeable) | (wanted & changeable)));
}

static enum wasi_filetype entry_type(unsigned char type)
{
    return filetype_of(DTTOIF(type));
}

/* Opens the stream on a descriptor of its own and goes to the cookie. */
static enum wasi_errno position_stream(struct wasi_object *object, uint64_t cookie)
{
    if (object->stream == NULL) {
        int fd = openat(object->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) {
            return last_error();
        }
        object->stream = fdopendir(fd);
        if (object->stream == NULL) {
            close(fd);
            return WASI_ENOMEM;
        }
        object->cookie = 0;
    }
    if (cookie > LONG_MAX) {
        return WASI_EINVAL;
    }
    if (cookie == 0) {
        rewinddir(object->stream); /* sees what was added since */
    } else if (cookie != object->cookie) {
        seekdir(object->stream, (long)cookie);
    }
    object->cookie = cookie;
    return WASI_SUCCESS;
}

static enum wasi_errno read_directory(void *context, struct wasi_object *directory,
                                      uint64_t cookie, struct wasi_entry *out_entry,
                                      bool *out_is_end)
{
    (void)context;
    enum wasi_errno error = position_stream(directory, cookie);
    if (error != WASI_SUCCESS) {
        return error;
    }
    errno = 0;
    const struct dirent *entry = readdir(directory->stream);
    if (entry == NULL) {
        *out_is_end = errno == 0;
        return errno == 0 ? WASI_SUCCESS : last_error();
    }
    size_t length = strlen(entry->d_name);
    if (length > WASI_NAME_MAX) {
        return WASI_ENAMETOOLONG;
    }
    directory->cookie = (uint64_t)entry->d_off;
    out_entry->next_cookie = (uint64_t)entry->d_off;
    /* What ".." is lies outside of a preopened directory: its number is not told. */
    out_entry->inode = strcmp(entry->d_name, "..") == 0 ? 0 : entry->d_ino;
    out_entry->filetype = entry_type(entry->d_type);
    out_entry->name_size = (uint32_t)length;
    memcpy(out_entry->name, entry->d_name, length + 1);
    *out_is_end = false;
    return WASI_SUCCESS;
}

/* --- clocks, random numbers, waiting --- */

static clockid_t clock_of(enum wasi_clockid clock)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC,
                                       CLOCK_PROCESS_CPUTIME_ID,
                                       CLOCK_THREAD_CPUTIME_ID};
    return clocks[clock];
}

static enum wasi_errno clock_resolution(void *context, enum wasi_clockid clock,
                                        uint64_t *out_ns)
{
    struct timespec time;

    (void)context;
    if (clock_getres(clock_of(clock), &time) != 0) {
        return last_error();
    }
    *out_ns = nanoseconds(&time);
    return WASI_SUCCESS;
}

static enum wasi_errno clock_time(void *context, enum wasi_clockid clock,
                                  uint64_t *out_ns)
{
    struct timespec time;

    (void)context;
    if (clock_gettime(clock_of(clock), &time) != 0) {
        return last_error();
    }
    *out_ns = nanoseconds(&time);
    return WASI_SUCCESS;
}

static enum wasi_errno random_bytes(void *context, void *buffer, size_t size)
{
    char *to = buffer;

    (void)context;
    while (size > 0) {
        ssize_t got = getrandom(to, size, 0);
        if (got < 0) {
            return last_error();
        }
        to += got;
        size -= (size_t)got;
    }
    return WASI_SUCCESS;
}

static void take_answer(struct wasi_wait *wait, const struct pollfd *from)
{
    int available = 0;

    wait->error = (from->revents & POLLNVAL) != 0 ? WASI_EBADF : WASI_SUCCESS;
    wait->is_ready = (from->revents & (POLLIN | POLLOUT | POLLHUP | POLLERR)) != 0;
    wait->is_hung_up = (from->revents & POLLHUP) != 0;
    wait->bytes = 0;
    if (wait->is_ready && !wait->for_write &&
        ioctl(from->fd, FIONREAD, &available) == 0 && available > 0) {
        wait->bytes = (uint64_t)available;
    }
}

static enum wasi_errno poll_objects(void *context, struct wasi_wait *waits,
                                    size_t count, uint64_t timeout_ns)
{
    struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / 1000000000u),
                               .tv_nsec = (long)(timeout_ns % 1000000000u)};
    struct pollfd *polled = calloc(count + 1, sizeof(*polled));

    (void)context;
    if (polled == NULL) {
        return WASI_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        polled[i].fd = waits[i].object->fd;
        polled[i].events = waits[i].for_write ? POLLOUT : POLLIN;
    }
    int ready =
        ppoll(polled, count, timeout_ns == WASI_WAIT_FOREVER ? NULL : &timeout, NULL);
    enum wasi_errno error = ready < 0 ? last_error() : WASI_SUCCESS;
    for (size_t i = 0; i < count && ready >= 0; i++) {
        take_answer(&waits[i], &polled[i]);
    }
    free(polled);
    return error;
}

static void yield(void *context)
{
    (void)context;
    sched_yield();
}

struct wasi_backend backend_linux(void)
{
    return (struct wasi_backend){.open_at = open_at,
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
                                 .close = close_object,
                                 .stat = stat_object,
                                 .read = read_object,
                                 .write = write_object,
                                 .seek = seek_object,
                                 .set_size = set_size,
                                 .allocate = allocate,
                                 .advise = advise,
                                 .sync = sync_object,
                                 .set_times = set_times,
                                 .get_flags = get_flags,
                                 .set_flags = set_flags,
                                 .read_directory = read_directory,
                                 .clock_resolution = clock_resolution,
                                 .clock_time = clock_time,
                                 .random = random_bytes,
                                 .poll = poll_objects,
                                 .yield = yield};
}
