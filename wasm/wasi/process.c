/**
 * process.c - proc_exit and proc_raise.
 */
#include "wasi/context.h"

/* The dispatcher turns this into the trap WASM_TRAP_EXIT. */
enum wasi_errno wasi_proc_exit(struct wasi *wasi, const union wasm_value *arguments)
{
    wasi->has_exited = true;
    wasi->exit_code = arguments[0].i32;
    return WASI_SUCCESS;
}

/* There are no signals: a program that is handed nothing has nobody to signal. */
enum wasi_errno wasi_proc_raise(struct wasi *wasi, const union wasm_value *arguments)
{
    (void)wasi;
    (void)arguments;
    return WASI_ENOTSUP;
}
