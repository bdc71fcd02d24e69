/**
 * decode_segments.c - start, element, data count, code and data sections (spec 5.5.11 to 5.5.16).
 */
#include "module/decode.h"

#include "module/allocate.h"

bool wasm_decode_start_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;

    return wasm_decode_index(decoder, "function", module->function_count,
                             &module->start);
}

/* --- Elements ------------------------------------------------------------------- */

enum {
    ELEMENT_NOT_ACTIVE = 1,  /* flag 0: passive or declarative */
    ELEMENT_EXPLICIT = 2,    /* flag 1: a table index, or declarative */
    ELEMENT_EXPRESSIONS = 4, /* flag 2: expressions, not function indices */
    ELEMENT_KIND_FUNCTION = 0
};

/** Mode, table and offset, as the flags say. */
static bool decode_element_mode(struct wasm_decoder *decoder, uint32_t flags,
                                struct wasm_element_segment *segment)
{
    uint32_t tables = decoder->module->table_count;

    segment->table = 0;
    segment->offset = (struct wasm_span){0, 0};
    if ((flags & ELEMENT_NOT_ACTIVE) != 0) {
        segment->mode =
            (flags & ELEMENT_EXPLICIT) != 0 ? SEGMENT_DECLARATIVE : SEGMENT_PASSIVE;
        return true;
    }
    segment->mode = SEGMENT_ACTIVE;
    if ((flags & ELEMENT_EXPLICIT) != 0) {
        return wasm_decode_index(decoder, "table", tables, &segment->table) &&
               wasm_decode_constant(decoder, &segment->offset);
    }
    if (tables == 0) {
        return wasm_decode_fail(decoder, WASM_INVALID, "unknown table 0: there are 0");
    }
    return wasm_decode_constant(decoder, &segment->offset);
}

/** The type of the items: written out, or what the short forms stand for. */
static bool decode_element_type(struct wasm_decoder *decoder, uint32_t flags,
                                struct wasm_element_segment *segment)
{
    bool references =
        (decoder->module->engine->features & WASM_FEATURE_FUNCTION_REFERENCES) != 0;
    uint8_t kind;

    segment->is_expressions = (flags & ELEMENT_EXPRESSIONS) != 0;
    /* Function indices are never null; before typed references nobody could tell. */
    segment->type = references && !segment->is_expressions
                        ? (wasm_type)(TYPE_FUNCREF | TYPE_NON_NULL)
                        : (wasm_type)TYPE_FUNCREF;
    if ((flags & (ELEMENT_NOT_ACTIVE | ELEMENT_EXPLICIT)) == 0) {
        return true;
    }
    if (segment->is_expressions) {
        return wasm_decode_reference_type(decoder, &segment->type);
    }
    if (!wasm_decode_byte(decoder, "element kind", &kind)) {
        return false;
    }
    return kind == ELEMENT_KIND_FUNCTION ||
           wasm_decode_fail(decoder, WASM_MALFORMED, "malformed element kind 0x%02x",
                            kind);
}

static bool decode_element_items(struct wasm_decoder *decoder,
                                 struct wasm_element_segment *segment)
{
    const uint8_t *first;
    uint32_t index;

    if (!wasm_decode_count(decoder, "elements", &segment->count)) {
        return false;
    }
    first = decoder->reader.position;
    for (uint32_t i = 0; i < segment->count; i++) {
        if (segment->is_expressions) {
            if (!wasm_decode_constant(decoder, &segment->items)) {
                return false;
            }
        } else {
            if (!wasm_decode_index(decoder, "function", decoder->module->function_count,
                                   &index) ||
                !wasm_decode_declare_function(decoder, index)) {
                return false;
            }
        }
    }
    segment->items.offset = (uint32_t)(first - decoder->module->bytes);
    segment->items.size = (uint32_t)(decoder->reader.position - first);
    return true;
}

static bool decode_element(struct wasm_decoder *decoder,
                           struct wasm_element_segment *segment)
{
    uint32_t flags;

    if (!wasm_decode_u32(decoder, "element segment flags", &flags)) {
        return false;
    }
    if (flags > 7) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "malformed element segment flags %u", flags);
    }
    if (flags != 0 && !wasm_decode_feature(decoder, WASM_FEATURE_BULK_MEMORY)) {
        return false;
    }
    return decode_element_mode(decoder, flags, segment) &&
           decode_element_type(decoder, flags, segment) &&
           decode_element_items(decoder, segment);
}

bool wasm_decode_element_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    uint32_t count;

    if (!wasm_decode_count(decoder, "element segments", &count)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    module->element_capacity = count;
    module->elements =
        wasm_allocate(decoder->platform, count, sizeof(*module->elements));
    if (module->elements == NULL) {
        return wasm_decode_no_memory(decoder, "element segments");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!decode_element(decoder, &module->elements[i])) {
            return false;
        }
        module->element_count = i + 1;
    }
    return true;
}

/* --- Data ----------------------------------------------------------------------- */

bool wasm_decode_data_count_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;

    module->has_data_count = true;
    return wasm_decode_feature(decoder, WASM_FEATURE_BULK_MEMORY) &&
           wasm_decode_u32(decoder, "data count", &module->data_count);
}

/** Flags 0 active in memory 0, 1 passive, 2 active with a memory index. */
static bool decode_data(struct wasm_decoder *decoder, struct wasm_data_segment *segment)
{
    uint32_t memories = decoder->module->memory_count;
    const uint8_t *bytes;
    uint32_t flags;

    *segment = (struct wasm_data_segment){.mode = SEGMENT_ACTIVE};
    if (!wasm_decode_u32(decoder, "data segment flags", &flags)) {
        return false;
    }
    if (flags > 2) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "malformed data segment flags %u", flags);
    }
    if (flags != 0 && !wasm_decode_feature(decoder, WASM_FEATURE_BULK_MEMORY)) {
        return false;
    }
    if (flags == 1) {
        segment->mode = SEGMENT_PASSIVE;
    } else {
        if (flags == 2 &&
            !wasm_decode_index(decoder, "memory", memories, &segment->memory)) {
            return false;
        }
        if (memories == 0) {
            return wasm_decode_fail(decoder, WASM_INVALID,
                                    "unknown memory 0: there are 0");
        }
        if (!wasm_decode_constant(decoder, &segment->offset)) {
            return false;
        }
    }
    if (!wasm_decode_u32(decoder, "data size", &segment->contents.size)) {
        return false;
    }
    segment->contents.offset =
        (uint32_t)(decoder->reader.position - decoder->module->bytes);
    return reader_bytes(&decoder->reader, segment->contents.size, &bytes) ||
           wasm_decode_fail(decoder, WASM_MALFORMED,
                            "unexpected end: %u bytes of data expected",
                            segment->contents.size);
}

bool wasm_decode_data_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    uint32_t count;

    if (!wasm_decode_count(decoder, "data segments", &count)) {
        return false;
    }
    if (module->has_data_count && module->data_count != count) {
        return wasm_decode_fail(
            decoder, WASM_MALFORMED,
            "data count and data section have inconsistent lengths: %u and %u",
            module->data_count, count);
    }
    module->data_count = count;
    module->data_capacity = count;
    if (count == 0) {
        return true;
    }
    module->data = wasm_allocate(decoder->platform, count, sizeof(*module->data));
    if (module->data == NULL) {
        return wasm_decode_no_memory(decoder, "data segments");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!decode_data(decoder, &module->data[i])) {
            return false;
        }
    }
    return true;
}

/* --- Code ----------------------------------------------------------------------- */

bool wasm_decode_code_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    const uint8_t *bytes;
    uint32_t count;

    if (!wasm_decode_count(decoder, "function bodies", &count)) {
        return false;
    }
    if (count != module->function_count - module->imported_functions) {
        return wasm_decode_fail(
            decoder, WASM_MALFORMED,
            "function and code section have inconsistent lengths: %u "
            "and %u",
            module->function_count - module->imported_functions, count);
    }
    if (count == 0) {
        return true;
    }
    module->bodies =
        wasm_allocate_zeroed(decoder->platform, count, sizeof(*module->bodies));
    if (module->bodies == NULL) {
        return wasm_decode_no_memory(decoder, "function bodies");
    }
    module->body_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct wasm_body *body = &module->bodies[i];

        if (!wasm_decode_u32(decoder, "body size", &body->size)) {
            return false;
        }
        body->offset = (uint32_t)(decoder->reader.position - module->bytes);
        if (!reader_bytes(&decoder->reader, body->size, &bytes)) {
            return wasm_decode_fail(
                decoder, WASM_MALFORMED,
                "unexpected end: function body %u is said to have %u "
                "bytes",
                i, body->size);
        }
    }
    return true;
}
