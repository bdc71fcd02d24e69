/**
 * backend_object.c - between Linux's types and WASI's.
 */
#include "backend_object.h"
#include "errno_linux.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum wasi_errno backend_error(void)
{
    return errno_to_wasi(errno);
}

enum wasi_errno backend_answer(int result)
{
    return result == 0 ? WASI_SUCCESS : backend_error();
}

enum wasi_filetype backend_filetype(mode_t mode)
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

uint64_t backend_nanoseconds(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;
}

struct wasi_stat backend_stat(const struct stat *from)
{
    return (struct wasi_stat){
        .device = from->st_dev,
        .inode = from->st_ino,
        .filetype = backend_filetype(from->st_mode),
        .link_count = from->st_nlink,
        .size = (uint64_t)from->st_size,
        .access_time_ns = backend_nanoseconds(&from->st_atim),
        .modification_time_ns = backend_nanoseconds(&from->st_mtim),
        .change_time_ns = backend_nanoseconds(&from->st_ctim)};
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

void backend_times(const struct wasi_times *times, struct timespec out[2])
{
    out[0] = time_to_set(times->flags, WASI_FST_ATIM, WASI_FST_ATIM_NOW,
                         times->access_time_ns);
    out[1] = time_to_set(times->flags, WASI_FST_MTIM, WASI_FST_MTIM_NOW,
                         times->modification_time_ns);
}

int backend_status_flags(uint16_t fdflags)
{
    return ((fdflags & WASI_FDFLAG_APPEND) != 0 ? O_APPEND : 0) |
           ((fdflags & WASI_FDFLAG_DSYNC) != 0 ? O_DSYNC : 0) |
           ((fdflags & WASI_FDFLAG_NONBLOCK) != 0 ? O_NONBLOCK : 0) |
           ((fdflags & (WASI_FDFLAG_SYNC | WASI_FDFLAG_RSYNC)) != 0 ? O_SYNC : 0);
}
