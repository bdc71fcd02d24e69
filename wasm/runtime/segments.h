/**
 * segments.h - the part of instantiation that evaluates constant expressions.
 */
#ifndef WASM_RUNTIME_SEGMENTS_H
#define WASM_RUNTIME_SEGMENTS_H

#include "runtime/store.h"

/** Makes the instance's memories, globals, tables and segments. WASM_OUT_OF_MEMORY. */
WASM_MUST_CHECK enum wasm_status
wasm_segments_make_objects(struct wasm_instance *instance);

/**
 * Copies active segments and drops what is used up. WASM_TRAPPED; WASM_UNLINKABLE without bulk
 * memory, where WebAssembly 1.0 checks all bounds before it writes anything.
 */
WASM_MUST_CHECK enum wasm_status
wasm_segments_initialize(struct wasm_instance *instance, struct wasm_error *error);

#endif
