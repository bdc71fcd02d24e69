/**
 * decode_types.c - value types, limits and the types of external things (spec 5.3).
 */
#include "module/decode.h"

enum { FORM_REF_NULL = 0x63, FORM_REF = 0x64, PAGES_MAX_32 = 1 << 16 };

#define PAGES_MAX_64 ((uint64_t)1 << 48)

/** Type codes of proposals that are refused by name. */
static uint32_t refused_proposal(uint8_t byte)
{
    switch (byte) {
    case 0x4E: /* rec */
    case 0x4F: /* sub final */
    case 0x50: /* sub */
    case 0x5E: /* array */
    case 0x5F: /* struct */
    case 0x6A: /* array */
    case 0x6B: /* struct */
    case 0x6C: /* i31 */
    case 0x6D: /* eq */
    case 0x6E: /* any */
    case 0x71: /* none */
    case 0x72: /* noextern */
    case 0x73: /* nofunc */
    case 0x74: /* noexn */
    case 0x77: /* i16, packed */
    case 0x78: /* i8, packed */
        return WASM_FEATURE_GC;
    default:
        return 0;
    }
}

bool wasm_decode_unknown_type(struct wasm_decoder *decoder, const char *what,
                              uint8_t byte)
{
    uint32_t proposal = refused_proposal(byte);

    if (proposal != 0) {
        return wasm_decode_feature(decoder, proposal);
    }
    return wasm_decode_fail(decoder, WASM_MALFORMED, "malformed %s 0x%02x", what, byte);
}

/** Notes the proposal that brought an abstract reference type. */
static bool abstract_reference(struct wasm_decoder *decoder, uint8_t code,
                               wasm_type *out_type)
{
    switch (code) {
    case WASM_FUNCREF:
        *out_type = TYPE_FUNCREF;
        return true;
    case WASM_EXTERNREF:
        *out_type = TYPE_EXTERNREF;
        return wasm_decode_feature(decoder, WASM_FEATURE_REFERENCE_TYPES);
    case WASM_EXNREF:
        *out_type = TYPE_EXNREF;
        return wasm_decode_feature(decoder, WASM_FEATURE_EXCEPTIONS);
    default:
        return wasm_decode_unknown_type(decoder, "reference type", code);
    }
}

bool wasm_decode_heap_type(struct wasm_decoder *decoder, uint32_t type_limit,
                           wasm_type *out_type)
{
    int64_t code;

    if (!reader_signed(&decoder->reader, 33, &code)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "unexpected end or bad integer: heap type expected");
    }
    if (code < 0) {
        if (code < -64) {
            return wasm_decode_fail(decoder, WASM_MALFORMED, "malformed heap type");
        }
        return abstract_reference(decoder, (uint8_t)(code & 0x7F), out_type);
    }
    if (code >= type_limit) {
        return wasm_decode_fail(decoder, WASM_INVALID,
                                "unknown type %lld: there are %u", (long long)code,
                                type_limit);
    }
    *out_type = type_of_index(decoder->module->canonical_types[code]);
    return wasm_decode_feature(decoder, WASM_FEATURE_FUNCTION_REFERENCES);
}

bool wasm_decode_value_type_below(struct wasm_decoder *decoder, uint32_t type_limit,
                                  wasm_type *out_type)
{
    uint8_t code;

    if (!wasm_decode_byte(decoder, "value type", &code)) {
        return false;
    }
    switch (code) {
    case WASM_I32:
    case WASM_I64:
    case WASM_F32:
    case WASM_F64:
        *out_type = code;
        return true;
    case WASM_V128:
        *out_type = TYPE_V128;
        return wasm_decode_feature(decoder, WASM_FEATURE_SIMD);
    case WASM_FUNCREF:
        *out_type = TYPE_FUNCREF;
        return wasm_decode_feature(decoder, WASM_FEATURE_REFERENCE_TYPES);
    case FORM_REF_NULL:
        return wasm_decode_feature(decoder, WASM_FEATURE_FUNCTION_REFERENCES) &&
               wasm_decode_heap_type(decoder, type_limit, out_type);
    case FORM_REF:
        if (!wasm_decode_feature(decoder, WASM_FEATURE_FUNCTION_REFERENCES) ||
            !wasm_decode_heap_type(decoder, type_limit, out_type)) {
            return false;
        }
        *out_type |= TYPE_NON_NULL;
        return true;
    case WASM_EXTERNREF:
    case WASM_EXNREF:
        return abstract_reference(decoder, code, out_type);
    default:
        return wasm_decode_unknown_type(decoder, "value type", code);
    }
}

bool wasm_decode_value_type(struct wasm_decoder *decoder, wasm_type *out_type)
{
    return wasm_decode_value_type_below(decoder, decoder->module->type_count, out_type);
}

bool wasm_decode_reference_type(struct wasm_decoder *decoder, wasm_type *out_type)
{
    if (reader_left(&decoder->reader) > 0 &&
        *decoder->reader.position == WASM_FUNCREF) {
        decoder->reader.position++;
        *out_type = TYPE_FUNCREF;
        return true;
    }
    if (!wasm_decode_value_type(decoder, out_type)) {
        return false;
    }
    if (!type_is_reference(*out_type)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "malformed reference type 0x%02x",
                                (unsigned)type_kind(*out_type));
    }
    return true;
}

/** One bound, of as many bits as the address type has. */
static bool decode_bound(struct wasm_decoder *decoder, bool is_64, uint64_t *out_bound)
{
    if (!reader_unsigned(&decoder->reader, is_64 ? 64 : 32, out_bound)) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "unexpected end or bad integer: limit expected");
    }
    return true;
}

/** Limits; @p largest_32 and @p largest_64 bound them for each address type. */
static bool decode_limits(struct wasm_decoder *decoder, const char *what,
                          uint64_t largest_32, uint64_t largest_64,
                          struct wasm_limits_spec *out_limits)
{
    uint64_t largest;
    uint8_t flags;

    if (!wasm_decode_byte(decoder, "limits", &flags)) {
        return false;
    }
    if (flags > 7) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "malformed limits flags 0x%02x", flags);
    }
    if ((flags & 2) != 0 && !wasm_decode_feature(decoder, WASM_FEATURE_THREADS)) {
        return false;
    }
    out_limits->has_maximum = (flags & 1) != 0;
    out_limits->is_64 = (flags & 4) != 0;
    if (out_limits->is_64 && !wasm_decode_feature(decoder, WASM_FEATURE_MEMORY64)) {
        return false;
    }
    largest = out_limits->is_64 ? largest_64 : largest_32;
    out_limits->maximum = largest;
    if (!decode_bound(decoder, out_limits->is_64, &out_limits->minimum) ||
        (out_limits->has_maximum &&
         !decode_bound(decoder, out_limits->is_64, &out_limits->maximum))) {
        return false;
    }
    if (out_limits->minimum > largest || out_limits->maximum > largest) {
        return wasm_decode_fail(decoder, WASM_INVALID, "%s size must be at most %llu",
                                what, (unsigned long long)largest);
    }
    if (out_limits->minimum > out_limits->maximum) {
        return wasm_decode_fail(decoder, WASM_INVALID,
                                "size minimum must not be greater than maximum");
    }
    return true;
}

bool wasm_decode_table_type(struct wasm_decoder *decoder,
                            struct wasm_table_type *out_type)
{
    out_type->initializer = (struct wasm_span){0, 0};
    return wasm_decode_reference_type(decoder, &out_type->element) &&
           decode_limits(decoder, "table", UINT32_MAX, UINT64_MAX, &out_type->limits);
}

bool wasm_decode_memory_type(struct wasm_decoder *decoder,
                             struct wasm_limits_spec *out_limits)
{
    return decode_limits(decoder, "memory", PAGES_MAX_32, PAGES_MAX_64, out_limits);
}

bool wasm_decode_global_type(struct wasm_decoder *decoder,
                             struct wasm_global_type *out_type)
{
    uint8_t mutability;

    out_type->initializer = (struct wasm_span){0, 0};
    if (!wasm_decode_value_type(decoder, &out_type->type) ||
        !wasm_decode_byte(decoder, "mutability", &mutability)) {
        return false;
    }
    if (mutability > 1) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "malformed mutability 0x%02x: 0 or 1 expected",
                                mutability);
    }
    out_type->is_mutable = mutability == 1;
    return true;
}

bool wasm_decode_tag_type(struct wasm_decoder *decoder, uint32_t *out_type_index)
{
    uint8_t attribute;

    if (!wasm_decode_feature(decoder, WASM_FEATURE_EXCEPTIONS) ||
        !wasm_decode_byte(decoder, "tag attribute", &attribute)) {
        return false;
    }
    if (attribute != 0) {
        return wasm_decode_fail(decoder, WASM_MALFORMED,
                                "malformed tag attribute 0x%02x", attribute);
    }
    if (!wasm_decode_index(decoder, "type", decoder->module->type_count,
                           out_type_index)) {
        return false;
    }
    if (decoder->module->types[*out_type_index].result_count != 0) {
        return wasm_decode_fail(decoder, WASM_INVALID,
                                "non-empty tag result type: type %u has results",
                                *out_type_index);
    }
    return true;
}
