/**
 * program.h - how a supervisor starts wasm_host for one module, and what it is told about it.
 *
 * The supervisor makes a process from its account, loads wasm_host into it, and
 *  - maps the module's bytes read-only anywhere above PROGRAM_MAPPINGS: the same frames for every process
 *    that runs it;
 *  - maps a struct program_start with its strings read-only: its address is main()'s argument;
 *  - maps the report area, which it shares with this program alone, readable and writable;
 *  - maps the buffers of directories (file.h), writable;
 *  - fills the slots of enum program_slot and those that the start block names;
 *  - starts it.
 * What the start block does not name, the program does not have: no entry, no grant.
 *
 * The program reports by CALL on PROGRAM_SLOT_SUPERVISOR: its badge says who. The label is an enum
 * program_report, the text or record lies in the report area; the reply is empty. What lies there is an
 * allegation of the program's, to be copied before it is checked, and printed with care.
 * A process that ends without PROGRAM_ENDED has failed: the engine or wasm_host has a bug.
 */
#ifndef PROTOCOLS_PROGRAM_H
#define PROTOCOLS_PROGRAM_H

#include <stdint.h>

#define PROGRAM_START_MAGIC 0x4d4152474f52504dull /**< "MPROGRAM" */

/** Below it is wasm_host's own: its image, stack, heap. The supervisor maps above. */
#define PROGRAM_MAPPINGS     0x100000000ul
#define PROGRAM_MAPPINGS_END 0x10000000000ul /**< from here on: linear memories */
/** RSP at its first instruction; PROGRAM_STACK_PAGES pages, a guard page under them. */
#define PROGRAM_STACK_TOP   0x10000000ul
#define PROGRAM_STACK_PAGES 16ul

/** The program's CNode. From PROGRAM_SLOT_FIRST_GRANT to PROGRAM_SLOT_LAST_GRANT lies what
 *  the start block names; the slots behind are wasm_host's to use. */
enum program_slot {
    PROGRAM_SLOT_SELF =
        1, /**< Process, WRITE, EXEC and REVOKE: itself, which it ends */
    PROGRAM_SLOT_MEMORY =
        2, /**< PmmAllocator, WRITE: pays for heap and linear memory */
    PROGRAM_SLOT_SUPERVISOR = 3, /**< Endpoint, WRITE, badged: reports */
    PROGRAM_SLOT_CONTROL =
        4, /**< Notification, READ and WRITE, not badged: its deadline, and interrupts */
    PROGRAM_SLOT_FIRST_GRANT = 8,
    PROGRAM_SLOT_LAST_GRANT = 47
};

/** Bits of the notification in PROGRAM_SLOT_CONTROL. */
enum program_control {
    PROGRAM_CONTROL_DEADLINE = 1, /**< wasm_host's own timer */
    PROGRAM_CONTROL_INTERRUPT =
        2 /**< the supervisor, as after Ctrl-C: end soon (PROGRAM_INTERRUPT) */
};

/** A standard stream. */
struct program_stream {
    uint32_t slot;  /**< endpoint, WRITE, badged (stream.h); 0: not granted */
    uint32_t flags; /**< enum program_stream_flag */
};
_Static_assert(sizeof(struct program_stream) == 8, "no holes");

enum program_stream_flag {
    PROGRAM_STREAM_TERMINAL = 1, /**< a person is at its other end: isatty() */
    PROGRAM_STREAM_EMPTY =
        2 /**< with slot 0: granted, but nothing comes and all is swallowed */
};

/** A directory that the program is given, under a name of its own. */
struct program_directory {
    uint32_t slot;  /**< endpoint, WRITE, badged (file.h) */
    uint32_t flags; /**< enum program_directory_flag */
    uint64_t buffer;
    uint64_t buffer_bytes;
    uint32_t path;   /**< offset of its name for the program, as "/data" */
    uint32_t source; /**< offset of what it is for people ("host:./data"), in denials */
};
_Static_assert(sizeof(struct program_directory) == 32, "no holes");

enum program_directory_flag {
    PROGRAM_DIRECTORY_READ_ONLY =
        1 /**< the service refuses too; this is for WASI's rights */
};

enum program_flag {
    PROGRAM_CLOCK_MONOTONIC = 1, /**< `clock`: time since some moment */
    PROGRAM_CLOCK_REAL = 2       /**< `clock real`: the time of day too */
};

/**
 * The start block. Offsets are from its beginning, strings are zero-terminated and lie inside of
 * `size`; arrays of them are uint32_t offsets.
 */
struct program_start {
    uint64_t magic; /**< PROGRAM_START_MAGIC */
    uint64_t size;  /**< bytes of the block, strings included */
    uint64_t module;
    uint64_t module_bytes;
    uint64_t report;         /**< the report area, PROGRAM_REPORT_BYTES */
    uint32_t flags;          /**< enum program_flag */
    uint32_t random_slot;    /**< endpoint of the random service, or 0 */
    uint32_t arguments;      /**< offset of an array */
    uint32_t argument_count; /**< the program's name is the first */
    uint32_t environment;    /**< offset of an array of "KEY=VALUE" */
    uint32_t environment_count;
    uint32_t directories;     /**< offset of an array of struct program_directory */
    uint32_t directory_count; /**< at most PROGRAM_DIRECTORIES_MAX */
    struct program_stream streams[3]; /**< stdin, stdout, stderr */
    uint64_t
        memory_bytes; /**< of all linear memories together; 0: what the account gives */
    uint64_t stack_bytes; /**< of the Wasm stack; 0: 1 MiB */
    uint64_t fuel;        /**< UINT64_MAX: none is counted */
    uint64_t
        deadline_ns; /**< of the kernel's clock, absolute; 0: none. The supervisor ends who ignores it. */
    uint64_t
        wall_time_ns; /**< nanoseconds from 1970 to the kernel clock's zero; PROGRAM_CLOCK_REAL */
    uint32_t descriptors; /**< open at once; 0: 1024 */
    uint32_t module_name; /**< offset: for backtraces */
};
_Static_assert(sizeof(struct program_start) == 144, "no holes");

enum {
    PROGRAM_DIRECTORIES_MAX = 32,
    PROGRAM_REPORT_BYTES = 8192,
    PROGRAM_TEXT_MAX = 6144
};

/** What a program reports. */
enum program_report {
    /** Its module is loaded and linked; _start is called next. */
    PROGRAM_STARTED = 1,
    /** A struct program_denial at the area's beginning. Each is reported once. */
    PROGRAM_DENIED = 2,
    /** words: enum program_end, status, bytes of text at the area's beginning. Its last report;
     *  it exits by itself. */
    PROGRAM_ENDED = 3
};

/** How a program ended; the status and the text that go with it. */
enum program_end {
    PROGRAM_EXIT = 0, /**< status: proc_exit's, 0 after a return of _start; no text */
    PROGRAM_TRAP = 1, /**< 134; the trap and its Wasm backtrace */
    PROGRAM_REFUSED =
        2, /**< 2; one line: what is wrong with the module and what to do */
    PROGRAM_NO_FUEL = 3,   /**< 124; a backtrace */
    PROGRAM_DEADLINE = 4,  /**< 124; a backtrace */
    PROGRAM_INTERRUPT = 5, /**< 130; a backtrace */
    PROGRAM_FAILED = 6     /**< 125; one line: what of the system failed */
};

/** What was missing. */
enum program_grant {
    PROGRAM_GRANT_DIRECTORY = 1, /**< `subject` is a path that no directory covers */
    PROGRAM_GRANT_WRITE =
        2, /**< `subject` is a path in a directory that was given as :ro */
    PROGRAM_GRANT_CLOCK = 3,      /**< the monotonic clock */
    PROGRAM_GRANT_CLOCK_REAL = 4, /**< the time of day */
    PROGRAM_GRANT_RANDOM = 5,
    PROGRAM_GRANT_CONSOLE = 6, /**< `subject` is stdin, stdout or stderr */
    PROGRAM_GRANT_NETWORK = 7, /**< nothing grants it: there is no network */
    /** `subject` is a path that leads out of the directory that it begins in, by `..` or a link */
    PROGRAM_GRANT_OUTSIDE = 8,
    PROGRAM_GRANTS = 9
};

enum { PROGRAM_SUBJECT_MAX = 1024, PROGRAM_OPERATION_MAX = 32 };

/** A denial; mnos/denial.h makes a line for people of it. Strings are zero-terminated. */
struct program_denial {
    uint32_t grant; /**< enum program_grant */
    uint32_t
        for_write; /**< PROGRAM_GRANT_DIRECTORY: 1 if something was to be changed */
    char operation
        [PROGRAM_OPERATION_MAX]; /**< WASI's name of what was called: "path_open" */
    char subject[PROGRAM_SUBJECT_MAX];
};
_Static_assert(sizeof(struct program_denial) == 1064, "no holes");

#endif
