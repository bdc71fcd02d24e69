/**
 * memory_instructions.c - accesses, memory.size to memory.fill, data segments (spec 3.4.6).
 */
#include "validate/validator.h"

static wasm_type address_type(const struct wasm_limits_spec *limits)
{
    return limits->is_64 ? TYPE_I64 : TYPE_I32;
}

bool validate_data_index(struct wasm_validator *v)
{
    uint32_t segment;

    if (!v->module->has_data_count) {
        return validate_fail(
            v, WASM_MALFORMED,
            "data count section required by memory.init and data.drop");
    }
    return validate_index(v, "data segment", v->module->data_count, &segment);
}

/** A memory index; one zero byte before multi-memory (spec 1.0 and 2.0, 5.4.6). */
static bool read_memory(struct wasm_validator *v,
                        const struct wasm_limits_spec **out_memory)
{
    uint32_t index = 0;
    uint8_t byte;

    v->flags |= BODY_MEMORY;
    if ((v->module->engine->features & WASM_FEATURE_MULTI_MEMORY) == 0) {
        if (!validate_byte(v, &byte)) {
            return false;
        }
        if (byte != 0) {
            (void)validate_fail(v, WASM_MALFORMED,
                                "zero byte expected as memory index");
            return false;
        }
        if (v->module->memory_count == 0) {
            (void)validate_fail(v, WASM_INVALID, "unknown memory 0: there are 0");
            return false;
        }
    } else if (!validate_index(v, "memory", v->module->memory_count, &index)) {
        return false;
    }
    *out_memory = &v->module->memories[index];
    return true;
}

static bool validate_memory_copy(struct wasm_validator *v)
{
    const struct wasm_limits_spec *to;
    const struct wasm_limits_spec *from;

    if (!read_memory(v, &to) || !read_memory(v, &from)) {
        return false;
    }
    return validate_pop(v, to->is_64 && from->is_64 ? TYPE_I64 : TYPE_I32) &&
           validate_pop(v, address_type(from)) && validate_pop(v, address_type(to));
}

static bool validate_memory(struct wasm_validator *v)
{
    const struct wasm_limits_spec *memory;
    wasm_type address;

    if (v->opcode == OP_MEMORY_INIT && !validate_data_index(v)) {
        return false;
    }
    if (!read_memory(v, &memory)) {
        return false;
    }
    address = address_type(memory);
    switch (v->opcode) {
    case OP_MEMORY_SIZE:
        return validate_push(v, address);
    case OP_MEMORY_GROW:
        return validate_pop(v, address) && validate_push(v, address);
    case OP_MEMORY_FILL:
        return validate_pop(v, address) && validate_pop(v, TYPE_I32) &&
               validate_pop(v, address);
    default: /* memory.init */
        return validate_pop_range(v) && validate_pop(v, address);
    }
}

/** Alignment, memory and offset of an access of 2^@p natural bytes. */
static bool read_memarg(struct wasm_validator *v, uint32_t natural,
                        const struct wasm_limits_spec **out_memory)
{
    enum { HAS_MEMORY_INDEX = 1 << 6 };
    uint32_t flags;
    uint32_t index = 0;
    uint64_t offset;

    v->flags |= BODY_MEMORY;
    if (!validate_u32(v, &flags)) {
        return false;
    }
    if ((flags & HAS_MEMORY_INDEX) != 0 && flags < 2 * HAS_MEMORY_INDEX) {
        if (!validate_feature(v, WASM_FEATURE_MULTI_MEMORY) ||
            !validate_u32(v, &index)) {
            return false;
        }
        flags &= ~(uint32_t)HAS_MEMORY_INDEX;
    }
    if (flags >= HAS_MEMORY_INDEX) {
        return validate_fail(v, WASM_MALFORMED, "malformed memop flags 0x%x", flags);
    }
    if (!reader_unsigned(
            &v->reader,
            (v->module->engine->features & WASM_FEATURE_MEMORY64) != 0 ? 64 : 32,
            &offset)) {
        return validate_fail(v, WASM_MALFORMED,
                             "unexpected end or bad integer: memory offset expected");
    }
    if (flags > natural) {
        return validate_fail(v, WASM_INVALID,
                             "alignment must not be larger than natural: 2^%u > 2^%u",
                             flags, natural);
    }
    if (index >= v->module->memory_count) {
        return validate_fail(v, WASM_INVALID, "unknown memory %u: there are %u", index,
                             v->module->memory_count);
    }
    *out_memory = &v->module->memories[index];
    if (!(*out_memory)->is_64 && offset > UINT32_MAX) {
        return validate_fail(v, WASM_MALFORMED, "offset out of range: %llu",
                             (unsigned long long)offset);
    }
    return true;
}

static bool validate_access(struct wasm_validator *v, uint32_t natural)
{
    const struct wasm_limits_spec *memory;

    return read_memarg(v, natural, &memory) &&
           validate_signature(v, address_type(memory));
}

/** An access to one lane of 2^@p natural bytes. */
static bool validate_lane_access(struct wasm_validator *v, uint32_t natural)
{
    const struct wasm_limits_spec *memory;

    v->flags |= BODY_VECTORS;
    return read_memarg(v, natural, &memory) && validate_lane(v, 16u >> natural) &&
           validate_signature(v, address_type(memory));
}

bool validate_memory_instruction(struct wasm_validator *v)
{
    uint32_t immediate = wasm_opcodes[v->opcode].immediate;

    switch (immediate) {
    case IMMEDIATE_MEMORY:
    case IMMEDIATE_DATA_MEMORY:
        return validate_memory(v);
    case IMMEDIATE_MEMORY_MEMORY:
        return validate_memory_copy(v);
    case IMMEDIATE_MEMARG_8:
    case IMMEDIATE_MEMARG_16:
    case IMMEDIATE_MEMARG_32:
    case IMMEDIATE_MEMARG_64:
    case IMMEDIATE_MEMARG_128:
        return validate_access(v, immediate - IMMEDIATE_MEMARG_8);
    default:
        return validate_lane_access(v, immediate - IMMEDIATE_MEMARG_LANE_8);
    }
}
