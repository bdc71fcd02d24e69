/**
 * control.c - blocks and branches (spec 3.4.8).
 */
#include "validate/validator.h"

#include "module/allocate.h"

bool validate_push_control(struct wasm_validator *v, uint32_t opcode,
                           struct type_list parameters, struct type_list results)
{
    if (!wasm_reserve(v->platform, (void **)&v->controls, &v->control_capacity,
                      (uint64_t)v->control_count + 1, sizeof(*v->controls))) {
        return validate_no_memory(v);
    }
    v->controls[v->control_count++] = (struct control_frame){
        .parameters = parameters,
        .results = results,
        .height = v->height,
        .init_height = v->init_count,
        .opcode = (uint16_t)opcode,
    };
    if (v->control_count > v->max_controls) {
        v->max_controls = v->control_count;
    }
    return validate_push_list(v, parameters);
}

bool validate_pop_control(struct wasm_validator *v, struct control_frame *out_frame)
{
    *out_frame = *validate_frame(v);
    if (!validate_pop_list(v, out_frame->results)) {
        return false;
    }
    if (v->height != out_frame->height) {
        return validate_fail(
            v, WASM_INVALID,
            "type mismatch: %u values remain on the stack at the end of "
            "the block",
            v->height - out_frame->height);
    }
    validate_locals_reset(v, out_frame->init_height);
    v->control_count--;
    return true;
}

struct type_list validate_label_types(const struct control_frame *frame)
{
    return frame->opcode == OP_LOOP ? frame->parameters : frame->results;
}

void validate_unreachable(struct wasm_validator *v)
{
    struct control_frame *frame = validate_frame(v);

    v->height = frame->height;
    frame->is_unreachable = true;
}

bool validate_block_type(struct wasm_validator *v, struct type_list *out_parameters,
                         struct type_list *out_results)
{
    int64_t code;
    const struct wasm_function_type *type;
    wasm_type single;

    *out_parameters = (struct type_list){0};
    *out_results = (struct type_list){0};
    if (v->reader.position == v->reader.end) {
        return validate_fail(v, WASM_MALFORMED, "unexpected end: block type expected");
    }
    if (*v->reader.position == 0x40) {
        v->reader.position++;
        return true;
    }
    if ((*v->reader.position & 0xC0) == 0x40) {
        if (!validate_value_type(v, &single)) {
            return false;
        }
        *out_results = type_list_of(single);
        return true;
    }
    if (!reader_signed(&v->reader, 33, &code) || code < 0) {
        return validate_fail(v, WASM_MALFORMED, "malformed block type");
    }
    if (!validate_feature(v, WASM_FEATURE_MULTI_VALUE)) {
        return false;
    }
    if (code >= v->module->type_count) {
        return validate_fail(v, WASM_INVALID, "unknown type %lld: there are %u",
                             (long long)code, v->module->type_count);
    }
    type = &v->module->types[code];
    *out_parameters = type_list_parameters(type);
    *out_results = type_list_results(type);
    return true;
}

bool validate_label(struct wasm_validator *v, struct type_list *out_types)
{
    uint32_t label;

    if (!validate_index(v, "label", v->control_count, &label)) {
        return false;
    }
    *out_types = validate_label_types(&v->controls[v->control_count - 1 - label]);
    return true;
}

/* --- Blocks --------------------------------------------------------------------- */

static bool validate_block(struct wasm_validator *v)
{
    struct type_list parameters;
    struct type_list results;

    if (v->opcode == OP_LOOP) {
        v->flags |= BODY_LOOPS;
    }
    return validate_block_type(v, &parameters, &results) &&
           (v->opcode != OP_IF || validate_pop(v, TYPE_I32)) &&
           validate_pop_list(v, parameters) &&
           validate_push_control(v, v->opcode, parameters, results);
}

static bool validate_else(struct wasm_validator *v)
{
    struct control_frame frame;

    if (validate_frame(v)->opcode != OP_IF) {
        return validate_fail(v, WASM_MALFORMED, "else without if");
    }
    return validate_pop_control(v, &frame) &&
           validate_push_control(v, OP_ELSE, frame.parameters, frame.results);
}

/** Without else, the parameters must do as results. */
static bool validate_missing_else(struct wasm_validator *v,
                                  const struct control_frame *frame)
{
    if (frame->parameters.count != frame->results.count) {
        return validate_fail(v, WASM_INVALID,
                             "type mismatch: if without else has %u parameters but %u "
                             "results",
                             frame->parameters.count, frame->results.count);
    }
    for (uint32_t i = 0; i < frame->results.count; i++) {
        wasm_type found = type_list_at(&frame->parameters, i);
        wasm_type expected = type_list_at(&frame->results, i);

        if (!type_matches(found, expected)) {
            return validate_mismatch(v, found, expected);
        }
    }
    return true;
}

static bool validate_end(struct wasm_validator *v)
{
    struct control_frame frame;

    if (!validate_pop_control(v, &frame) ||
        (frame.opcode == OP_IF && !validate_missing_else(v, &frame))) {
        return false;
    }
    return v->control_count == 0 || validate_push_list(v, frame.results);
}

/* --- Branches ------------------------------------------------------------------- */

static bool validate_br(struct wasm_validator *v)
{
    struct type_list types;

    if (!validate_label(v, &types) || !validate_pop_list(v, types)) {
        return false;
    }
    validate_unreachable(v);
    return true;
}

static bool validate_br_if(struct wasm_validator *v)
{
    struct type_list types;

    return validate_label(v, &types) && validate_pop(v, TYPE_I32) &&
           validate_retype(v, types);
}

/** Do the topmost operands match @p types? They stay as they are. */
static bool check_operands(struct wasm_validator *v, const struct type_list *types)
{
    const struct control_frame *frame = validate_frame(v);
    uint32_t height = v->height;

    for (uint32_t i = types->count; i > 0; i--) {
        wasm_type expected = type_list_at(types, i - 1);

        if (height == frame->height) {
            return frame->is_unreachable || validate_underflow(v, "more operands");
        }
        height--;
        if (!type_matches(v->operands[height], expected)) {
            return validate_mismatch(v, v->operands[height], expected);
        }
    }
    return true;
}

/** WebAssembly 1.0 wants all labels of a br_table to carry the same types. */
static bool check_alike(struct wasm_validator *v, const struct type_list *types,
                        const struct type_list *others)
{
    if ((v->module->engine->features & WASM_FEATURE_REFERENCE_TYPES) != 0) {
        return true;
    }
    for (uint32_t i = 0; i < types->count; i++) {
        if (type_list_at(types, i) != type_list_at(others, i)) {
            return validate_mismatch(v, type_list_at(types, i),
                                     type_list_at(others, i));
        }
    }
    return true;
}

/** One label of br_table, behind the one that carries @p last, if that is not NULL. */
static bool validate_table_label(struct wasm_validator *v, const struct type_list *last,
                                 struct type_list *out_types)
{
    if (!validate_label(v, out_types)) {
        return false;
    }
    if (last == NULL) {
        return check_operands(v, out_types);
    }
    if (out_types->count != last->count) {
        return validate_fail(v, WASM_INVALID,
                             "type mismatch: br_table's labels carry %u and %u values",
                             last->count, out_types->count);
    }
    if (out_types->types == last->types && out_types->single == last->single) {
        return true;
    }
    return check_operands(v, out_types) && check_alike(v, out_types, last);
}

static bool validate_br_table(struct wasm_validator *v)
{
    struct type_list last;
    uint32_t count;

    if (!validate_pop(v, TYPE_I32) || !validate_u32(v, &count)) {
        return false;
    }
    if (count >= reader_left(&v->reader)) {
        return validate_fail(v, WASM_MALFORMED, "unexpected end: br_table of %u labels",
                             count);
    }
    for (uint64_t i = 0; i <= count; i++) {
        struct type_list types;

        if (!validate_table_label(v, i == 0 ? NULL : &last, &types)) {
            return false;
        }
        last = types;
    }
    validate_unreachable(v);
    return true;
}

static bool validate_return(struct wasm_validator *v)
{
    if (!validate_pop_list(v, v->results)) {
        return false;
    }
    validate_unreachable(v);
    return true;
}

/* --- Null tests ----------------------------------------------------------------- */

/** br_on_null: the branch drops the null; the rest goes on with the reference. */
static bool validate_br_on_null(struct wasm_validator *v)
{
    struct type_list types;
    wasm_type reference;

    if (!validate_label(v, &types) || !validate_pop_any(v, &reference)) {
        return false;
    }
    if (reference != TYPE_BOTTOM && !type_is_reference(reference)) {
        return validate_mismatch(v, reference, TYPE_FUNCREF);
    }
    if (reference != TYPE_BOTTOM) {
        reference |= TYPE_NON_NULL;
    }
    return validate_retype(v, types) && validate_push(v, reference);
}

/** br_on_non_null: the branch carries the reference; the rest goes on without. */
static bool validate_br_on_non_null(struct wasm_validator *v)
{
    struct type_list types;
    wasm_type expected;
    wasm_type found;

    if (!validate_label(v, &types)) {
        return false;
    }
    expected = types.count == 0 ? TYPE_BOTTOM : type_list_at(&types, types.count - 1);
    if (!type_is_reference(expected)) {
        return validate_fail(v, WASM_INVALID,
                             "type mismatch: br_on_non_null's label must end in a "
                             "reference");
    }
    if (!validate_pop_any(v, &found)) {
        return false;
    }
    if (found != TYPE_BOTTOM && !type_matches(found | TYPE_NON_NULL, expected)) {
        return validate_mismatch(v, found, expected);
    }
    types.count--;
    return validate_retype(v, types);
}

bool validate_control(struct wasm_validator *v)
{
    switch (v->opcode) {
    case OP_UNREACHABLE:
        validate_unreachable(v);
        return true;
    case OP_BLOCK:
    case OP_LOOP:
    case OP_IF:
        return validate_block(v);
    case OP_ELSE:
        return validate_else(v);
    case OP_END:
        return validate_end(v);
    case OP_BR:
        return validate_br(v);
    case OP_BR_IF:
        return validate_br_if(v);
    case OP_BR_TABLE:
        return validate_br_table(v);
    case OP_RETURN:
        return validate_return(v);
    case OP_CALL:
    case OP_RETURN_CALL:
    case OP_CALL_INDIRECT:
    case OP_RETURN_CALL_INDIRECT:
    case OP_CALL_REF:
    case OP_RETURN_CALL_REF:
        return validate_any_call(v);
    case OP_BR_ON_NULL:
        return validate_br_on_null(v);
    case OP_BR_ON_NON_NULL:
        return validate_br_on_non_null(v);
    default:
        return validate_exception(v);
    }
}
