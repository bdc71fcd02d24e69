/**
 * walk.c - reading validated bodies again: what translators use (validate.h).
 */
#include "module/opcodes.h"
#include "module/reader.h"
#include "validate/validate.h"

enum {
    FORM_REF_NULL = 0x63,
    FORM_REF = 0x64,
    BLOCK_EMPTY = 0x40,
    HAS_MEMORY_INDEX = 1 << 6
};

wasm_type wasm_value_type(const struct wasm_module *module, const uint8_t **position)
{
    uint8_t form = *(*position)++;
    int64_t heap;
    wasm_type type;

    if (form != FORM_REF_NULL && form != FORM_REF) {
        return form;
    }
    heap = code_s64(position);
    type = heap < 0 ? (wasm_type)(heap & 0x7F)
                    : type_of_index(module->canonical_types[heap]);
    return form == FORM_REF ? type | TYPE_NON_NULL : type;
}

struct wasm_locals wasm_locals_begin(const struct wasm_module *module,
                                     const struct wasm_body *body)
{
    struct wasm_locals locals = {.position = module->bytes + body->offset};

    locals.groups_left = code_u32(&locals.position);
    return locals;
}

bool wasm_locals_next(const struct wasm_module *module, struct wasm_locals *locals,
                      uint32_t *out_count, wasm_type *out_type)
{
    if (locals->groups_left == 0) {
        return false;
    }
    locals->groups_left--;
    *out_count = code_u32(&locals->position);
    *out_type = wasm_value_type(module, &locals->position);
    return true;
}

void wasm_block_type(const struct wasm_module *module, const uint8_t **position,
                     struct wasm_block_type *out_type)
{
    const struct wasm_function_type *type;

    out_type->parameters = NULL;
    out_type->parameter_count = 0;
    out_type->results = &out_type->single;
    out_type->result_count = 0;
    out_type->single = TYPE_BOTTOM;
    if (**position == BLOCK_EMPTY) {
        ++*position;
        return;
    }
    if ((**position & 0xC0) == 0x40) {
        out_type->single = wasm_value_type(module, position);
        out_type->result_count = 1;
        return;
    }
    type = &module->types[code_s64(position)];
    out_type->parameters = type->types;
    out_type->parameter_count = type->parameter_count;
    out_type->results = type->types + type->parameter_count;
    out_type->result_count = type->result_count;
}

static void skip_memarg(const uint8_t **position)
{
    if ((code_u32(position) & HAS_MEMORY_INDEX) != 0) {
        (void)code_u32(position);
    }
    (void)code_u64(position);
}

static void skip_vector(const struct wasm_module *module, uint32_t immediate,
                        const uint8_t **position)
{
    struct wasm_block_type block;
    uint32_t count;

    if (immediate == IMMEDIATE_TRY_TABLE) {
        wasm_block_type(module, position, &block);
    }
    count = code_u32(position);
    for (uint32_t i = 0; i < count; i++) {
        switch (immediate) {
        case IMMEDIATE_TYPES:
            (void)wasm_value_type(module, position);
            break;
        case IMMEDIATE_LABEL_TABLE:
            (void)code_u32(position);
            break;
        default: /* a catch clause */
            if (*(*position)++ <= CATCH_TAG_REF) {
                (void)code_u32(position);
            }
            (void)code_u32(position);
            break;
        }
    }
    if (immediate == IMMEDIATE_LABEL_TABLE) {
        (void)code_u32(position);
    }
}

/** Bytes of an immediate that is no integer. */
static uint32_t fixed_size(uint32_t immediate)
{
    switch (immediate) {
    case IMMEDIATE_F32:
        return 4;
    case IMMEDIATE_F64:
        return 8;
    case IMMEDIATE_V128:
    case IMMEDIATE_SHUFFLE:
        return 16;
    default: /* a lane */
        return 1;
    }
}

void wasm_skip_immediates(const struct wasm_module *module, uint32_t opcode,
                          const uint8_t **position)
{
    struct wasm_block_type block;
    uint32_t immediate = wasm_opcodes[opcode].immediate;

    switch (immediate) {
    case IMMEDIATE_NONE:
        break;
    case IMMEDIATE_BLOCK_TYPE:
        wasm_block_type(module, position, &block);
        break;
    case IMMEDIATE_LABEL_TABLE:
    case IMMEDIATE_TYPES:
    case IMMEDIATE_TRY_TABLE:
        skip_vector(module, immediate, position);
        break;
    case IMMEDIATE_TYPE_TABLE:
    case IMMEDIATE_TABLE_TABLE:
    case IMMEDIATE_ELEM_TABLE:
    case IMMEDIATE_MEMORY_MEMORY:
    case IMMEDIATE_DATA_MEMORY:
        (void)code_u32(position);
        (void)code_u32(position);
        break;
    case IMMEDIATE_HEAP_TYPE:
    case IMMEDIATE_I32:
    case IMMEDIATE_I64:
        (void)code_s64(position);
        break;
    case IMMEDIATE_F32:
    case IMMEDIATE_F64:
    case IMMEDIATE_V128:
    case IMMEDIATE_SHUFFLE:
    case IMMEDIATE_LANE_2:
    case IMMEDIATE_LANE_4:
    case IMMEDIATE_LANE_8:
    case IMMEDIATE_LANE_16:
        *position += fixed_size(immediate);
        break;
    case IMMEDIATE_MEMARG_8:
    case IMMEDIATE_MEMARG_16:
    case IMMEDIATE_MEMARG_32:
    case IMMEDIATE_MEMARG_64:
    case IMMEDIATE_MEMARG_128:
        skip_memarg(position);
        break;
    case IMMEDIATE_MEMARG_LANE_8:
    case IMMEDIATE_MEMARG_LANE_16:
    case IMMEDIATE_MEMARG_LANE_32:
    case IMMEDIATE_MEMARG_LANE_64:
        skip_memarg(position);
        *position += 1;
        break;
    default: /* one index */
        (void)code_u32(position);
        break;
    }
}
