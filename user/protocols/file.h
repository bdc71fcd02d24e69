/**
 * file.h - the file system protocol: what a file service and its clients say to each other.
 *
 * A *session* is what one holder was granted: a directory of the service's, whole or read-only.
 * The badge of an endpoint capability names the session, so the holder of a badge reaches that
 * directory and what lies below it, and nothing else. Inside of a session open objects have
 * *handles*, small numbers that mean nothing in any other session; FILE_ROOT_HANDLE is the
 * granted directory.
 *
 * A name is 1 to FILE_NAME_MAX bytes without a slash and without a zero; ".." is refused, "."
 * (the directory itself) is fine for FILE_STAT_AT, FILE_SET_TIMES_AT and FILE_OPEN only. No
 * operation follows a symbolic link. So no name leads out of its directory; who has paths, walks them
 * himself (wasm/wasi/resolve.c).
 *
 * Every request is a CALL (mnos/call.h) with three words; the label has the opcode in bits 0 to 7 and
 * flags from bit 8 on, the reply's label is an enum file_status. Names, attributes and data lie in the
 * session's *buffer*, frames that client and service have both mapped, at the offsets of enum
 * file_buffer. The service copies what it checks. Positions, append mode and buffering are the
 * client's; the service keeps handles and files.
 *
 * What a session makes the service keep is bounded when it is attached: at most `handles` open
 * objects, at most `quota_bytes` of file contents, names and bookkeeping. The buffer is paid by
 * whoever attaches, not by the client, and outlives the session: it is taken back only once
 * FILE_DETACH was answered. A session whose badge nobody holds any more is detached by the service itself.
 */
#ifndef PROTOCOLS_FILE_H
#define PROTOCOLS_FILE_H

#include "protocols/service.h"
#include <stdint.h>

/** The label of a request. */
#define FILE_LABEL(opcode, flags) ((uint64_t)(opcode) | (uint64_t)(flags) << 8)
#define FILE_LABEL_OPCODE(label)  ((uint32_t)((label)&0xff))
#define FILE_LABEL_FLAGS(label)   ((uint32_t)((label) >> 8 & 0xffffff))

/** Two 32-bit numbers in a word: a handle and a second one, or the sizes of two names. */
#define FILE_PAIR(low, high) \
    ((uint64_t)(uint32_t)(low) | (uint64_t)(uint32_t)(high) << 32)
#define FILE_PAIR_LOW(word)  ((uint32_t)(word))
#define FILE_PAIR_HIGH(word) ((uint32_t)((word) >> 32))

/**
 * Requests. `h` is a handle, `d` a directory's; name and name2 are sizes in bytes of what lies at
 * FILE_BUFFER_NAME and FILE_BUFFER_NAME2. What is not named is 0, or else FILE_INVALID.
 */
enum file_opcode {
    /** words: d, name; flags FILE_OPEN_*. Answers word 0: a new handle, word 1: enum file_type. */
    FILE_OPEN = 1,
    /** words: h. The root stays open: FILE_INVALID. */
    FILE_CLOSE = 2,
    /** words: h. Answers a struct file_attributes at FILE_BUFFER_RECORD. */
    FILE_STAT = 3,
    /** words: d, name. As FILE_STAT. */
    FILE_STAT_AT = 4,
    /** words: h; a struct file_times at FILE_BUFFER_RECORD. */
    FILE_SET_TIMES = 5,
    /** words: d, name; likewise. */
    FILE_SET_TIMES_AT = 6,
    /** words: h, offset, size. Answers data at FILE_BUFFER_DATA, word 0: its size, 0 at the end. */
    FILE_READ = 7,
    /** words: h, offset, size of the data at FILE_BUFFER_DATA; with FILE_WRITE_APPEND the
     *  offset is the file's end. Answers word 0: how much was written, word 1: the offset behind it. */
    FILE_WRITE = 8,
    /** words: h, size. */
    FILE_SET_SIZE = 9,
    /** words: h, offset, size: later writes there don't fail for want of room; grows the file. */
    FILE_ALLOCATE = 10,
    /** words: h, offset, size; flags: the advice, 0 to 5 as in posix_fadvise. */
    FILE_ADVISE = 11,
    /** words: h; flags FILE_SYNC_DATA_ONLY. */
    FILE_SYNC = 12,
    /** words: h, cookie (0: the first). Answers struct file_entry's at FILE_BUFFER_DATA, word 0:
     *  their bytes, 0 at the end. */
    FILE_READ_DIRECTORY = 13,
    /** words: d, name. */
    FILE_MAKE_DIRECTORY = 14,
    /** words: d, name. */
    FILE_REMOVE_DIRECTORY = 15,
    /** words: d, name: anything but a directory. */
    FILE_UNLINK = 16,
    /** words: FILE_PAIR(d, d2), FILE_PAIR(name, name2): replaces what name2 was, as rename(2). */
    FILE_RENAME = 17,
    /** words: FILE_PAIR(d, d2), FILE_PAIR(name, name2): name2 becomes another name of the file. */
    FILE_LINK = 18,
    /** words: d, name, size of the target at FILE_BUFFER_DATA, 1 to FILE_TARGET_MAX. */
    FILE_SYMLINK = 19,
    /** words: d, name. Answers the target at FILE_BUFFER_DATA, word 0: its size. */
    FILE_READ_LINK = 20,

    /** By the badge FILE_BADGE_SUPERVISOR only: a struct file_attach at FILE_BUFFER_RECORD, its path
     *  at FILE_BUFFER_DATA. The buffer of the new session is mapped and zeroed before. */
    FILE_ATTACH = 64,
    /** The same: words: the badge. Closes its handles; when it is answered the service touches the
     *  buffer no more. FILE_NO_SESSION: there is none, which is fine after its badge was gone. */
    FILE_DETACH = 65
};

/** FILE_OPEN's flags. */
enum file_open_flag {
    FILE_OPEN_READ = 1,
    FILE_OPEN_WRITE = 2, /**< refused in a read-only session, and for directories */
    FILE_OPEN_CREATE =
        4, /**< a file, if there is nothing; needs FILE_OPEN_WRITE or not */
    FILE_OPEN_EXCLUSIVE = 8,  /**< with CREATE: FILE_EXISTS if there is something */
    FILE_OPEN_TRUNCATE = 16,  /**< to 0 bytes */
    FILE_OPEN_DIRECTORY = 32, /**< FILE_NOT_DIRECTORY if it is none */
    FILE_OPEN_FLAGS = 63
};

#define FILE_WRITE_APPEND   1u /**< FILE_WRITE */
#define FILE_SYNC_DATA_ONLY 1u /**< FILE_SYNC */

/** Answers; each is one thing that the client can act on. */
enum file_status {
    FILE_OK = 0,
    FILE_INVALID, /**< the request breaks this protocol, or a value is out of range */
    FILE_NO_SESSION, /**< the badge names none */
    FILE_BAD_HANDLE, /**< not open, or not open for this */
    FILE_NO_ENTRY,   /**< there is nothing of that name */
    FILE_EXISTS,     /**< there is something of that name */
    FILE_NOT_DIRECTORY,
    FILE_IS_DIRECTORY,
    FILE_IS_LINK,       /**< a symbolic link, which is not followed */
    FILE_NOT_LINK,      /**< FILE_READ_LINK: it is none */
    FILE_NOT_EMPTY,     /**< a directory with entries */
    FILE_READ_ONLY,     /**< the session, or what is below it, can't be changed */
    FILE_ACCESS,        /**< what is below the service refuses it */
    FILE_NOT_PERMITTED, /**< nobody may do that, as to link a directory */
    FILE_NO_SPACE,      /**< the storage is full */
    FILE_QUOTA,         /**< the session's quota is used up */
    FILE_NO_HANDLES,    /**< the session has as many open as it may */
    FILE_NO_MEMORY,     /**< the service has no memory for it */
    FILE_TOO_LARGE,     /**< a file can't be that long */
    FILE_NAME_TOO_LONG,
    FILE_TOO_MANY_LINKS, /**< of one file */
    FILE_BUSY,           /**< in use by something that forbids it */
    FILE_CROSS_DEVICE,   /**< the two names lie on different storage */
    FILE_NOT_SUPPORTED,  /**< this service has no such operation */
    FILE_IO,             /**< the storage failed */
    FILE_STATUSES
};

/** What an object is; enum wasi_filetype has the same numbers. */
enum file_type {
    FILE_TYPE_UNKNOWN = 0,
    FILE_TYPE_BLOCK_DEVICE = 1,
    FILE_TYPE_CHARACTER_DEVICE = 2,
    FILE_TYPE_DIRECTORY = 3,
    FILE_TYPE_FILE = 4,
    FILE_TYPE_SOCKET = 6,
    FILE_TYPE_LINK = 7
};

enum {
    FILE_NAME_MAX = 255, /**< bytes of a name */
    FILE_TARGET_MAX =
        4095, /**< bytes of a symbolic link's target, and of FILE_ATTACH's path */
    FILE_ROOT_HANDLE = 0
};

/** Where things lie in a session's buffer. */
enum file_buffer {
    FILE_BUFFER_NAME = 0,
    FILE_BUFFER_NAME2 = 256,
    FILE_BUFFER_RECORD = 512,
    FILE_BUFFER_DATA = 4096,      /**< to the buffer's end */
    FILE_BUFFER_BYTES_MIN = 16384 /**< a power of two, up to FILE_BUFFER_STRIDE */
};

/** FILE_STAT's answer. Times in nanoseconds since 1970. */
struct file_attributes {
    uint64_t device;
    uint64_t inode;
    uint64_t type; /**< enum file_type */
    uint64_t link_count;
    uint64_t size; /**< bytes */
    uint64_t access_time_ns;
    uint64_t modification_time_ns;
    uint64_t change_time_ns;
};
_Static_assert(sizeof(struct file_attributes) == 64, "no holes");

/** FILE_SET_TIMES: which times to set, each to a value or to now, not both. */
enum file_times_flag {
    FILE_TIMES_ACCESS = 1,
    FILE_TIMES_ACCESS_NOW = 2,
    FILE_TIMES_MODIFICATION = 4,
    FILE_TIMES_MODIFICATION_NOW = 8,
    FILE_TIMES_FLAGS = 15
};

struct file_times {
    uint64_t flags; /**< enum file_times_flag */
    uint64_t access_time_ns;
    uint64_t modification_time_ns;
};
_Static_assert(sizeof(struct file_times) == 24, "no holes");

/** One entry; the next begins FILE_ENTRY_BYTES(name_size) bytes behind it. */
struct file_entry {
    uint64_t
        next_cookie; /**< FILE_READ_DIRECTORY gives what is behind this one; never 0 */
    uint64_t inode;
    uint32_t type;      /**< enum file_type */
    uint32_t name_size; /**< 1 to FILE_NAME_MAX */
    /* the name, filled up with zeros to a multiple of 8 bytes */
};
_Static_assert(sizeof(struct file_entry) == 24, "no holes");
#define FILE_ENTRY_BYTES(name_size) \
    (sizeof(struct file_entry) + (((uint64_t)(name_size) + 7) & ~7ull))

/** FILE_ATTACH's flags. */
enum file_attach_flag {
    FILE_ATTACH_READ_ONLY = 1, /**< nothing can be changed through the session */
    FILE_ATTACH_CREATE =
        2, /**< makes the volume that the path begins with, if it is not there */
    FILE_ATTACH_PRIVATE =
        4, /**< a volume of the session's own, without a name, gone with it */
    FILE_ATTACH_FLAGS = 7
};

/**
 * A new session.
 *
 * Paths: RAM file system: VOLUME[/DIRECTORY…]; initrd and host: DIRECTORY… below what the
 * service serves, "" for all of it. Walked without following links, ".." is refused. `quota_bytes`
 * is that of the volume that is made; one that exists keeps its own.
 */
struct file_attach {
    uint64_t
        badge; /**< FILE_BADGE_FIRST to 2^32 - 1, of the client's endpoint; its low 16 bits,
                              which no other session has, are below FILE_SESSIONS */
    uint64_t quota_bytes;  /**< RAM file system */
    uint64_t buffer_bytes; /**< mapped at FILE_BUFFER_ADDRESS(badge) in the service */
    uint32_t flags;        /**< enum file_attach_flag */
    uint32_t
        handles; /**< open objects at most beside the root, 1 to FILE_HANDLES_MAX */
    uint32_t path_size; /**< bytes at FILE_BUFFER_DATA */
    uint32_t reserved;  /**< 0 */
};
_Static_assert(sizeof(struct file_attach) == 40, "no holes");

enum {
    FILE_BADGE_SUPERVISOR = 1, /**< attaches and detaches; it has a buffer, no root */
    FILE_BADGE_FIRST = 2,
    FILE_SESSIONS = 512,
    FILE_HANDLES_MAX = 65535
};

/** Where the supervisor maps the buffer of the session `badge` in the service. */
#define FILE_BUFFERS_BASE  0x2000000000ul
#define FILE_BUFFER_STRIDE 0x100000ul /**< the most that a buffer has */
#define FILE_BUFFER_ADDRESS(badge) \
    (FILE_BUFFERS_BASE + ((badge)&0xffff) * FILE_BUFFER_STRIDE)

/** A file service's own slot, beside those of service.h. */
enum file_slot {
    FILE_SLOT_TRANSPORT =
        SERVICE_SLOT_OWN /**< host files: Endpoint, WRITE (p9_transport.h) */
};

/** What a file service is started with: a read-only page, its address is main()'s argument. */
struct file_service_start {
    uint64_t supervisor_buffer_bytes; /**< of the badge FILE_BADGE_SUPERVISOR */
    uint64_t archive; /**< initrd service: where the archive is mapped, read-only */
    uint64_t archive_bytes; /**< its size */
    uint64_t
        wall_time_ns; /**< nanoseconds from 1970 to the kernel clock's zero, or 0 */
};
_Static_assert(sizeof(struct file_service_start) == 32, "no holes");

#endif
