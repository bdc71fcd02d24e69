/**
 * opcodes.c - the tables that opcodes.def and signatures.def describe.
 */
#include "module/opcodes.h"

#include "module/types.h"

enum {
    WASM_FEATURE_CORE = 0 /* opcodes.def's name for "in WebAssembly 1.0" */
};

const struct wasm_opcode_info wasm_opcodes[OPCODE_LIMIT] = {
#define OPCODE(number, symbol, text, immediates, types, proposal) \
    [number] = {.name = (text),                                   \
                .immediate = IMMEDIATE_##immediates,              \
                .signature = SIGNATURE_##types,                   \
                .feature = WASM_FEATURE_##proposal},
#include "opcodes.def"
#undef OPCODE
};

const struct wasm_signature_info wasm_signatures[SIGNATURE_COUNT] = {
#define SIGNATURE(name, operand_total, result_total, a, b, c, r) \
    [SIGNATURE_##name] = {operand_total, result_total, {a, b, c}, r},
#include "signatures.def"
#undef SIGNATURE
};
