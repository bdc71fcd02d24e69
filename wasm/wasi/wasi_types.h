/**
 * wasi_types.h - numbers and flags of WASI preview 1 (wasi_snapshot_preview1).
 *
 * Source: the WASI preview 1 interface description (typenames.witx): values are those of the
 * binary interface, names are its names.
 */
#ifndef WASM_WASI_TYPES_H
#define WASM_WASI_TYPES_H

#include <stdint.h>

/** errno: what every function but proc_exit answers. */
enum wasi_errno {
    WASI_SUCCESS = 0,
    WASI_E2BIG = 1,
    WASI_EACCES = 2,
    WASI_EADDRINUSE = 3,
    WASI_EADDRNOTAVAIL = 4,
    WASI_EAFNOSUPPORT = 5,
    WASI_EAGAIN = 6,
    WASI_EALREADY = 7,
    WASI_EBADF = 8,
    WASI_EBADMSG = 9,
    WASI_EBUSY = 10,
    WASI_ECANCELED = 11,
    WASI_ECHILD = 12,
    WASI_ECONNABORTED = 13,
    WASI_ECONNREFUSED = 14,
    WASI_ECONNRESET = 15,
    WASI_EDEADLK = 16,
    WASI_EDESTADDRREQ = 17,
    WASI_EDOM = 18,
    WASI_EDQUOT = 19,
    WASI_EEXIST = 20,
    WASI_EFAULT = 21,
    WASI_EFBIG = 22,
    WASI_EHOSTUNREACH = 23,
    WASI_EIDRM = 24,
    WASI_EILSEQ = 25,
    WASI_EINPROGRESS = 26,
    WASI_EINTR = 27,
    WASI_EINVAL = 28,
    WASI_EIO = 29,
    WASI_EISCONN = 30,
    WASI_EISDIR = 31,
    WASI_ELOOP = 32,
    WASI_EMFILE = 33,
    WASI_EMLINK = 34,
    WASI_EMSGSIZE = 35,
    WASI_EMULTIHOP = 36,
    WASI_ENAMETOOLONG = 37,
    WASI_ENETDOWN = 38,
    WASI_ENETRESET = 39,
    WASI_ENETUNREACH = 40,
    WASI_ENFILE = 41,
    WASI_ENOBUFS = 42,
    WASI_ENODEV = 43,
    WASI_ENOENT = 44,
    WASI_ENOEXEC = 45,
    WASI_ENOLCK = 46,
    WASI_ENOLINK = 47,
    WASI_ENOMEM = 48,
    WASI_ENOMSG = 49,
    WASI_ENOPROTOOPT = 50,
    WASI_ENOSPC = 51,
    WASI_ENOSYS = 52,
    WASI_ENOTCONN = 53,
    WASI_ENOTDIR = 54,
    WASI_ENOTEMPTY = 55,
    WASI_ENOTRECOVERABLE = 56,
    WASI_ENOTSOCK = 57,
    WASI_ENOTSUP = 58,
    WASI_ENOTTY = 59,
    WASI_ENXIO = 60,
    WASI_EOVERFLOW = 61,
    WASI_EOWNERDEAD = 62,
    WASI_EPERM = 63,
    WASI_EPIPE = 64,
    WASI_EPROTO = 65,
    WASI_EPROTONOSUPPORT = 66,
    WASI_EPROTOTYPE = 67,
    WASI_ERANGE = 68,
    WASI_EROFS = 69,
    WASI_ESPIPE = 70,
    WASI_ESRCH = 71,
    WASI_ESTALE = 72,
    WASI_ETIMEDOUT = 73,
    WASI_ETXTBSY = 74,
    WASI_EXDEV = 75,
    WASI_ENOTCAPABLE = 76
};

/** rights: bits of what may be done with a descriptor. */
#define WASI_RIGHT_FD_DATASYNC             ((uint64_t)1 << 0)
#define WASI_RIGHT_FD_READ                 ((uint64_t)1 << 1)
#define WASI_RIGHT_FD_SEEK                 ((uint64_t)1 << 2)
#define WASI_RIGHT_FD_FDSTAT_SET_FLAGS     ((uint64_t)1 << 3)
#define WASI_RIGHT_FD_SYNC                 ((uint64_t)1 << 4)
#define WASI_RIGHT_FD_TELL                 ((uint64_t)1 << 5)
#define WASI_RIGHT_FD_WRITE                ((uint64_t)1 << 6)
#define WASI_RIGHT_FD_ADVISE               ((uint64_t)1 << 7)
#define WASI_RIGHT_FD_ALLOCATE             ((uint64_t)1 << 8)
#define WASI_RIGHT_PATH_CREATE_DIRECTORY   ((uint64_t)1 << 9)
#define WASI_RIGHT_PATH_CREATE_FILE        ((uint64_t)1 << 10)
#define WASI_RIGHT_PATH_LINK_SOURCE        ((uint64_t)1 << 11)
#define WASI_RIGHT_PATH_LINK_TARGET        ((uint64_t)1 << 12)
#define WASI_RIGHT_PATH_OPEN               ((uint64_t)1 << 13)
#define WASI_RIGHT_FD_READDIR              ((uint64_t)1 << 14)
#define WASI_RIGHT_PATH_READLINK           ((uint64_t)1 << 15)
#define WASI_RIGHT_PATH_RENAME_SOURCE      ((uint64_t)1 << 16)
#define WASI_RIGHT_PATH_RENAME_TARGET      ((uint64_t)1 << 17)
#define WASI_RIGHT_PATH_FILESTAT_GET       ((uint64_t)1 << 18)
#define WASI_RIGHT_PATH_FILESTAT_SET_SIZE  ((uint64_t)1 << 19)
#define WASI_RIGHT_PATH_FILESTAT_SET_TIMES ((uint64_t)1 << 20)
#define WASI_RIGHT_FD_FILESTAT_GET         ((uint64_t)1 << 21)
#define WASI_RIGHT_FD_FILESTAT_SET_SIZE    ((uint64_t)1 << 22)
#define WASI_RIGHT_FD_FILESTAT_SET_TIMES   ((uint64_t)1 << 23)
#define WASI_RIGHT_PATH_SYMLINK            ((uint64_t)1 << 24)
#define WASI_RIGHT_PATH_REMOVE_DIRECTORY   ((uint64_t)1 << 25)
#define WASI_RIGHT_PATH_UNLINK_FILE        ((uint64_t)1 << 26)
#define WASI_RIGHT_POLL_FD_READWRITE       ((uint64_t)1 << 27)

/** All rights that change something: what a read-only preopen lacks, at any depth. */
#define WASI_RIGHTS_WRITING                                                 \
    (WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_SYNC | WASI_RIGHT_FD_WRITE |    \
     WASI_RIGHT_FD_ALLOCATE | WASI_RIGHT_PATH_CREATE_DIRECTORY |            \
     WASI_RIGHT_PATH_CREATE_FILE | WASI_RIGHT_PATH_LINK_SOURCE |            \
     WASI_RIGHT_PATH_LINK_TARGET | WASI_RIGHT_PATH_RENAME_SOURCE |          \
     WASI_RIGHT_PATH_RENAME_TARGET | WASI_RIGHT_PATH_FILESTAT_SET_SIZE |    \
     WASI_RIGHT_PATH_FILESTAT_SET_TIMES | WASI_RIGHT_FD_FILESTAT_SET_SIZE | \
     WASI_RIGHT_FD_FILESTAT_SET_TIMES | WASI_RIGHT_PATH_SYMLINK |           \
     WASI_RIGHT_PATH_REMOVE_DIRECTORY | WASI_RIGHT_PATH_UNLINK_FILE)

/** Rights that make sense for a directory itself, and for a file. */
#define WASI_RIGHTS_DIRECTORY                                                       \
    (WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_SYNC | WASI_RIGHT_FD_DATASYNC | \
     WASI_RIGHT_FD_ADVISE | WASI_RIGHT_PATH_CREATE_DIRECTORY |                      \
     WASI_RIGHT_PATH_CREATE_FILE | WASI_RIGHT_PATH_LINK_SOURCE |                    \
     WASI_RIGHT_PATH_LINK_TARGET | WASI_RIGHT_PATH_OPEN | WASI_RIGHT_FD_READDIR |   \
     WASI_RIGHT_PATH_READLINK | WASI_RIGHT_PATH_RENAME_SOURCE |                     \
     WASI_RIGHT_PATH_RENAME_TARGET | WASI_RIGHT_PATH_FILESTAT_GET |                 \
     WASI_RIGHT_PATH_FILESTAT_SET_SIZE | WASI_RIGHT_PATH_FILESTAT_SET_TIMES |       \
     WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_FD_FILESTAT_SET_TIMES |                \
     WASI_RIGHT_PATH_SYMLINK | WASI_RIGHT_PATH_REMOVE_DIRECTORY |                   \
     WASI_RIGHT_PATH_UNLINK_FILE | WASI_RIGHT_POLL_FD_READWRITE)
#define WASI_RIGHTS_FILE                                                        \
    (WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_READ | WASI_RIGHT_FD_SEEK |         \
     WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_SYNC | WASI_RIGHT_FD_TELL | \
     WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_ADVISE | WASI_RIGHT_FD_ALLOCATE |      \
     WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_FD_FILESTAT_SET_SIZE |             \
     WASI_RIGHT_FD_FILESTAT_SET_TIMES | WASI_RIGHT_POLL_FD_READWRITE)
/** A stream without a position: a terminal, a pipe. */
#define WASI_RIGHTS_STREAM                                                \
    (WASI_RIGHTS_FILE &                                                   \
     ~(WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL | WASI_RIGHT_FD_ALLOCATE | \
       WASI_RIGHT_FD_ADVISE | WASI_RIGHT_FD_FILESTAT_SET_SIZE))
#define WASI_RIGHTS_ALL (((uint64_t)1 << 30) - 1)

/** filetype. */
enum wasi_filetype {
    WASI_FILETYPE_UNKNOWN = 0,
    WASI_FILETYPE_BLOCK_DEVICE = 1,
    WASI_FILETYPE_CHARACTER_DEVICE = 2,
    WASI_FILETYPE_DIRECTORY = 3,
    WASI_FILETYPE_REGULAR_FILE = 4,
    WASI_FILETYPE_SOCKET_DGRAM = 5,
    WASI_FILETYPE_SOCKET_STREAM = 6,
    WASI_FILETYPE_SYMBOLIC_LINK = 7
};

/** fdflags. */
enum wasi_fdflags {
    WASI_FDFLAG_APPEND = 1,
    WASI_FDFLAG_DSYNC = 2,
    WASI_FDFLAG_NONBLOCK = 4,
    WASI_FDFLAG_RSYNC = 8,
    WASI_FDFLAG_SYNC = 16,
    WASI_FDFLAGS_ALL = 31
};

/** oflags. */
enum wasi_oflags {
    WASI_OFLAG_CREAT = 1,
    WASI_OFLAG_DIRECTORY = 2,
    WASI_OFLAG_EXCL = 4,
    WASI_OFLAG_TRUNC = 8,
    WASI_OFLAGS_ALL = 15
};

/** lookupflags. */
enum wasi_lookupflags { WASI_LOOKUP_SYMLINK_FOLLOW = 1 };

/** fstflags: which times to set, and to what. */
enum wasi_fstflags {
    WASI_FST_ATIM = 1,
    WASI_FST_ATIM_NOW = 2,
    WASI_FST_MTIM = 4,
    WASI_FST_MTIM_NOW = 8,
    WASI_FST_ALL = 15
};

enum wasi_whence { WASI_WHENCE_SET = 0, WASI_WHENCE_CUR = 1, WASI_WHENCE_END = 2 };

enum wasi_clockid {
    WASI_CLOCK_REALTIME = 0,
    WASI_CLOCK_MONOTONIC = 1,
    WASI_CLOCK_PROCESS_CPUTIME = 2,
    WASI_CLOCK_THREAD_CPUTIME = 3
};

enum wasi_eventtype {
    WASI_EVENT_CLOCK = 0,
    WASI_EVENT_FD_READ = 1,
    WASI_EVENT_FD_WRITE = 2
};

/** eventrwflags, subclockflags. */
enum { WASI_EVENT_FD_READWRITE_HANGUP = 1, WASI_SUBSCRIPTION_CLOCK_ABSTIME = 1 };

#endif
