/**
 * decode.c - the header, the order of sections, and the decoder's primitives.
 */
#include "module/decode.h"

#include "core/format.h"
#include "module/allocate.h"

enum { MODULE_VERSION = 1, HEADER_SIZE = 8, COMPONENT_LAYER = 1 };

static uint64_t decoder_offset(const struct wasm_decoder *decoder)
{
    return (uint64_t)(decoder->reader.position - decoder->module->bytes);
}

bool wasm_decode_fail(struct wasm_decoder *decoder, enum wasm_status status,
                      const char *format, ...)
{
    char message[sizeof(((struct wasm_error *)NULL)->message)];
    va_list arguments;

    va_start(arguments, format);
    format_buffer_v(message, sizeof(message), format, arguments);
    va_end(arguments);
    wasm_error_set(
        decoder->error, status,
        (struct wasm_place){decoder->section, WASM_NO_INDEX, decoder_offset(decoder)},
        "%s", message);
    return false;
}

bool wasm_decode_no_memory(struct wasm_decoder *decoder, const char *what)
{
    return wasm_decode_fail(decoder, WASM_OUT_OF_MEMORY, "no memory for %s", what);
}

bool wasm_decode_feature(struct wasm_decoder *decoder, uint32_t feature)
{
    decoder->module->features |= feature;
    if ((feature & ~decoder->module->engine->features) == 0) {
        return true;
    }
    if (feature == WASM_FEATURE_GC || feature == WASM_FEATURE_THREADS) {
        return wasm_decode_fail(
            decoder, WASM_UNSUPPORTED,
            "the module needs the proposal \"%s\", which this engine "
            "does not have",
            wasm_feature_text((enum wasm_feature)feature));
    }
    return wasm_decode_fail(
        decoder, WASM_UNSUPPORTED,
        "the module needs the proposal \"%s\", which is switched off",
        wasm_feature_text((enum wasm_feature)feature));
}

bool wasm_decode_byte(struct wasm_decoder *decoder, const char *what, uint8_t *out_byte)
{
    if (!reader_byte(&decoder->reader, out_byte)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED, "unexpected end: %s expected",
                                what);
    }
    return true;
}

bool wasm_decode_u32(struct wasm_decoder *decoder, const char *what,
                     uint32_t *out_value)
{
    if (!reader_u32(&decoder->reader, out_value)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "unexpected end or bad integer: %s expected, a u32",
                                what);
    }
    return true;
}

bool wasm_decode_count(struct wasm_decoder *decoder, const char *what,
                       uint32_t *out_count)
{
    if (!wasm_decode_u32(decoder, what, out_count)) {
        return false;
    }
    if (*out_count > reader_left(&decoder->reader)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "unexpected end: %u of %s do not fit what is left",
                                *out_count, what);
    }
    return true;
}

bool wasm_decode_index(struct wasm_decoder *decoder, const char *what, uint32_t limit,
                       uint32_t *out_index)
{
    if (!wasm_decode_u32(decoder, what, out_index)) {
        return false;
    }
    if (*out_index >= limit) {
        return wasm_decode_fail(decoder, WASM_INVALID, "unknown %s %u: there are %u",
                                what, *out_index, limit);
    }
    return true;
}

bool wasm_decode_name(struct wasm_decoder *decoder, const char *what,
                      struct wasm_span *out_name)
{
    const uint8_t *bytes;
    uint32_t size;

    if (!wasm_decode_u32(decoder, what, &size)) {
        return false;
    }
    if (!reader_bytes(&decoder->reader, size, &bytes)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "unexpected end: %s of %u bytes expected", what, size);
    }
    if (!reader_utf8_valid(bytes, size)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED, "malformed UTF-8 in %s", what);
    }
    out_name->offset = (uint32_t)(bytes - decoder->module->bytes);
    out_name->size = size;
    return true;
}

bool wasm_decode_reserve(struct wasm_decoder *decoder, void **array, uint32_t *capacity,
                         uint64_t needed, size_t size)
{
    return wasm_reserve(decoder->platform, array, capacity, needed, size) ||
           wasm_decode_no_memory(decoder, wasm_section_text(decoder->section));
}

static bool decode_header(struct wasm_decoder *decoder)
{
    static const uint8_t magic[4] = {0x00, 'a', 's', 'm'};
    const uint8_t *bytes;

    decoder->section = WASM_SECTION_HEADER;
    if (reader_left(&decoder->reader) < sizeof(magic) ||
        memcmp(decoder->reader.position, magic, sizeof(magic)) != 0) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "magic header not detected: not a WebAssembly binary "
                                "(those begin with 00 61 73 6d)");
    }
    if (!reader_bytes(&decoder->reader, HEADER_SIZE, &bytes)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "unexpected end: version expected");
    }
    if (bytes_load_le16(bytes + 6) == COMPONENT_LAYER) {
        return wasm_decode_fail(
            decoder, WASM_UNSUPPORTED,
            "this is a component (component model, layer 1, version %u), not a core "
            "module: extract or build the core module",
            bytes_load_le16(bytes + 4));
    }
    if (bytes_load_le32(bytes + 4) != MODULE_VERSION) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "unknown binary version %u: 1 expected",
                                bytes_load_le32(bytes + 4));
    }
    return true;
}

/** A custom section: its name must be one; "name" is remembered, all else skipped. */
static bool decode_custom_section(struct wasm_decoder *decoder)
{
    static const char name_section[] = "name";
    struct wasm_span name;

    if (!wasm_decode_name(decoder, "custom section name", &name)) {
        return false;
    }
    if (name.size == sizeof(name_section) - 1 &&
        memcmp(module_bytes(decoder->module, name), name_section, name.size) == 0) {
        decoder->module->name_section.offset = (uint32_t)decoder_offset(decoder);
        decoder->module->name_section.size = (uint32_t)reader_left(&decoder->reader);
    }
    decoder->reader.position = decoder->reader.end;
    return true;
}

typedef bool (*section_decoder)(struct wasm_decoder *decoder);

/** Each section's place in the order (spec 5.5.2) and its decoder. */
static const struct {
    uint8_t place;
    section_decoder decode;
} sections[] = {
    [WASM_SECTION_CUSTOM] = {0, decode_custom_section},
    [WASM_SECTION_TYPE] = {1, wasm_decode_type_section},
    [WASM_SECTION_IMPORT] = {2, wasm_decode_import_section},
    [WASM_SECTION_FUNCTION] = {3, wasm_decode_function_section},
    [WASM_SECTION_TABLE] = {4, wasm_decode_table_section},
    [WASM_SECTION_MEMORY] = {5, wasm_decode_memory_section},
    [WASM_SECTION_TAG] = {6, wasm_decode_tag_section},
    [WASM_SECTION_GLOBAL] = {7, wasm_decode_global_section},
    [WASM_SECTION_EXPORT] = {8, wasm_decode_export_section},
    [WASM_SECTION_START] = {9, wasm_decode_start_section},
    [WASM_SECTION_ELEMENT] = {10, wasm_decode_element_section},
    [WASM_SECTION_DATA_COUNT] = {11, wasm_decode_data_count_section},
    [WASM_SECTION_CODE] = {12, wasm_decode_code_section},
    [WASM_SECTION_DATA] = {13, wasm_decode_data_section},
};

/** One section; *@p last_place is the place of the one before it. */
static bool decode_section(struct wasm_decoder *decoder, uint8_t *last_place)
{
    const uint8_t *end = decoder->reader.end;
    const uint8_t *contents;
    uint8_t id;
    uint32_t size;

    decoder->section = WASM_SECTION_NONE;
    if (!wasm_decode_byte(decoder, "section id", &id)) {
        return false;
    }
    if (id >= sizeof(sections) / sizeof(sections[0])) {
        return wasm_decode_fail(decoder, WASM_MALFORMED, "malformed section id %u", id);
    }
    decoder->section = (enum wasm_section)id;
    if (!wasm_decode_u32(decoder, "section size", &size)) {
        return false;
    }
    if (!reader_bytes(&decoder->reader, size, &contents)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "unexpected end: section size %u, length out of bounds",
                                size);
    }
    if (id != WASM_SECTION_CUSTOM) {
        if (sections[id].place <= *last_place) {
            return wasm_decode_fail(
                decoder, WASM_MALFORMED,
                "unexpected content: section %s stands after a later "
                "one, or twice",
                wasm_section_text(decoder->section));
        }
        *last_place = sections[id].place;
    }
    decoder->reader = (struct wasm_reader){contents, contents + size};
    if (!sections[id].decode(decoder)) {
        return false;
    }
    if (decoder->reader.position != decoder->reader.end) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "section size mismatch: %zu bytes left over",
                                reader_left(&decoder->reader));
    }
    decoder->reader.end = end;
    return true;
}

/** What only the whole module shows: counts of sections that belong together. */
static bool decode_check_counts(struct wasm_decoder *decoder)
{
    const struct wasm_module *module = decoder->module;
    uint32_t declared = module->function_count - module->imported_functions;

    if (module->body_count != declared) {
        decoder->section = WASM_SECTION_CODE;
        return wasm_decode_fail(
            decoder, WASM_MALFORMED,
            "function and code section have inconsistent lengths: %u "
            "and %u",
            declared, module->body_count);
    }
    if (module->data_capacity != module->data_count) {
        decoder->section = WASM_SECTION_DATA;
        return wasm_decode_fail(
            decoder, WASM_MALFORMED,
            "data count and data section have inconsistent lengths: "
            "%u and %u",
            module->data_count, module->data_capacity);
    }
    return true;
}

bool wasm_decode(struct wasm_decoder *decoder)
{
    uint8_t last_place = 0;

    if (!decode_header(decoder)) {
        return false;
    }
    while (decoder->reader.position != decoder->reader.end) {
        if (!decode_section(decoder, &last_place)) {
            return false;
        }
    }
    return decode_check_counts(decoder);
}
