/**
 * fast_table.c - which fast path takes an opcode, and what it expects on the stack.
 */
#include "validate/validator.h"

/** Fills what a fixed signature of at most two operands expects. */
static void set_expected(struct opcode_entry *entry,
                         const struct wasm_signature_info *signature)
{
    uint8_t types[2] = {0, 0};
    uint32_t count = signature->operand_count;

    for (uint32_t i = 0; i < count; i++) {
        uint8_t type = signature->operands[i];

        types[2 - count + i] = type == TYPE_ADDRESS ? (uint8_t)TYPE_I32 : type;
    }
    entry->expected = opcode_types_word(types[0], types[1]);
    entry->mask =
        opcode_types_word(count > 1 ? UINT32_MAX : 0, count > 0 ? UINT32_MAX : 0);
    entry->operand_count = (uint8_t)count;
    entry->result_count = signature->result_count;
    entry->result = signature->result;
}

/** Instructions that have a path of their own. */
static enum opcode_class class_of_special(uint32_t opcode)
{
    switch (opcode) {
    case OPCODE_PREFIX_MISC:
    case OPCODE_PREFIX_VECTOR:
        return CLASS_PREFIX;
    case OP_LOCAL_GET:
        return CLASS_LOCAL_GET;
    case OP_LOCAL_SET:
        return CLASS_LOCAL_SET;
    case OP_LOCAL_TEE:
        return CLASS_LOCAL_TEE;
    case OP_GLOBAL_GET:
        return CLASS_GLOBAL_GET;
    case OP_GLOBAL_SET:
        return CLASS_GLOBAL_SET;
    case OP_I32_CONST:
    case OP_I64_CONST:
        return CLASS_INTEGER;
    case OP_F32_CONST:
    case OP_F64_CONST:
        return CLASS_BYTES;
    case OP_DROP:
        return CLASS_DROP;
    case OP_BLOCK:
    case OP_LOOP:
    case OP_IF:
        return CLASS_BLOCK;
    case OP_ELSE:
        return CLASS_ELSE;
    case OP_END:
        return CLASS_END;
    case OP_BR:
        return CLASS_BR;
    case OP_BR_IF:
        return CLASS_BR_IF;
    case OP_RETURN:
        return CLASS_RETURN;
    case OP_CALL:
        return CLASS_CALL;
    case OP_CALL_INDIRECT:
        return CLASS_CALL_INDIRECT;
    case OP_SELECT:
        return CLASS_SELECT;
    default:
        return CLASS_HANDLER;
    }
}

static bool is_memarg(uint32_t immediate)
{
    return immediate >= IMMEDIATE_MEMARG_8 && immediate <= IMMEDIATE_MEMARG_128;
}

static enum opcode_class classify(const struct wasm_validator *v, uint32_t opcode)
{
    const struct wasm_opcode_info *info = &wasm_opcodes[opcode];
    const struct wasm_module *module = v->module;
    enum opcode_class class = class_of_special(opcode);

    if (class != CLASS_HANDLER) {
        return class;
    }
    if (info->name == NULL) {
        return CLASS_UNKNOWN;
    }
    if ((info->feature & ~module->engine->features) != 0) {
        return CLASS_REFUSED;
    }
    if (is_memarg(info->immediate)) {
        return module->memory_count > 0 && !module->memories[0].is_64 ? CLASS_MEMARG
                                                                      : CLASS_HANDLER;
    }
    return info->immediate == IMMEDIATE_NONE && info->signature != SIGNATURE_SPECIAL &&
                   wasm_signatures[info->signature].operand_count <= 2
               ? CLASS_SIMPLE
               : CLASS_HANDLER;
}

/** What a fast path's instruction says about its body. */
static uint32_t body_flags(uint32_t opcode, enum opcode_class class)
{
    return (class == CLASS_MEMARG ? BODY_MEMORY : 0u) |
           (class == CLASS_CALL || class == CLASS_CALL_INDIRECT ? BODY_CALLS : 0u) |
           (opcode == OP_LOOP ? BODY_LOOPS : 0u) |
           (opcode >= OPCODE_VECTOR_BASE ? BODY_VECTORS : 0u);
}

/**
 * Bytes of a float; of an integer the most that hold no more bits than it has, so that the
 * last byte needs no look.
 */
static uint8_t literal_size(uint32_t immediate)
{
    switch (immediate) {
    case IMMEDIATE_I32:
    case IMMEDIATE_F32:
        return 4;
    case IMMEDIATE_I64:
        return 9;
    case IMMEDIATE_F64:
        return 8;
    default:
        return 0;
    }
}

void validate_build_entries(struct wasm_validator *v)
{
    for (uint32_t opcode = 0; opcode < OPCODE_LIMIT; opcode++) {
        const struct wasm_opcode_info *info = &wasm_opcodes[opcode];
        struct opcode_entry *entry = &v->entries[opcode];
        enum opcode_class class = classify(v, opcode);

        entry->notes =
            info->feature | body_flags(opcode, class) << 16 | (uint32_t) class << 24;
        if (class == CLASS_SIMPLE || class == CLASS_MEMARG || class == CLASS_INTEGER ||
            class == CLASS_BYTES) {
            set_expected(entry, &wasm_signatures[info->signature]);
        }
        if (class == CLASS_MEMARG) {
            entry->size = (uint8_t)(info->immediate - IMMEDIATE_MEMARG_8);
        } else {
            entry->size = literal_size(info->immediate);
        }
    }
}
