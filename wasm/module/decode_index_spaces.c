/**
 * decode_index_spaces.c - the sections that fill the index spaces of functions, tables, memories,
 * tags and globals: imports and definitions (spec 5.5.5 to 5.5.9).
 */
#include "module/decode.h"

static bool add_function(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;

    if (!wasm_decode_reserve(
            decoder, (void **)&module->functions, &module->function_capacity,
            (uint64_t)module->function_count + 1, sizeof(*module->functions)) ||
        !wasm_decode_index(decoder, "type", module->type_count,
                           &module->functions[module->function_count])) {
        return false;
    }
    module->function_count++;
    return true;
}

/** Room for one more table, which the caller fills and counts. */
static bool next_table(struct wasm_decoder *decoder, struct wasm_table_type **out_table)
{
    struct wasm_module *module = decoder->module;

    if (!wasm_decode_reserve(decoder, (void **)&module->tables, &module->table_capacity,
                             (uint64_t)module->table_count + 1,
                             sizeof(*module->tables))) {
        return false;
    }
    if (module->table_count > 0 &&
        !wasm_decode_feature(decoder, WASM_FEATURE_REFERENCE_TYPES)) {
        return false;
    }
    *out_table = &module->tables[module->table_count];
    return true;
}

static bool add_imported_table(struct wasm_decoder *decoder)
{
    struct wasm_table_type *table;

    if (!next_table(decoder, &table) || !wasm_decode_table_type(decoder, table)) {
        return false;
    }
    decoder->module->table_count++;
    return true;
}

static bool add_memory(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;

    if (!wasm_decode_reserve(
            decoder, (void **)&module->memories, &module->memory_capacity,
            (uint64_t)module->memory_count + 1, sizeof(*module->memories)) ||
        !wasm_decode_memory_type(decoder, &module->memories[module->memory_count])) {
        return false;
    }
    module->memory_count++;
    return module->memory_count == 1 ||
           wasm_decode_feature(decoder, WASM_FEATURE_MULTI_MEMORY);
}

/** Room for one more global, which the caller fills and counts. */
static bool next_global(struct wasm_decoder *decoder,
                        struct wasm_global_type **out_global)
{
    struct wasm_module *module = decoder->module;

    if (!wasm_decode_reserve(
            decoder, (void **)&module->globals, &module->global_capacity,
            (uint64_t)module->global_count + 1, sizeof(*module->globals))) {
        return false;
    }
    *out_global = &module->globals[module->global_count];
    return wasm_decode_global_type(decoder, *out_global);
}

static bool add_imported_global(struct wasm_decoder *decoder)
{
    struct wasm_global_type *global;

    if (!next_global(decoder, &global)) {
        return false;
    }
    decoder->module->global_count++;
    return true;
}

static bool add_tag(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;

    if (!wasm_decode_reserve(decoder, (void **)&module->tags, &module->tag_capacity,
                             (uint64_t)module->tag_count + 1, sizeof(*module->tags)) ||
        !wasm_decode_tag_type(decoder, &module->tags[module->tag_count])) {
        return false;
    }
    module->tag_count++;
    return true;
}

/** The description of one import; gives its index in the index space of its kind. */
static bool decode_import_description(struct wasm_decoder *decoder, uint8_t kind,
                                      uint32_t *out_index)
{
    struct wasm_module *module = decoder->module;

    switch (kind) {
    case WASM_EXTERN_FUNCTION:
        *out_index = module->imported_functions++;
        return add_function(decoder);
    case WASM_EXTERN_TABLE:
        *out_index = module->imported_tables++;
        return add_imported_table(decoder);
    case WASM_EXTERN_MEMORY:
        *out_index = module->imported_memories++;
        return add_memory(decoder);
    case WASM_EXTERN_GLOBAL:
        *out_index = module->imported_globals++;
        return add_imported_global(decoder);
    case WASM_EXTERN_TAG:
        *out_index = module->imported_tags++;
        return add_tag(decoder);
    default:
        return wasm_decode_fail(decoder, WASM_MALFORMED, "malformed import kind %u",
                                kind);
    }
}

static bool decode_import(struct wasm_decoder *decoder,
                          struct wasm_import_entry *import)
{
    uint8_t kind;

    if (!wasm_decode_name(decoder, "import module name", &import->module) ||
        !wasm_decode_name(decoder, "import name", &import->name) ||
        !wasm_decode_byte(decoder, "import kind", &kind)) {
        return false;
    }
    import->kind = kind;
    return decode_import_description(decoder, kind, &import->index);
}

bool wasm_decode_import_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    uint32_t count;

    if (!wasm_decode_count(decoder, "imports", &count) ||
        !wasm_decode_reserve(decoder, (void **)&module->imports,
                             &module->import_capacity, count,
                             sizeof(*module->imports))) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!decode_import(decoder, &module->imports[i])) {
            return false;
        }
        module->import_count = i + 1;
    }
    return true;
}

bool wasm_decode_function_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    uint32_t count;

    if (!wasm_decode_count(decoder, "functions", &count) ||
        !wasm_decode_reserve(
            decoder, (void **)&module->functions, &module->function_capacity,
            (uint64_t)module->function_count + count, sizeof(*module->functions))) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!add_function(decoder)) {
            return false;
        }
    }
    return true;
}

/** One table; 0x40 0x00 in front says that an initializer follows its type. */
static bool decode_table(struct wasm_decoder *decoder)
{
    struct wasm_table_type *table;
    bool has_initializer = false;
    uint8_t zero;

    if (!next_table(decoder, &table)) {
        return false;
    }
    if (reader_left(&decoder->reader) > 0 && *decoder->reader.position == 0x40) {
        decoder->reader.position++;
        has_initializer = true;
        if (!wasm_decode_feature(decoder, WASM_FEATURE_FUNCTION_REFERENCES) ||
            !wasm_decode_byte(decoder, "0 after 0x40", &zero)) {
            return false;
        }
        if (zero != 0) {
            return wasm_decode_fail(decoder, WASM_MALFORMED,
                                    "malformed table: 0x40 0x00 expected");
        }
    }
    if (!wasm_decode_table_type(decoder, table)) {
        return false;
    }
    if (has_initializer) {
        if (!wasm_decode_constant(decoder, &table->initializer)) {
            return false;
        }
    } else if (!type_is_defaultable(table->element)) {
        return wasm_decode_fail(
            decoder, WASM_INVALID,
            "type mismatch: a table of non-nullable references needs "
            "an initializer");
    }
    decoder->module->table_count++;
    return true;
}

bool wasm_decode_table_section(struct wasm_decoder *decoder)
{
    uint32_t count;

    if (!wasm_decode_count(decoder, "tables", &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!decode_table(decoder)) {
            return false;
        }
    }
    return true;
}

bool wasm_decode_memory_section(struct wasm_decoder *decoder)
{
    uint32_t count;

    if (!wasm_decode_count(decoder, "memories", &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!add_memory(decoder)) {
            return false;
        }
    }
    return true;
}

bool wasm_decode_tag_section(struct wasm_decoder *decoder)
{
    uint32_t count;

    if (!wasm_decode_count(decoder, "tags", &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!add_tag(decoder)) {
            return false;
        }
    }
    return true;
}

bool wasm_decode_global_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    struct wasm_global_type *global;
    uint32_t count;

    if (!wasm_decode_count(decoder, "globals", &count) ||
        !wasm_decode_reserve(
            decoder, (void **)&module->globals, &module->global_capacity,
            (uint64_t)module->global_count + count, sizeof(*module->globals))) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!next_global(decoder, &global) ||
            !wasm_decode_constant(decoder, &global->initializer)) {
            return false;
        }
        module->global_count++;
    }
    return true;
}
