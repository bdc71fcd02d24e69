/**
 * guest_host.h - wasm_host inside of the system: a supervisor in Init's place that runs modules over the
 * RAM file system and looks at what becomes of them.
 *
 *   main.c        the cases
 *   service.c     the RAM file system's process, sessions with it
 *   program.c     one program: its process, start block and capabilities
 *   serve.c       its reports and its streams
 */
#ifndef TESTS_GUEST_HOST_H
#define TESTS_GUEST_HOST_H

#include "abi/cap.h"
#include "abi/status.h"
#include "libfile/client.h"
#include "protocols/program.h"
#include <stddef.h>

enum { ARGUMENTS_MAX = 4, DIRECTORIES_MAX = 2, OUTPUT_MAX = 65536, DENIALS_MAX = 8 };

/** A directory for a program. */
struct grant {
    const char *volume_path; /**< in the RAM file system */
    const char *path;
    bool is_read_only;
};

/** What a program is run with. */
struct run {
    const char *module; /**< its name in the initrd, without .wasm */
    const char *arguments[ARGUMENTS_MAX];
    struct grant directories[DIRECTORIES_MAX];
    const char *input; /**< NULL: stdin is empty */
    uint32_t flags;    /**< enum program_flag */
    bool random;
    bool no_console;
    uint64_t account_frames; /**< 0: plenty */
    uint64_t memory_bytes;
    uint64_t fuel; /**< 0: none is counted */
    uint64_t timeout_ns;
    uint64_t interrupt_ns; /**< 0: no interrupt */
};

/** What became of it. */
struct outcome {
    enum program_end end;
    int status;
    uint64_t exit_code; /**< of the process */
    uint64_t
        frames; /**< that its account paid for in the end: all but the code, which is shared */
    uint32_t denial_count;
    struct program_denial denials[DENIALS_MAX];
    size_t output_size;
    char output[OUTPUT_MAX + 1]; /**< stdout and stderr */
    char text[PROGRAM_TEXT_MAX + 1];
};

/** Ends the machine, having said what went wrong. */
_Noreturn void fail(const char *what);

/** Ends the machine unless @p holds. */
static inline void require(bool holds, const char *what)
{
    if (!holds) {
        fail(what);
    }
}

/** An Empty slot of Init's; dropped again by drop(). */
uint64_t take_slot(void);
void drop(uint64_t slot);

/** The file of the initrd; its size. NULL: it is not there. */
const uint8_t *initrd_file(const char *name, size_t *out_size);

/* service.c */
void service_start(void);

/** Opens a session with a buffer that @p process, 0: Init, sees at @p vaddr. The endpoint, badged, is
 *  left in @p endpoint_slot. Gives the badge. */
uint64_t session_open(const struct grant *grant, uint64_t process, uint64_t vaddr,
                      uint64_t endpoint_slot);
void session_close(uint64_t badge);
struct file_client session_client(uint64_t endpoint_slot, uint64_t vaddr);
enum { SESSION_BUFFER_BYTES = 65536 };

/* program.c */
void program_run(const struct run *run, struct outcome *out);

/* serve.c: */
/** Makes the endpoint of reports and streams. */
void serve_open(void);
/** A badged copy of it in @p target. */
enum serve_badge {
    SERVE_REPORT = 1,
    SERVE_STDIN,
    SERVE_STDOUT,
    SERVE_STDERR,
    SERVE_RANDOM
};
void serve_grant(uint64_t process, uint64_t target, enum serve_badge badge);
/** Slots of what is a program's. */
struct watched {
    uint64_t control; /**< its notification */
    uint64_t account;
};

/** Serves until the program reports its end. */
void serve(const struct run *run, const uint8_t *report, struct watched program,
           struct outcome *out);

#endif
