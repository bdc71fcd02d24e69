/**
 * module.h - a decoded module: what the binary format says, compactly (spec 2.5).
 *
 * Interface: everything that later stages read. Written by module/ and validate/ during
 * wasm_module_load(), constant afterwards. Index spaces begin with the imports, as in the
 * specification. Expressions, names and segment contents stay in the module's bytes and are
 * kept as offsets, so that a module of 100,000 functions costs little more than its bytes:
 * 28 bytes a function.
 */
#ifndef WASM_MODULE_MODULE_H
#define WASM_MODULE_MODULE_H

#include "module/types.h"

/** The platform and what modules may use; constant once made. */
struct wasm_engine {
    struct wasm_platform platform;
    uint32_t features;
    bool guarded_memory; /**< the platform has guard pages and they are wanted */
};

/** [offset, offset + size) of the module's bytes. */
struct wasm_span {
    uint32_t offset;
    uint32_t size;
};

/** What the validator found out about a body, for whoever translates it. */
enum wasm_body_flag {
    BODY_CALLS = 1 << 0,      /**< has a call of any kind */
    BODY_LOOPS = 1 << 1,      /**< has a loop */
    BODY_VECTORS = 1 << 2,    /**< has a v128 among locals or operands */
    BODY_EXCEPTIONS = 1 << 3, /**< has a try, try_table, throw or throw_ref */
    BODY_MEMORY = 1 << 4      /**< accesses a memory */
};

/** One function of the code section. See validate/validate.h for the last four fields. */
struct wasm_body {
    uint32_t offset;       /**< of the local declarations, in the module's bytes */
    uint32_t size;         /**< to and with the last `end` */
    uint32_t local_count;  /**< parameters included */
    uint32_t max_operands; /**< highest operand stack, in values */
    uint32_t max_labels; /**< deepest nesting of labels, the function's own included */
    uint32_t flags;      /**< wasm_body_flag */
};

struct wasm_table_type {
    struct wasm_limits_spec limits;
    wasm_type element;
    struct wasm_span initializer; /**< constant expression; size 0: null elements */
};

struct wasm_global_type {
    wasm_type type;
    bool is_mutable;
    struct wasm_span initializer; /**< constant expression; size 0 for an import */
};

enum wasm_segment_mode { SEGMENT_ACTIVE, SEGMENT_PASSIVE, SEGMENT_DECLARATIVE };

struct wasm_element_segment {
    enum wasm_segment_mode mode;
    wasm_type type;
    uint32_t table;
    uint32_t count;
    bool is_expressions; /**< items are constant expressions, else function indices */
    struct wasm_span offset; /**< constant expression; active only */
    struct wasm_span items;
};

struct wasm_data_segment {
    enum wasm_segment_mode mode;
    uint32_t memory;
    struct wasm_span offset; /**< constant expression; active only */
    struct wasm_span contents;
};

/** An import; the object's type is in the module's index space of its kind. */
struct wasm_import_entry {
    struct wasm_span module;
    struct wasm_span name;
    uint32_t index;
    uint32_t kind; /**< wasm_extern_kind */
};

struct wasm_export_entry {
    struct wasm_span name;
    uint32_t index;
    uint32_t kind; /**< wasm_extern_kind */
};

struct wasm_module {
    const struct wasm_engine *engine;
    const uint8_t *bytes;
    uint64_t size;
    uint32_t features; /**< WASM_FEATURE_* used */

    struct wasm_function_type *types; /**< concrete references within are canonical */
    uint32_t *canonical_types;        /**< index of the first equal type */
    uint32_t type_count;
    uint32_t type_capacity;
    uint32_t canonical_capacity;

    struct wasm_import_entry *imports;
    uint32_t import_count;
    uint32_t import_capacity;
    uint32_t imported_functions;
    uint32_t imported_tables;
    uint32_t imported_memories;
    uint32_t imported_globals;
    uint32_t imported_tags;

    uint32_t *functions; /**< type index of each function, imports first */
    uint32_t function_count;
    uint32_t function_capacity;
    struct wasm_body *bodies; /**< of the functions behind the imports */
    uint32_t body_count;

    struct wasm_table_type *tables;
    uint32_t table_count;
    uint32_t table_capacity;
    struct wasm_limits_spec *memories;
    uint32_t memory_count;
    uint32_t memory_capacity;
    struct wasm_global_type *globals;
    uint32_t global_count;
    uint32_t global_capacity;
    uint32_t *tags; /**< type index of each */
    uint32_t tag_count;
    uint32_t tag_capacity;

    struct wasm_export_entry *exports;
    uint32_t *export_order; /**< indices of exports, sorted by name: no two are equal */
    uint32_t export_count;
    uint32_t export_capacity;

    struct wasm_element_segment *elements;
    uint32_t element_count;
    uint32_t element_capacity;
    struct wasm_data_segment *data;
    uint32_t data_count; /**< set by the data count section, if there is one */
    uint32_t data_capacity;

    uint64_t
        *declared_functions; /**< bit set: may stand in ref.func (spec 3.4.10 C.refs) */
    uint32_t start;          /**< function index, or WASM_NO_INDEX */
    bool has_data_count;     /**< data_count is known before the code section */
    struct wasm_span
        name_section; /**< contents of "name", not looked at before it is needed */

    wasm_type *type_words; /**< where `types[].types` point */
    uint32_t type_word_capacity;
};

/** First byte of a span. */
static inline const uint8_t *module_bytes(const struct wasm_module *module,
                                          struct wasm_span span)
{
    return module->bytes + span.offset;
}

/** The type of function @p index, below function_count. */
static inline const struct wasm_function_type *
module_function_type(const struct wasm_module *module, uint32_t index)
{
    return &module->types[module->functions[index]];
}

/** The body of function @p index, which is not imported. */
static inline const struct wasm_body *module_body(const struct wasm_module *module,
                                                  uint32_t index)
{
    return &module->bodies[index - module->imported_functions];
}

/** The export @p name, or NULL. */
const struct wasm_export_entry *
wasm_module_find_export(const struct wasm_module *module, struct wasm_name name);

#endif
