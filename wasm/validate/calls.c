/**
 * calls.c - calls of every kind (spec 3.4.9).
 */
#include "validate/validator.h"

/** Arguments off, and results on, or those of a tail call compared with ours. */
static bool finish_call(struct wasm_validator *v, const struct wasm_function_type *type,
                        bool is_tail)
{
    struct type_list results = type_list_results(type);

    v->flags |= BODY_CALLS;
    if (!validate_pop_list(v, type_list_parameters(type))) {
        return false;
    }
    if (!is_tail) {
        return validate_push_list(v, results);
    }
    if (results.count != v->results.count) {
        return validate_fail(
            v, WASM_INVALID,
            "type mismatch: the tail-called function gives %u results, "
            "this one %u",
            results.count, v->results.count);
    }
    for (uint32_t i = 0; i < results.count; i++) {
        wasm_type found = type_list_at(&results, i);
        wasm_type expected = type_list_at(&v->results, i);

        if (!type_matches(found, expected)) {
            return validate_mismatch(v, found, expected);
        }
    }
    validate_unreachable(v);
    return true;
}

static bool validate_call(struct wasm_validator *v)
{
    uint32_t function;

    return validate_index(v, "function", v->module->function_count, &function) &&
           finish_call(v, module_function_type(v->module, function),
                       v->opcode == OP_RETURN_CALL);
}

/** The table index of call_indirect: one zero byte before reference types. */
static bool indirect_table(struct wasm_validator *v, uint32_t *out_table)
{
    uint8_t byte;

    if ((v->module->engine->features & WASM_FEATURE_REFERENCE_TYPES) == 0) {
        if (!validate_byte(v, &byte)) {
            return false;
        }
        if (byte != 0) {
            return validate_fail(v, WASM_MALFORMED,
                                 "zero byte expected behind call_indirect's type");
        }
        *out_table = 0;
        return v->module->table_count > 0 ||
               validate_fail(v, WASM_INVALID, "unknown table 0: there are 0");
    }
    return validate_index(v, "table", v->module->table_count, out_table);
}

static bool validate_call_indirect(struct wasm_validator *v)
{
    const struct wasm_table_type *table;
    uint32_t type;
    uint32_t index;

    if (!validate_index(v, "type", v->module->type_count, &type) ||
        !indirect_table(v, &index)) {
        return false;
    }
    table = &v->module->tables[index];
    if (!type_matches(table->element, TYPE_FUNCREF)) {
        return validate_mismatch(v, table->element, TYPE_FUNCREF);
    }
    return validate_pop(v, table->limits.is_64 ? TYPE_I64 : TYPE_I32) &&
           finish_call(v, &v->module->types[type],
                       v->opcode == OP_RETURN_CALL_INDIRECT);
}

static bool validate_call_ref(struct wasm_validator *v)
{
    uint32_t type;

    return validate_index(v, "type", v->module->type_count, &type) &&
           validate_pop(v, type_of_index(v->module->canonical_types[type])) &&
           finish_call(v, &v->module->types[type], v->opcode == OP_RETURN_CALL_REF);
}

bool validate_any_call(struct wasm_validator *v)
{
    switch (v->opcode) {
    case OP_CALL:
    case OP_RETURN_CALL:
        return validate_call(v);
    case OP_CALL_INDIRECT:
    case OP_RETURN_CALL_INDIRECT:
        return validate_call_indirect(v);
    default:
        return validate_call_ref(v);
    }
}
