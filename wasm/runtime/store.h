/**
 * store.h - the store: everything that instances share, owned here (spec 4.2.3).
 *
 * Belongs to one thread at a time; `interrupt` alone is written by others.
 */
#ifndef WASM_RUNTIME_STORE_H
#define WASM_RUNTIME_STORE_H

#include "runtime/executor.h"
#include "runtime/type_registry.h"

struct wasm_store {
    const struct wasm_engine *engine;
    const struct wasm_executor *executor;
    void *executor_data;
    struct wasm_limits limits; /**< defaults filled in */

    _Atomic uint32_t interrupt; /**< not 0: stop soon */
    bool counts_fuel;           /**< fixed once has_instances */
    bool has_instances;
    uint32_t host_depth; /**< wasm_call()s that are running */
    uint64_t fuel;       /**< left; WASM_NO_FUEL when it is not counted */

    struct wasm_trap trap;
    bool trap_continues; /**< the last call of a host function ended in `trap` */
    struct wasm_exception *exception; /**< pending, or NULL */

    struct wasm_type_registry types;
    struct wasm_instance *instances;
    struct wasm_memory *memories;
    struct wasm_table *tables;
    struct wasm_global *globals; /**< the embedder's own; instances own theirs */
    struct wasm_tag *tags;
    struct wasm_host_entry *hosts;
    struct wasm_exception *exceptions;
    uint64_t exception_words;   /**< allocated since the last collection */
    uint64_t collect_threshold; /**< exception_words that start one */
    uint64_t memory_bytes;      /**< sum of memory sizes */
    uint64_t table_elements;    /**< sum of table sizes */
    void *data;                 /**< the embedder's */
};

static inline const struct wasm_platform *store_platform(const struct wasm_store *store)
{
    return &store->engine->platform;
}

#endif
