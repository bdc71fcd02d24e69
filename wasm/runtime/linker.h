/**
 * linker.h - names to objects, for instantiation.
 */
#ifndef WASM_RUNTIME_LINKER_H
#define WASM_RUNTIME_LINKER_H

#include "runtime/store.h"

/** The store that the linker's objects live in. */
struct wasm_store *wasm_linker_store(const struct wasm_linker *linker);

/** The definition of @p module . @p name, or NULL. */
const struct wasm_extern *wasm_linker_find(const struct wasm_linker *linker,
                                           struct wasm_name module,
                                           struct wasm_name name);

/** An instance's object. */
struct wasm_extern wasm_instance_object(const struct wasm_instance *instance,
                                        enum wasm_extern_kind kind, uint32_t index);

#endif
