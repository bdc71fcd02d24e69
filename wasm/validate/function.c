/**
 * function.c - validating one body, one constant expression (spec 3.4.12, 3.4.13).
 */
#include "validate/validator.h"

/** Empties the stacks and opens the outermost block. */
static bool begin_code(struct wasm_validator *v, struct type_list results)
{
    v->height = 0;
    v->max_height = 0;
    v->control_count = 0;
    v->max_controls = 0;
    v->init_count = 0;
    v->opcode = OP_CALL;
    v->results = results;
    return validate_push_control(v, OP_CALL, (struct type_list){0}, results);
}

bool wasm_validate_body(struct wasm_validator *v, uint32_t index)
{
    struct wasm_body *body = &v->module->bodies[index - v->module->imported_functions];
    const struct wasm_function_type *type = module_function_type(v->module, index);

    v->section = WASM_SECTION_CODE;
    v->function = index;
    v->flags = 0;
    v->reader.position = v->module->bytes + body->offset;
    v->reader.end = v->reader.position + body->size;
    v->instruction = v->reader.position;
    if (!begin_code(v, type_list_results(type)) || !validate_locals(v, type) ||
        !validate_code(v)) {
        return false;
    }
    if (v->reader.position != v->reader.end) {
        v->instruction = v->reader.position;
        return validate_fail(v, WASM_MALFORMED,
                             "section size mismatch: %zu bytes behind the body's end",
                             reader_left(&v->reader));
    }
    body->local_count = v->local_count;
    body->max_operands = v->max_height;
    body->max_labels = v->max_controls;
    body->flags = v->flags;
    return true;
}

/** A constant expression that gives one value of @p type. */
static bool validate_expression(struct wasm_validator *v, enum wasm_section section,
                                struct wasm_span span, wasm_type type)
{
    v->section = section;
    v->function = WASM_NO_INDEX;
    v->local_count = 0;
    v->tracks_locals = false;
    v->reader.position = module_bytes(v->module, span);
    v->reader.end = v->reader.position + span.size;
    v->instruction = v->reader.position;
    return begin_code(v, type_list_of(type)) && validate_code(v);
}

static bool validate_tables(struct wasm_validator *v)
{
    const struct wasm_module *module = v->module;

    v->global_limit = module->imported_globals;
    for (uint32_t i = module->imported_tables; i < module->table_count; i++) {
        const struct wasm_table_type *table = &module->tables[i];

        if (table->initializer.size > 0 &&
            !validate_expression(v, WASM_SECTION_TABLE, table->initializer,
                                 table->element)) {
            return false;
        }
    }
    return true;
}

/** A global's initializer reads imported globals; since GC, those before it too. */
static bool validate_globals(struct wasm_validator *v)
{
    const struct wasm_module *module = v->module;
    bool earlier_ones = (module->engine->features & WASM_FEATURE_RECURSIVE_TYPES) != 0;

    for (uint32_t i = module->imported_globals; i < module->global_count; i++) {
        v->global_limit = earlier_ones ? i : module->imported_globals;
        if (!validate_expression(v, WASM_SECTION_GLOBAL, module->globals[i].initializer,
                                 module->globals[i].type)) {
            return false;
        }
    }
    v->global_limit = earlier_ones ? module->global_count : module->imported_globals;
    return true;
}

static wasm_type address_type(const struct wasm_limits_spec *limits)
{
    return limits->is_64 ? TYPE_I64 : TYPE_I32;
}

/** Each item of a segment of expressions. They follow each other in the module. */
static bool validate_element_items(struct wasm_validator *v,
                                   const struct wasm_element_segment *segment)
{
    struct wasm_span rest = segment->items;

    if (!segment->is_expressions) {
        return true;
    }
    for (uint32_t i = 0; i < segment->count; i++) {
        uint32_t read;

        if (!validate_expression(v, WASM_SECTION_ELEMENT, rest, segment->type)) {
            return false;
        }
        read = (uint32_t)(v->reader.position - module_bytes(v->module, rest));
        rest.offset += read;
        rest.size -= read;
    }
    return true;
}

static bool validate_elements(struct wasm_validator *v)
{
    const struct wasm_module *module = v->module;

    for (uint32_t i = 0; i < module->element_count; i++) {
        const struct wasm_element_segment *segment = &module->elements[i];

        if (segment->mode == SEGMENT_ACTIVE) {
            const struct wasm_table_type *table = &module->tables[segment->table];

            if (!validate_expression(v, WASM_SECTION_ELEMENT, segment->offset,
                                     address_type(&table->limits))) {
                return false;
            }
            if (!type_matches(segment->type, table->element)) {
                return validate_mismatch(v, segment->type, table->element);
            }
        }
        if (!validate_element_items(v, segment)) {
            return false;
        }
    }
    return true;
}

static bool validate_data(struct wasm_validator *v)
{
    const struct wasm_module *module = v->module;

    for (uint32_t i = 0; i < module->data_capacity; i++) {
        const struct wasm_data_segment *segment = &module->data[i];

        if (segment->mode == SEGMENT_ACTIVE &&
            !validate_expression(v, WASM_SECTION_DATA, segment->offset,
                                 address_type(&module->memories[segment->memory]))) {
            return false;
        }
    }
    return true;
}

static bool validate_start(struct wasm_validator *v)
{
    const struct wasm_module *module = v->module;
    const struct wasm_function_type *type;

    if (module->start == WASM_NO_INDEX) {
        return true;
    }
    type = module_function_type(module, module->start);
    if (type->parameter_count == 0 && type->result_count == 0) {
        return true;
    }
    v->section = WASM_SECTION_START;
    v->function = WASM_NO_INDEX;
    return validate_fail(v, WASM_INVALID,
                         "start function %u has %u parameters and %u results: it must "
                         "have none",
                         module->start, type->parameter_count, type->result_count);
}

bool wasm_validate_module(struct wasm_validator *v)
{
    return validate_tables(v) && validate_globals(v) && validate_start(v) &&
           validate_elements(v) && validate_data(v);
}
