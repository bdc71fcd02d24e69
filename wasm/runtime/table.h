/**
 * table.h - tables (spec 4.2.6), and globals and tags of the embedder's own.
 */
#ifndef WASM_RUNTIME_TABLE_H
#define WASM_RUNTIME_TABLE_H

#include "runtime/store.h"

/** Makes a table filled with @p value, on the store's list. NULL: no memory, a limit. */
struct wasm_table *wasm_table_make(struct wasm_store *store, wasm_type element,
                                   const struct wasm_limits_spec *limits,
                                   uint64_t value);

/** Releases every table of the store. */
void wasm_tables_release(struct wasm_store *store);

/** Releases the embedder's globals and tags. */
void wasm_globals_release(struct wasm_store *store);

#endif
