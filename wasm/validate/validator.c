/**
 * validator.c - the operand and control stacks, immediates and errors of the validator.
 */
#include "validate/validator.h"

#include "core/format.h"
#include "module/allocate.h"
#include "module/decode.h"
#include "module/print.h"

enum {
    OPERANDS_BELOW = 2 /* readable words below the first operand, for the fast path */
};

struct wasm_validator *wasm_validator_create(struct wasm_module *module,
                                             struct wasm_error *error)
{
    const struct wasm_platform *platform = &module->engine->platform;
    struct wasm_validator *v = wasm_allocate_zeroed(platform, 1, sizeof(*v));

    if (v == NULL) {
        wasm_error_set(error, WASM_OUT_OF_MEMORY, wasm_no_place(),
                       "no memory for the validator");
        return NULL;
    }
    v->module = module;
    v->platform = platform;
    v->error = error;
    v->function = WASM_NO_INDEX;
    v->instruction = module->bytes;
    if (!validate_reserve_operands(v, 64)) {
        wasm_validator_release(v);
        return NULL;
    }
    validate_build_entries(v);
    return v;
}

void wasm_validator_release(struct wasm_validator *v)
{
    if (v == NULL) {
        return;
    }
    if (v->operands != NULL) {
        wasm_release(v->platform, v->operands - OPERANDS_BELOW,
                     v->operand_capacity + OPERANDS_BELOW, sizeof(*v->operands));
    }
    wasm_release(v->platform, v->controls, v->control_capacity, sizeof(*v->controls));
    wasm_release(v->platform, v->runs, v->run_capacity, sizeof(*v->runs));
    wasm_release(v->platform, v->set_locals, v->set_capacity, sizeof(*v->set_locals));
    wasm_release(v->platform, v->init_stack, v->init_capacity, sizeof(*v->init_stack));
    wasm_release(v->platform, v, 1, sizeof(*v));
}

void wasm_validator_set_plain(struct wasm_validator *v, bool is_plain)
{
    v->is_plain = is_plain;
}

/* --- Errors --------------------------------------------------------------------- */

bool validate_fail(struct wasm_validator *v, enum wasm_status status,
                   const char *format, ...)
{
    char message[sizeof(((struct wasm_error *)NULL)->message)];
    va_list arguments;

    va_start(arguments, format);
    format_buffer_v(message, sizeof(message), format, arguments);
    va_end(arguments);
    wasm_error_set(v->error, status,
                   (struct wasm_place){v->section, v->function,
                                       (uint64_t)(v->instruction - v->module->bytes)},
                   "%s", message);
    return false;
}

bool validate_no_memory(struct wasm_validator *v)
{
    return validate_fail(v, WASM_OUT_OF_MEMORY, "no memory for the validator's stacks");
}

static const char *opcode_name(const struct wasm_validator *v)
{
    const char *name = wasm_opcodes[v->opcode].name;

    return name != NULL ? name : "expression";
}

bool validate_mismatch(struct wasm_validator *v, wasm_type found, wasm_type expected)
{
    char found_text[32];
    char expected_text[32];

    wasm_type_print(found, found_text, sizeof(found_text));
    wasm_type_print(expected, expected_text, sizeof(expected_text));
    return validate_fail(v, WASM_INVALID, "type mismatch: %s expects %s but found %s",
                         opcode_name(v), expected_text, found_text);
}

bool validate_underflow(struct wasm_validator *v, const char *expected)
{
    return validate_fail(v, WASM_INVALID,
                         "type mismatch: %s expects %s but the operand stack is empty",
                         opcode_name(v), expected);
}

bool validate_feature(struct wasm_validator *v, uint32_t feature)
{
    v->module->features |= feature;
    if ((feature & ~v->module->engine->features) == 0) {
        return true;
    }
    return validate_fail(v, WASM_UNSUPPORTED, "%s needs the proposal \"%s\", which %s",
                         opcode_name(v), wasm_feature_text((enum wasm_feature)feature),
                         (feature & WASM_FEATURES_ALL) != 0
                             ? "is switched off"
                             : "this engine does not have");
}

/* --- Operands ------------------------------------------------------------------- */

bool validate_reserve_operands(struct wasm_validator *v, uint32_t count)
{
    uint64_t needed = (uint64_t)v->height + count;
    wasm_type *base = v->operands == NULL ? NULL : v->operands - OPERANDS_BELOW;
    uint32_t capacity = base == NULL ? 0 : v->operand_capacity + OPERANDS_BELOW;

    if (base != NULL && needed <= v->operand_capacity) {
        return true;
    }
    if (!wasm_reserve(v->platform, (void **)&base, &capacity, needed + OPERANDS_BELOW,
                      sizeof(*base))) {
        return validate_no_memory(v);
    }
    memset(base, 0, OPERANDS_BELOW * sizeof(*base));
    v->operands = base + OPERANDS_BELOW;
    v->operand_capacity = capacity - OPERANDS_BELOW;
    return true;
}

bool validate_push(struct wasm_validator *v, wasm_type type)
{
    if (!validate_reserve_operands(v, 1)) {
        return false;
    }
    if (type == TYPE_V128) {
        v->flags |= BODY_VECTORS;
    }
    v->operands[v->height++] = type;
    return true;
}

bool validate_push_list(struct wasm_validator *v, struct type_list list)
{
    if (!validate_reserve_operands(v, list.count)) {
        return false;
    }
    for (uint32_t i = 0; i < list.count; i++) {
        wasm_type type = type_list_at(&list, i);

        if (type == TYPE_V128) {
            v->flags |= BODY_VECTORS;
        }
        v->operands[v->height++] = type;
    }
    return true;
}

bool validate_pop_any(struct wasm_validator *v, wasm_type *out_type)
{
    const struct control_frame *frame = validate_frame(v);

    if (v->height == frame->height) {
        if (!frame->is_unreachable) {
            return validate_underflow(v, "an operand");
        }
        *out_type = TYPE_BOTTOM;
        return true;
    }
    *out_type = v->operands[--v->height];
    return true;
}

bool validate_pop(struct wasm_validator *v, wasm_type expected)
{
    const struct control_frame *frame = validate_frame(v);
    char text[32];
    wasm_type found;

    if (v->height == frame->height) {
        if (frame->is_unreachable) {
            return true;
        }
        wasm_type_print(expected, text, sizeof(text));
        return validate_underflow(v, text);
    }
    found = v->operands[--v->height];
    return type_matches(found, expected) || validate_mismatch(v, found, expected);
}

bool validate_pop_list(struct wasm_validator *v, struct type_list list)
{
    for (uint32_t i = list.count; i > 0; i--) {
        if (!validate_pop(v, type_list_at(&list, i - 1))) {
            return false;
        }
    }
    return true;
}

bool validate_retype(struct wasm_validator *v, struct type_list list)
{
    return validate_pop_list(v, list) && validate_push_list(v, list);
}

/* --- Immediates ----------------------------------------------------------------- */

bool validate_u32(struct wasm_validator *v, uint32_t *out_value)
{
    return reader_u32(&v->reader, out_value) ||
           validate_fail(v, WASM_MALFORMED,
                         "unexpected end or bad integer: %s expects a u32",
                         opcode_name(v));
}

bool validate_byte(struct wasm_validator *v, uint8_t *out_byte)
{
    return reader_byte(&v->reader, out_byte) ||
           validate_fail(v, WASM_MALFORMED, "unexpected end: %s expects a byte",
                         opcode_name(v));
}

bool validate_index(struct wasm_validator *v, const char *what, uint32_t limit,
                    uint32_t *out_index)
{
    if (!validate_u32(v, out_index)) {
        return false;
    }
    return *out_index < limit ||
           validate_fail(v, WASM_INVALID, "unknown %s %u: there are %u", what,
                         *out_index, limit);
}

/**
 * Types are read by the decoder, which bodies share: its errors would lack the function,
 * so the place is filled in again.
 */
static bool read_type(struct wasm_validator *v, bool is_heap_type, wasm_type *out_type)
{
    struct wasm_decoder decoder = {.module = v->module,
                                   .platform = v->platform,
                                   .reader = v->reader,
                                   .section = v->section,
                                   .error = v->error};
    bool fine = is_heap_type
                    ? wasm_decode_heap_type(&decoder, v->module->type_count, out_type)
                    : wasm_decode_value_type(&decoder, out_type);

    v->reader = decoder.reader;
    if (!fine && v->error != NULL) {
        v->error->function = v->function;
    }
    return fine;
}

bool validate_value_type(struct wasm_validator *v, wasm_type *out_type)
{
    return read_type(v, false, out_type);
}

bool validate_heap_type(struct wasm_validator *v, wasm_type *out_type)
{
    return read_type(v, true, out_type);
}
