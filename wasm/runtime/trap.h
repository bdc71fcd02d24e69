/**
 * trap.h - recording traps and their backtraces.
 */
#ifndef WASM_RUNTIME_TRAP_H
#define WASM_RUNTIME_TRAP_H

#include "runtime/store.h"

/** Begins the record of a trap of this store: no frames yet. Returns @p kind. */
enum wasm_trap_kind wasm_trap_begin(struct wasm_store *store, enum wasm_trap_kind kind);

/** Adds a frame, innermost first; beyond WASM_BACKTRACE_FRAMES it is only counted. */
void wasm_trap_frame(struct wasm_store *store, const struct wasm_function *function,
                     uint64_t offset);

#endif
