/**
 * function.h - host functions and their signatures (spec 4.2.5).
 */
#ifndef WASM_RUNTIME_FUNCTION_H
#define WASM_RUNTIME_FUNCTION_H

#include "runtime/store.h"

/** The type id of a signature string (wasm_linker_define_function()). */
WASM_MUST_CHECK enum wasm_status wasm_signature_intern(struct wasm_store *store,
                                                       const char *signature,
                                                       uint32_t *out_id);

/** Releases the store's host functions. */
void wasm_host_functions_release(struct wasm_store *store);

#endif
