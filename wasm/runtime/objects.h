/**
 * objects.h - what lives in a store: the runtime structure of spec 4.2.
 *
 * An executor may read every field here and bake addresses of these structures into code: none of
 * them moves before its store is released. Only `memory->data`, `table->elements` and the sizes
 * beside them change, and only in memory.grow, table.grow and in host calls.
 */
#ifndef WASM_RUNTIME_OBJECTS_H
#define WASM_RUNTIME_OBJECTS_H

#include "module/module.h"
#include <stdatomic.h>
#include <stddef.h>

/** An embedder's function (spec 4.2.5, hostfunc). */
struct wasm_host_function {
    wasm_host_callback callback;
    void *context;
};

/** A function instance. Two types are equal exactly when their type_id is. */
struct wasm_function {
    const void *code; /**< the executor's; never NULL */
    uint32_t type_id; /**< in the store's type registry: what call_indirect compares */
    uint32_t index;   /**< in its module; WASM_NO_INDEX: a host function */
    struct wasm_instance *instance;        /**< NULL: a host function */
    const struct wasm_function_type *type; /**< the registry's */
    union {
        const struct wasm_body *body;
        struct wasm_host_function *host;
    };
};

/**
 * A linear memory. Bounds: an access [address + offset, + n) is fine iff its end is at most
 * `size`, computed without wrapping. With `is_guarded` (32-bit memories only) any access with a
 * 32-bit address and a 32-bit offset either lies in [0, size) or faults, and arrives as false
 * from platform.enter: no check is needed. The bytes [size, ...) are then inaccessible.
 */
struct wasm_memory {
    uint8_t *data; /**< may be NULL when size is 0 */
    uint64_t size; /**< bytes: a multiple of WASM_PAGE_SIZE */
    uint64_t maximum_pages;
    uint64_t capacity; /**< bytes allocated or committed */
    uint64_t reserved; /**< bytes of address space; 0: one plain allocation */
    struct wasm_limits_spec
        limits; /**< its type; the minimum is the size at the beginning */
    bool is_guarded;
    struct wasm_store *store;
    struct wasm_memory *next; /**< of the store */
};

/** A table; an element is a reference as in union wasm_value. */
struct wasm_table {
    uint64_t *elements; /**< may be NULL when size is 0 */
    uint64_t size;
    uint64_t maximum;
    uint64_t capacity;
    wasm_type element; /**< concrete references: the store's type ids */
    struct wasm_limits_spec limits;
    struct wasm_store *store;
    struct wasm_table *next;
};

struct wasm_global {
    union wasm_value value; /**< first: its address is the global's */
    wasm_type type;
    bool is_mutable;
    struct wasm_store *store;
    struct wasm_global *next;
};

struct wasm_tag {
    const struct wasm_function_type *type;
    uint32_t type_id;
    struct wasm_store *store;
    struct wasm_tag *next;
};

/** A thrown exception: its tag and values, type_slots() words each, in order. */
struct wasm_exception {
    struct wasm_tag *tag;
    struct wasm_exception *next; /**< of the store, newest first */
    uint32_t slot_count;
    bool is_marked;
    uint64_t slots[];
};

/** An element segment at run time; count 0 once it was dropped. */
struct wasm_element_instance {
    uint64_t *references;
    uint64_t allocated;
    uint64_t count;
};

/** A data segment at run time; size 0 once it was dropped. */
struct wasm_data_instance {
    const uint8_t *bytes;
    uint64_t size;
};

struct wasm_instance {
    const struct wasm_module *module;
    struct wasm_store *store;
    /* The index spaces, imports first. */
    struct wasm_function **functions;
    struct wasm_table **tables;
    struct wasm_memory **memories;
    struct wasm_global **globals;
    struct wasm_tag **tags;
    uint32_t *type_ids; /**< module's type index → the store's type id */
    struct wasm_element_instance *elements;
    struct wasm_data_instance *data;
    struct wasm_function *own_functions; /**< an array: those behind the imports */
    struct wasm_global *own_globals;
    struct wasm_tag *own_tags;
    void *executor_data;
    struct wasm_instance *next;
};

#endif
