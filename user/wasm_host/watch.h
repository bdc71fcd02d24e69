/**
 * watch.h - a thread that waits for the program's deadline and the supervisor's interrupt.
 *
 * When one comes it makes running code stop (wasm_store_interrupt()) and wakes what waits by
 * HOST_EVENT_END.
 */
#ifndef WASM_HOST_WATCH_H
#define WASM_HOST_WATCH_H

#include "core/attributes.h"
#include "wasm_host/host.h"

/** Starts the thread. @p deadline_ns of the kernel's clock, 0: none. NULL, or what failed. */
MN_MUST_CHECK const char *watch_start(struct wasm_store *store, uint64_t deadline_ns);

/** Is the program to end, and why? PROGRAM_EXIT: it is not. */
enum program_end watch_end(void);

#endif
