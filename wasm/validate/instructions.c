/**
 * instructions.c - everything that is neither control nor of the fast paths: variables, references,
 * tables, literals and vector immediates (spec 3.4.1 to 3.4.7).
 */
#include "validate/validator.h"

bool validate_pop_range(struct wasm_validator *v)
{
    static const wasm_type types[] = {TYPE_I32, TYPE_I32};

    return validate_pop_list(v, (struct type_list){.types = types, .count = 2});
}

static wasm_type address_type(const struct wasm_limits_spec *limits)
{
    return limits->is_64 ? TYPE_I64 : TYPE_I32;
}

/* --- Variables and parametric instructions --------------------------------------- */

static bool validate_local(struct wasm_validator *v)
{
    uint32_t index;
    wasm_type type;

    if (!validate_index(v, "local", v->local_count, &index)) {
        return false;
    }
    type = validate_local_type(v, index);
    switch (v->opcode) {
    case OP_LOCAL_GET:
        if (!type_is_defaultable(type) && !validate_local_is_set(v, index)) {
            return validate_fail(v, WASM_INVALID, "uninitialized local %u", index);
        }
        return validate_push(v, type);
    case OP_LOCAL_SET:
        return validate_pop(v, type) && validate_local_set(v, index);
    default:
        return validate_pop(v, type) && validate_local_set(v, index) &&
               validate_push(v, type);
    }
}

/** In a constant expression only constants made before may be read (spec 3.4.10). */
static bool validate_global_get(struct wasm_validator *v)
{
    const struct wasm_global_type *global;
    uint32_t index;

    if (!validate_index(v, "global", v->module->global_count, &index)) {
        return false;
    }
    global = &v->module->globals[index];
    if (v->function == WASM_NO_INDEX) {
        if (index >= v->global_limit) {
            return validate_fail(v, WASM_INVALID,
                                 "unknown global %u: only the first %u are known here",
                                 index, v->global_limit);
        }
        if (global->is_mutable) {
            return validate_fail(v, WASM_INVALID,
                                 "constant expression required: global %u is mutable",
                                 index);
        }
    }
    return validate_push(v, global->type);
}

static bool validate_global_set(struct wasm_validator *v)
{
    uint32_t index;

    if (!validate_index(v, "global", v->module->global_count, &index)) {
        return false;
    }
    if (!v->module->globals[index].is_mutable) {
        return validate_fail(v, WASM_INVALID, "immutable global %u", index);
    }
    return validate_pop(v, v->module->globals[index].type);
}

static bool validate_select(struct wasm_validator *v)
{
    wasm_type a;
    wasm_type b;

    if (!validate_pop(v, TYPE_I32) || !validate_pop_any(v, &a) ||
        !validate_pop_any(v, &b)) {
        return false;
    }
    if (type_is_reference(a) || type_is_reference(b)) {
        return validate_fail(v, WASM_INVALID,
                             "type mismatch: select of references needs a type");
    }
    if (a != b && a != TYPE_BOTTOM && b != TYPE_BOTTOM) {
        return validate_mismatch(v, a, b);
    }
    return validate_push(v, a == TYPE_BOTTOM ? b : a);
}

static bool validate_select_typed(struct wasm_validator *v)
{
    uint32_t count;
    wasm_type type;

    if (!validate_u32(v, &count)) {
        return false;
    }
    if (count != 1) {
        return validate_fail(v, WASM_INVALID,
                             "invalid result arity: select has %u types, 1 is allowed",
                             count);
    }
    return validate_value_type(v, &type) && validate_pop(v, TYPE_I32) &&
           validate_pop(v, type) && validate_pop(v, type) && validate_push(v, type);
}

static bool validate_variable(struct wasm_validator *v)
{
    wasm_type type;

    switch (v->opcode) {
    case OP_LOCAL_GET:
    case OP_LOCAL_SET:
    case OP_LOCAL_TEE:
        return validate_local(v);
    case OP_GLOBAL_GET:
        return validate_global_get(v);
    case OP_GLOBAL_SET:
        return validate_global_set(v);
    case OP_DROP:
        return validate_pop_any(v, &type);
    case OP_SELECT:
        return validate_select(v);
    default:
        return validate_select_typed(v);
    }
}

/* --- References ----------------------------------------------------------------- */

static bool validate_ref_func(struct wasm_validator *v)
{
    const struct wasm_module *module = v->module;
    uint32_t index;
    wasm_type type = TYPE_FUNCREF;

    if (!validate_index(v, "function", module->function_count, &index)) {
        return false;
    }
    if (module->declared_functions == NULL ||
        (module->declared_functions[index / 64] >> index % 64 & 1) == 0) {
        return validate_fail(v, WASM_INVALID, "undeclared function reference %u",
                             index);
    }
    if ((module->engine->features & WASM_FEATURE_FUNCTION_REFERENCES) != 0) {
        type = type_of_index(module->canonical_types[module->functions[index]]) |
               TYPE_NON_NULL;
    }
    return validate_push(v, type);
}

static bool validate_reference(struct wasm_validator *v)
{
    wasm_type type;

    switch (v->opcode) {
    case OP_REF_NULL:
        return validate_heap_type(v, &type) && validate_push(v, type);
    case OP_REF_FUNC:
        return validate_ref_func(v);
    default:
        break;
    }
    if (!validate_pop_any(v, &type)) {
        return false;
    }
    if (type != TYPE_BOTTOM && !type_is_reference(type)) {
        return validate_mismatch(v, type, TYPE_FUNCREF);
    }
    if (v->opcode == OP_REF_IS_NULL) {
        return validate_push(v, TYPE_I32);
    }
    return validate_push(v, type == TYPE_BOTTOM ? type : type | TYPE_NON_NULL);
}

/* --- Tables --------------------------------------------------------------------- */

static bool read_table(struct wasm_validator *v,
                       const struct wasm_table_type **out_table)
{
    uint32_t index;

    if (!validate_index(v, "table", v->module->table_count, &index)) {
        return false;
    }
    *out_table = &v->module->tables[index];
    return true;
}

static bool validate_table_copy(struct wasm_validator *v)
{
    const struct wasm_table_type *to;
    const struct wasm_table_type *from;
    bool both_64;

    if (!read_table(v, &to) || !read_table(v, &from)) {
        return false;
    }
    if (!type_matches(from->element, to->element)) {
        return validate_mismatch(v, from->element, to->element);
    }
    both_64 = to->limits.is_64 && from->limits.is_64;
    return validate_pop(v, both_64 ? TYPE_I64 : TYPE_I32) &&
           validate_pop(v, address_type(&from->limits)) &&
           validate_pop(v, address_type(&to->limits));
}

static bool validate_table_init(struct wasm_validator *v)
{
    const struct wasm_table_type *table;
    uint32_t segment;
    wasm_type type;

    if (!validate_index(v, "elem segment", v->module->element_count, &segment) ||
        !read_table(v, &table)) {
        return false;
    }
    type = v->module->elements[segment].type;
    if (!type_matches(type, table->element)) {
        return validate_mismatch(v, type, table->element);
    }
    return validate_pop_range(v) && validate_pop(v, address_type(&table->limits));
}

static bool validate_table(struct wasm_validator *v)
{
    const struct wasm_table_type *table;
    wasm_type address;

    if (!read_table(v, &table)) {
        return false;
    }
    address = address_type(&table->limits);
    switch (v->opcode) {
    case OP_TABLE_GET:
        return validate_pop(v, address) && validate_push(v, table->element);
    case OP_TABLE_SET:
        return validate_pop(v, table->element) && validate_pop(v, address);
    case OP_TABLE_SIZE:
        return validate_push(v, address);
    case OP_TABLE_GROW:
        return validate_pop(v, address) && validate_pop(v, table->element) &&
               validate_push(v, address);
    default: /* table.fill */
        return validate_pop(v, address) && validate_pop(v, table->element) &&
               validate_pop(v, address);
    }
}

/* --- Literals, lanes, and the dispatch by immediate ------------------------------ */

bool validate_signature(struct wasm_validator *v, wasm_type address)
{
    const struct wasm_signature_info *signature =
        &wasm_signatures[wasm_opcodes[v->opcode].signature];

    for (uint32_t i = signature->operand_count; i > 0; i--) {
        uint8_t type = signature->operands[i - 1];

        if (!validate_pop(v, type == TYPE_ADDRESS ? address : type)) {
            return false;
        }
    }
    return signature->result_count == 0 || validate_push(v, signature->result);
}

bool validate_lane(struct wasm_validator *v, uint32_t lanes)
{
    uint8_t lane;

    if (!validate_byte(v, &lane)) {
        return false;
    }
    return lane < lanes ||
           validate_fail(v, WASM_INVALID, "invalid lane index %u: there are %u", lane,
                         lanes);
}

static bool validate_literal(struct wasm_validator *v, uint32_t size)
{
    const uint8_t *bytes;

    return reader_bytes(&v->reader, size, &bytes) ||
           validate_fail(v, WASM_MALFORMED, "unexpected end: a literal of %u bytes",
                         size);
}

static bool validate_integer_literal(struct wasm_validator *v, unsigned bits)
{
    int64_t value;

    return reader_signed(&v->reader, bits, &value) ||
           validate_fail(v, WASM_MALFORMED,
                         "unexpected end or bad integer: a literal of %u bits", bits);
}

static bool validate_shuffle(struct wasm_validator *v)
{
    for (int i = 0; i < 16; i++) {
        if (!validate_lane(v, 32)) {
            return false;
        }
    }
    return true;
}

/** Immediates of instructions whose types a signature gives. */
static bool validate_immediates(struct wasm_validator *v, uint32_t immediate)
{
    uint32_t segment;

    switch (immediate) {
    case IMMEDIATE_NONE:
        return true;
    case IMMEDIATE_I32:
        return validate_integer_literal(v, 32);
    case IMMEDIATE_I64:
        return validate_integer_literal(v, 64);
    case IMMEDIATE_F32:
        return validate_literal(v, 4);
    case IMMEDIATE_F64:
        return validate_literal(v, 8);
    case IMMEDIATE_V128:
        return validate_literal(v, 16);
    case IMMEDIATE_SHUFFLE:
        return validate_shuffle(v);
    case IMMEDIATE_LANE_2:
        return validate_lane(v, 2);
    case IMMEDIATE_LANE_4:
        return validate_lane(v, 4);
    case IMMEDIATE_LANE_8:
        return validate_lane(v, 8);
    case IMMEDIATE_LANE_16:
        return validate_lane(v, 16);
    case IMMEDIATE_DATA:
        return validate_data_index(v);
    default: /* IMMEDIATE_ELEM */
        return validate_index(v, "elem segment", v->module->element_count, &segment);
    }
}

bool validate_instruction(struct wasm_validator *v)
{
    uint32_t immediate = wasm_opcodes[v->opcode].immediate;

    switch (immediate) {
    case IMMEDIATE_LOCAL:
    case IMMEDIATE_GLOBAL:
    case IMMEDIATE_TYPES:
        return validate_variable(v);
    case IMMEDIATE_TABLE:
        return validate_table(v);
    case IMMEDIATE_TABLE_TABLE:
        return validate_table_copy(v);
    case IMMEDIATE_ELEM_TABLE:
        return validate_table_init(v);
    case IMMEDIATE_MEMORY:
    case IMMEDIATE_DATA_MEMORY:
    case IMMEDIATE_MEMORY_MEMORY:
    case IMMEDIATE_MEMARG_8:
    case IMMEDIATE_MEMARG_16:
    case IMMEDIATE_MEMARG_32:
    case IMMEDIATE_MEMARG_64:
    case IMMEDIATE_MEMARG_128:
    case IMMEDIATE_MEMARG_LANE_8:
    case IMMEDIATE_MEMARG_LANE_16:
    case IMMEDIATE_MEMARG_LANE_32:
    case IMMEDIATE_MEMARG_LANE_64:
        return validate_memory_instruction(v);
    default:
        break;
    }
    if (wasm_opcodes[v->opcode].signature != SIGNATURE_SPECIAL) {
        return validate_immediates(v, immediate) && validate_signature(v, TYPE_I32);
    }
    switch (v->opcode) {
    case OP_DROP:
    case OP_SELECT:
        return validate_variable(v);
    case OP_REF_NULL:
    case OP_REF_IS_NULL:
    case OP_REF_FUNC:
    case OP_REF_AS_NON_NULL:
        return validate_reference(v);
    default:
        return validate_control(v);
    }
}
