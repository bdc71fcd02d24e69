/**
 * instance.h - instances of a store, and the parts of instantiation that are files of their own.
 */
#ifndef WASM_RUNTIME_INSTANCE_H
#define WASM_RUNTIME_INSTANCE_H

#include "runtime/linker.h"

/** Detaches and releases every instance of the store. */
void wasm_instances_release(struct wasm_store *store);

/** Fills the imported part of the index spaces. WASM_UNLINKABLE. */
WASM_MUST_CHECK enum wasm_status wasm_imports_resolve(struct wasm_instance *instance,
                                                      const struct wasm_linker *linker,
                                                      struct wasm_error *error);

/** Does @p object have the type of the instance's object @p index (spec 4.5.3)? */
bool wasm_import_matches(const struct wasm_instance *instance,
                         const struct wasm_extern *object, uint32_t index);

#endif
