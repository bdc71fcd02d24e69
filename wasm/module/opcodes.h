/**
 * opcodes.h - enums and one static description for each row of opcodes.def.
 *
 * An opcode number is dense below OPCODE_LIMIT: the byte itself, 0x100 + sub-opcode behind
 * 0xFC, 0x200 + sub-opcode behind 0xFD. Numbers without a row have a NULL name.
 */
#ifndef WASM_MODULE_OPCODES_H
#define WASM_MODULE_OPCODES_H

#include <stdint.h>

enum {
    OPCODE_PREFIX_GC = 0xFB,
    OPCODE_PREFIX_MISC = 0xFC,
    OPCODE_PREFIX_VECTOR = 0xFD,
    OPCODE_PREFIX_THREADS = 0xFE,
    OPCODE_MISC_BASE = 0x100,
    OPCODE_MISC_COUNT = 0x100,
    OPCODE_VECTOR_BASE = 0x200,
    OPCODE_VECTOR_COUNT = 0x120,
    OPCODE_LIMIT = OPCODE_VECTOR_BASE + OPCODE_VECTOR_COUNT
};

/** OP_I32_ADD and so on. */
enum wasm_opcode {
#define OPCODE(number, symbol, name, immediate, signature, proposal) \
    OP_##symbol = (number),
#include "opcodes.def"
#undef OPCODE
};

/** What follows the opcode in the code section; indices are u32 LEB128. */
enum wasm_immediate {
    IMMEDIATE_NONE,
    IMMEDIATE_BLOCK_TYPE,    /**< s33: 0x40 empty, a value type, or a type index */
    IMMEDIATE_LABEL,         /**< labelidx */
    IMMEDIATE_LABEL_TABLE,   /**< vec(labelidx) labelidx */
    IMMEDIATE_FUNCTION,      /**< funcidx */
    IMMEDIATE_TYPE,          /**< typeidx */
    IMMEDIATE_TYPE_TABLE,    /**< typeidx tableidx */
    IMMEDIATE_TYPES,         /**< vec(valtype): select */
    IMMEDIATE_HEAP_TYPE,     /**< s33 heap type: ref.null */
    IMMEDIATE_LOCAL,         /**< localidx */
    IMMEDIATE_GLOBAL,        /**< globalidx */
    IMMEDIATE_TABLE,         /**< tableidx */
    IMMEDIATE_TABLE_TABLE,   /**< destination tableidx, source tableidx */
    IMMEDIATE_ELEM,          /**< elemidx */
    IMMEDIATE_ELEM_TABLE,    /**< elemidx tableidx */
    IMMEDIATE_MEMORY,        /**< memidx */
    IMMEDIATE_MEMORY_MEMORY, /**< destination memidx, source memidx */
    IMMEDIATE_DATA,          /**< dataidx */
    IMMEDIATE_DATA_MEMORY,   /**< dataidx memidx */
    IMMEDIATE_TAG,           /**< tagidx */
    IMMEDIATE_TRY_TABLE,     /**< block type, vec(catch) */
    IMMEDIATE_I32,           /**< s32 */
    IMMEDIATE_I64,           /**< s64 */
    IMMEDIATE_F32,           /**< 4 bytes */
    IMMEDIATE_F64,           /**< 8 bytes */
    IMMEDIATE_V128,          /**< 16 bytes */
    IMMEDIATE_SHUFFLE,       /**< 16 lane bytes below 32 */
    IMMEDIATE_LANE_2,        /**< one byte below 2, 4, 8, 16 */
    IMMEDIATE_LANE_4,
    IMMEDIATE_LANE_8,
    IMMEDIATE_LANE_16,
    IMMEDIATE_MEMARG_8, /**< memarg of an access of 8 … 128 bits: u32 log2 alignment with
                             bit 6 "a memidx follows", [memidx], u64 offset */
    IMMEDIATE_MEMARG_16,
    IMMEDIATE_MEMARG_32,
    IMMEDIATE_MEMARG_64,
    IMMEDIATE_MEMARG_128,
    IMMEDIATE_MEMARG_LANE_8, /**< memarg, then one lane byte below 16, 8, 4, 2 */
    IMMEDIATE_MEMARG_LANE_16,
    IMMEDIATE_MEMARG_LANE_32,
    IMMEDIATE_MEMARG_LANE_64
};

/** Operands and results; see opcodes.def. */
enum wasm_signature {
    SIGNATURE_SPECIAL,
#define SIGNATURE(name, ...) SIGNATURE_##name,
#include "signatures.def"
#undef SIGNATURE
    SIGNATURE_COUNT
};

/** A clause of try_table (5.4.1). */
enum wasm_catch_kind {
    CATCH_TAG = 0,     /**< tagidx labelidx: the exception's values */
    CATCH_TAG_REF = 1, /**< tagidx labelidx: the values and the exnref */
    CATCH_ALL = 2,     /**< labelidx */
    CATCH_ALL_REF = 3  /**< labelidx: the exnref */
};

struct wasm_opcode_info {
    const char *name; /**< NULL: no such opcode */
    uint8_t immediate;
    uint8_t signature;
    uint16_t feature; /**< WASM_FEATURE_* bit that brought it; 0: WebAssembly 1.0 */
};

/** One entry for each number below OPCODE_LIMIT. */
extern const struct wasm_opcode_info wasm_opcodes[OPCODE_LIMIT];

/** A signature's types, as wasm_type words that fit a byte; TYPE_ADDRESS stands for A. */
struct wasm_signature_info {
    uint8_t operand_count;
    uint8_t result_count;
    uint8_t operands[3];
    uint8_t result;
};

#define TYPE_ADDRESS 1

extern const struct wasm_signature_info wasm_signatures[SIGNATURE_COUNT];

#endif
