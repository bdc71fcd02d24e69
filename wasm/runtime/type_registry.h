/**
 * type_registry.h - function types of a store: equal types have equal ids (spec 3.3.4).
 *
 * Types come in by recursion groups, mostly of one, with ids of this registry in place of their
 * module's type indices and type_relative_index() for references inside of the group. Lookup
 * is by hash; the ids of a group follow each other; what wasm_type_registry_get() returns
 * never moves.
 */
#ifndef WASM_RUNTIME_TYPE_REGISTRY_H
#define WASM_RUNTIME_TYPE_REGISTRY_H

#include "module/types.h"

enum {
    TYPE_SELF =
        TYPE_INDEX_LIMIT - 1 /**< index of a reference to the type it stands in */
};

struct wasm_type_entry;

struct wasm_type_registry {
    struct wasm_type_entry **entries; /**< by id */
    uint32_t *buckets;                /**< first id of each chain, or WASM_NO_INDEX */
    uint32_t count;
    uint32_t capacity;
    uint32_t bucket_count; /**< a power of two, or 0 */
};

/**
 * Finds or makes the ids of the group of @p size types at @p types; gives the first one.
 * WASM_OUT_OF_MEMORY, WASM_TOO_LARGE (too many types).
 */
WASM_MUST_CHECK enum wasm_status wasm_type_registry_intern(
    struct wasm_type_registry *registry, const struct wasm_platform *platform,
    const struct wasm_function_type *types, uint32_t size, uint32_t *out_id);

/** The registry's copy of type @p id; all its concrete references carry ids. */
const struct wasm_function_type *
wasm_type_registry_get(const struct wasm_type_registry *registry, uint32_t id);

void wasm_type_registry_release(struct wasm_type_registry *registry,
                                const struct wasm_platform *platform);

/** A module's @p type with the ids @p type_ids in place of its type indices. */
wasm_type wasm_type_resolve(wasm_type type, const uint32_t *type_ids);

#endif
