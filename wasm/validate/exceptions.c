/**
 * exceptions.c - throwing and catching, in the standard and in the legacy encoding.
 *
 * Source: spec 3.4.8 (try_table, throw, throw_ref); the exception handling proposal's
 * legacy document (try, catch, catch_all, delegate, rethrow).
 */
#include "validate/validator.h"

/** Reads a tag index; gives the types that its exceptions carry. */
static bool tag_types(struct wasm_validator *v, struct type_list *out_types)
{
    uint32_t tag;

    if (!validate_index(v, "tag", v->module->tag_count, &tag)) {
        return false;
    }
    *out_types = type_list_parameters(&v->module->types[v->module->tags[tag]]);
    return true;
}

static bool validate_throw(struct wasm_validator *v)
{
    struct type_list types;

    if (!tag_types(v, &types) || !validate_pop_list(v, types)) {
        return false;
    }
    validate_unreachable(v);
    return true;
}

static bool validate_throw_ref(struct wasm_validator *v)
{
    if (!validate_pop(v, TYPE_EXNREF)) {
        return false;
    }
    validate_unreachable(v);
    return true;
}

/** Does a label that carries @p label take values of @p types, and an exnref if wanted? */
static bool check_catch(struct wasm_validator *v, const struct type_list *types,
                        bool with_reference, const struct type_list *label)
{
    uint32_t count = types->count + with_reference;

    if (label->count != count) {
        return validate_fail(v, WASM_INVALID,
                             "type mismatch: the clause gives %u values, its label "
                             "takes %u",
                             count, label->count);
    }
    for (uint32_t i = 0; i < count; i++) {
        wasm_type found = i < types->count ? type_list_at(types, i)
                                           : (wasm_type)(TYPE_EXNREF | TYPE_NON_NULL);
        wasm_type expected = type_list_at(label, i);

        if (!type_matches(found, expected)) {
            return validate_mismatch(v, found, expected);
        }
    }
    return true;
}

static bool validate_clause(struct wasm_validator *v)
{
    struct type_list types = {0};
    struct type_list label;
    uint8_t kind;

    if (!validate_byte(v, &kind)) {
        return false;
    }
    if (kind > CATCH_ALL_REF) {
        return validate_fail(v, WASM_MALFORMED, "malformed catch clause 0x%02x", kind);
    }
    if ((kind == CATCH_TAG || kind == CATCH_TAG_REF) && !tag_types(v, &types)) {
        return false;
    }
    return validate_label(v, &label) &&
           check_catch(v, &types, kind == CATCH_TAG_REF || kind == CATCH_ALL_REF,
                       &label);
}

static bool validate_try_table(struct wasm_validator *v)
{
    struct type_list parameters;
    struct type_list results;
    uint32_t count;

    if (!validate_block_type(v, &parameters, &results) ||
        !validate_pop_list(v, parameters) || !validate_u32(v, &count)) {
        return false;
    }
    if (count > reader_left(&v->reader)) {
        return validate_fail(v, WASM_MALFORMED,
                             "unexpected end: try_table of %u clauses", count);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!validate_clause(v)) {
            return false;
        }
    }
    return validate_push_control(v, OP_TRY_TABLE, parameters, results);
}

static bool validate_try(struct wasm_validator *v)
{
    struct type_list parameters;
    struct type_list results;

    return validate_block_type(v, &parameters, &results) &&
           validate_pop_list(v, parameters) &&
           validate_push_control(v, OP_TRY, parameters, results);
}

/** catch and catch_all end the try block, or the clause before, and open their own. */
static bool validate_catch(struct wasm_validator *v)
{
    struct type_list types = {0};
    struct control_frame frame;
    uint32_t opened = validate_frame(v)->opcode;

    if (opened != OP_TRY && opened != OP_CATCH) {
        return validate_fail(v, WASM_MALFORMED, "%s without try",
                             wasm_opcodes[v->opcode].name);
    }
    if (v->opcode == OP_CATCH && !tag_types(v, &types)) {
        return false;
    }
    return validate_pop_control(v, &frame) &&
           validate_push_control(v, v->opcode, types, frame.results);
}

/** delegate ends its try; the label counts from outside of it. */
static bool validate_delegate(struct wasm_validator *v)
{
    struct type_list types;
    struct control_frame frame;

    if (validate_frame(v)->opcode != OP_TRY) {
        return validate_fail(v, WASM_MALFORMED, "delegate without try");
    }
    return validate_pop_control(v, &frame) && validate_label(v, &types) &&
           validate_push_list(v, frame.results);
}

static bool validate_rethrow(struct wasm_validator *v)
{
    uint32_t label;
    uint32_t opened;

    if (!validate_index(v, "label", v->control_count, &label)) {
        return false;
    }
    opened = v->controls[v->control_count - 1 - label].opcode;
    if (opened != OP_CATCH && opened != OP_CATCH_ALL) {
        return validate_fail(v, WASM_INVALID,
                             "invalid rethrow label: not a catch block");
    }
    validate_unreachable(v);
    return true;
}

bool validate_exception(struct wasm_validator *v)
{
    v->flags |= BODY_EXCEPTIONS;
    switch (v->opcode) {
    case OP_THROW:
        return validate_throw(v);
    case OP_THROW_REF:
        return validate_throw_ref(v);
    case OP_TRY_TABLE:
        return validate_try_table(v);
    case OP_TRY:
        return validate_try(v);
    case OP_CATCH:
    case OP_CATCH_ALL:
        return validate_catch(v);
    case OP_DELEGATE:
        return validate_delegate(v);
    default:
        return validate_rethrow(v);
    }
}
