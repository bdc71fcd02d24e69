/**
 * decode_constant.c - where a constant expression ends (spec 5.4.9, 3.4.10).
 *
 * Only the instructions that may stand in one are taken; their types are checked later, by the
 * validator. Functions that ref.func names here may be named in bodies too.
 */
#include "module/decode.h"

#include "module/allocate.h"
#include "module/opcodes.h"

bool wasm_decode_declare_function(struct wasm_decoder *decoder, uint32_t index)
{
    struct wasm_module *module = decoder->module;

    if (module->declared_functions == NULL) {
        module->declared_functions =
            wasm_allocate_zeroed(decoder->platform, module->function_count / 64 + 1,
                                 sizeof(*module->declared_functions));
        if (module->declared_functions == NULL) {
            return wasm_decode_no_memory(decoder, "function references");
        }
    }
    module->declared_functions[index / 64] |= (uint64_t)1 << index % 64;
    return true;
}

/** An integer literal of @p bits, or @p bits / 8 plain bytes. */
static bool skip_literal(struct wasm_decoder *decoder, uint32_t opcode)
{
    struct wasm_reader *reader = &decoder->reader;
    const uint8_t *bytes;
    int64_t value;
    bool fine;

    switch (opcode) {
    case OP_I32_CONST:
        fine = reader_signed(reader, 32, &value);
        break;
    case OP_I64_CONST:
        fine = reader_signed(reader, 64, &value);
        break;
    case OP_F32_CONST:
        fine = reader_bytes(reader, 4, &bytes);
        break;
    case OP_F64_CONST:
        fine = reader_bytes(reader, 8, &bytes);
        break;
    default:
        fine = reader_bytes(reader, 16, &bytes);
        break;
    }
    return fine ||
           wasm_decode_fail(decoder, WASM_MALFORMED,
                            "unexpected end or bad integer: %s expects a literal",
                            wasm_opcodes[opcode].name);
}

static bool skip_index(struct wasm_decoder *decoder, uint32_t opcode)
{
    struct wasm_module *module = decoder->module;
    uint32_t index;

    if (opcode == OP_REF_FUNC) {
        return wasm_decode_index(decoder, "function", module->function_count, &index) &&
               wasm_decode_declare_function(decoder, index);
    }
    return wasm_decode_index(decoder, "global", module->global_count, &index);
}

static bool read_opcode(struct wasm_decoder *decoder, uint32_t *out_opcode)
{
    uint8_t byte;
    uint32_t sub;

    if (!wasm_decode_byte(decoder, "instruction", &byte)) {
        return false;
    }
    *out_opcode = byte;
    if (byte == OPCODE_PREFIX_GC) {
        return wasm_decode_feature(decoder, WASM_FEATURE_GC);
    }
    if (byte != OPCODE_PREFIX_VECTOR) {
        return true;
    }
    if (!wasm_decode_u32(decoder, "vector instruction", &sub)) {
        return false;
    }
    *out_opcode = sub < OPCODE_VECTOR_COUNT ? OPCODE_VECTOR_BASE + sub : OP_UNREACHABLE;
    return true;
}

static bool not_constant(struct wasm_decoder *decoder, uint32_t opcode)
{
    const char *name = wasm_opcodes[opcode].name;

    if (name == NULL) {
        return wasm_decode_fail(decoder, WASM_MALFORMED, "illegal opcode 0x%02x",
                                opcode);
    }
    return wasm_decode_fail(decoder, WASM_INVALID,
                            "constant expression required: %s may not stand here",
                            name);
}

/** Skips one instruction but `end`. */
static bool skip_instruction(struct wasm_decoder *decoder, uint32_t opcode)
{
    wasm_type type;

    switch (opcode) {
    case OP_I32_CONST:
    case OP_I64_CONST:
    case OP_F32_CONST:
    case OP_F64_CONST:
        return skip_literal(decoder, opcode);
    case OP_V128_CONST:
        return wasm_decode_feature(decoder, WASM_FEATURE_SIMD) &&
               skip_literal(decoder, opcode);
    case OP_GLOBAL_GET:
        return skip_index(decoder, opcode);
    case OP_REF_FUNC:
        return wasm_decode_feature(decoder, WASM_FEATURE_REFERENCE_TYPES) &&
               skip_index(decoder, opcode);
    case OP_REF_NULL:
        return wasm_decode_feature(decoder, WASM_FEATURE_REFERENCE_TYPES) &&
               wasm_decode_heap_type(decoder, decoder->module->type_count, &type);
    case OP_I32_ADD:
    case OP_I32_SUB:
    case OP_I32_MUL:
    case OP_I64_ADD:
    case OP_I64_SUB:
    case OP_I64_MUL:
        if ((decoder->module->engine->features & WASM_FEATURE_EXTENDED_CONSTANTS) ==
            0) {
            return not_constant(decoder, opcode);
        }
        return wasm_decode_feature(decoder, WASM_FEATURE_EXTENDED_CONSTANTS);
    default:
        return not_constant(decoder, opcode);
    }
}

bool wasm_decode_constant(struct wasm_decoder *decoder,
                          struct wasm_span *out_expression)
{
    const uint8_t *first = decoder->reader.position;
    uint32_t opcode;

    for (;;) {
        if (!read_opcode(decoder, &opcode)) {
            return false;
        }
        if (opcode == OP_END) {
            break;
        }
        if (!skip_instruction(decoder, opcode)) {
            return false;
        }
    }
    out_expression->offset = (uint32_t)(first - decoder->module->bytes);
    out_expression->size = (uint32_t)(decoder->reader.position - first);
    return true;
}
