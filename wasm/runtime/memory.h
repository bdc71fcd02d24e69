/**
 * memory.h - linear memories (spec 4.2.7).
 */
#ifndef WASM_RUNTIME_MEMORY_H
#define WASM_RUNTIME_MEMORY_H

#include "runtime/store.h"

/** Makes a memory of its minimum size, zeroed, on the store's list. NULL: no memory. */
struct wasm_memory *wasm_memory_make(struct wasm_store *store,
                                     const struct wasm_limits_spec *limits);

/** Releases every memory of the store. */
void wasm_memories_release(struct wasm_store *store);

#endif
