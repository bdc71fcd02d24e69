/**
 * host.h - wasm_host: one program, its module and what it was granted.
 *
 *   main.c           the order of things, and how a program's end is told
 *   start_block.c    is what the supervisor wrote whole?
 *   platform.c       the engine's memory: a heap and linear memories with guard pages
 *   backend*.c       WASI's operations by the services' protocols
 *   refusals.c       denials, each told once
 *   watch.c          the deadline and the supervisor's interrupt, in a thread of its own
 *   report.c         what the supervisor is told
 *
 * The process is one program: state is static where one instance is the only one there can be.
 */
#ifndef WASM_HOST_HOST_H
#define WASM_HOST_HOST_H

#include "protocols/program.h"
#include "wasi/wasi.h"

/** wasm_host's own slots. */
enum host_slot {
    HOST_SLOT_SCRATCH = PROGRAM_SLOT_LAST_GRANT + 1, /**< Empty between calls */
    HOST_SLOT_EVENTS /**< Notification: what the program waits for, HOST_EVENT_* */
};

/** Bits of the notification in HOST_SLOT_EVENTS. */
enum host_event {
    HOST_EVENT_TIMER = 1,  /**< its timer */
    HOST_EVENT_STREAM = 2, /**< a standard stream is readable or writable again */
    HOST_EVENT_END = 4     /**< the program is to end: watch.h */
};

/** Ends the process, having told the supervisor why it failed: one line. */
_Noreturn void host_fail(const char *what, const char *cause);

#endif
