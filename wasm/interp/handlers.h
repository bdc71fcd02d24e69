/**
 * handlers.h - the tables of handlers that the translator chooses from.
 *
 * A table is indexed by operation and then by the places of operands and result (enum
 * interp_place): [operand A][operand B][result]. NULL: there is no such form, and the
 * translator moves an operand first. Where the result index is last, the four handlers of a
 * row differ only in where the result goes: the translator can send a result elsewhere
 * later by putting another handler of the row into the operation.
 */
#ifndef WASM_INTERP_HANDLERS_H
#define WASM_INTERP_HANDLERS_H

#include "forms.h"

enum interp_integer_op {
    INTEGER_I32_ADD,
    INTEGER_I32_MUL,
    INTEGER_I32_AND,
    INTEGER_I32_OR,
    INTEGER_I32_XOR,
    INTEGER_I32_SUB,
    INTEGER_I32_SHL,
    INTEGER_I32_SHR_S,
    INTEGER_I32_SHR_U,
    INTEGER_I32_ROTL,
    INTEGER_I32_ROTR,
    INTEGER_I64_ADD,
    INTEGER_I64_MUL,
    INTEGER_I64_AND,
    INTEGER_I64_OR,
    INTEGER_I64_XOR,
    INTEGER_I64_SUB,
    INTEGER_I64_SHL,
    INTEGER_I64_SHR_S,
    INTEGER_I64_SHR_U,
    INTEGER_I64_ROTL,
    INTEGER_I64_ROTR,
    INTEGER_COUNT
};

/** Is the operation one of the five of each type whose operands may change places? */
static inline bool interp_is_commutative(unsigned op)
{
    return op % INTEGER_I64_ADD <= INTEGER_I32_XOR;
}

enum interp_division_op {
    DIVISION_I32_DIV_S,
    DIVISION_I32_DIV_U,
    DIVISION_I32_REM_S,
    DIVISION_I32_REM_U,
    DIVISION_I64_DIV_S,
    DIVISION_I64_DIV_U,
    DIVISION_I64_REM_S,
    DIVISION_I64_REM_U,
    DIVISION_COUNT
};

enum interp_unary_op {
    UNARY_I32_CLZ,
    UNARY_I32_CTZ,
    UNARY_I32_POPCNT,
    UNARY_I32_EXTEND8_S,
    UNARY_I32_EXTEND16_S,
    UNARY_I32_WRAP_I64,
    UNARY_I64_CLZ,
    UNARY_I64_CTZ,
    UNARY_I64_POPCNT,
    UNARY_I64_EXTEND8_S,
    UNARY_I64_EXTEND16_S,
    UNARY_I64_EXTEND32_S,
    UNARY_COUNT
};

/** Comparisons. Each and its negation stand side by side: negation is ^ 1. */
enum interp_compare_op {
    COMPARE_I32_EQ,
    COMPARE_I32_NE,
    COMPARE_I32_LT_S,
    COMPARE_I32_GE_S,
    COMPARE_I32_LT_U,
    COMPARE_I32_GE_U,
    COMPARE_I64_EQ,
    COMPARE_I64_NE,
    COMPARE_I64_LT_S,
    COMPARE_I64_GE_S,
    COMPARE_I64_LT_U,
    COMPARE_I64_GE_U,
    COMPARE_VALUE_COUNT,
    /* only in branches: are bits of a mask set? */
    COMPARE_I32_TEST = COMPARE_VALUE_COUNT,
    COMPARE_I32_NOT_TEST,
    COMPARE_I64_TEST,
    COMPARE_I64_NOT_TEST,
    COMPARE_COUNT
};

enum interp_float_op {
    FLOAT_F32_ADD,
    FLOAT_F32_SUB,
    FLOAT_F32_MUL,
    FLOAT_F32_DIV,
    FLOAT_F64_ADD,
    FLOAT_F64_SUB,
    FLOAT_F64_MUL,
    FLOAT_F64_DIV,
    FLOAT_COUNT
};

enum interp_rare_op {
    RARE_F32_MIN,
    RARE_F32_MAX,
    RARE_F32_COPYSIGN,
    RARE_F64_MIN,
    RARE_F64_MAX,
    RARE_F64_COPYSIGN,
    RARE_COUNT
};

enum interp_float_unary_op {
    FLOAT_UNARY_F32_ABS,
    FLOAT_UNARY_F32_NEG,
    FLOAT_UNARY_F32_CEIL,
    FLOAT_UNARY_F32_FLOOR,
    FLOAT_UNARY_F32_TRUNC,
    FLOAT_UNARY_F32_NEAREST,
    FLOAT_UNARY_F32_SQRT,
    FLOAT_UNARY_F32_DEMOTE_F64,
    FLOAT_UNARY_F64_ABS,
    FLOAT_UNARY_F64_NEG,
    FLOAT_UNARY_F64_CEIL,
    FLOAT_UNARY_F64_FLOOR,
    FLOAT_UNARY_F64_TRUNC,
    FLOAT_UNARY_F64_NEAREST,
    FLOAT_UNARY_F64_SQRT,
    FLOAT_UNARY_F64_PROMOTE_F32,
    FLOAT_UNARY_COUNT
};

/** Comparisons of floats; the negations of the less ones are for branches only. */
enum interp_float_compare_op {
    FLOAT_COMPARE_F32_EQ,
    FLOAT_COMPARE_F32_NE,
    FLOAT_COMPARE_F32_LT,
    FLOAT_COMPARE_F32_LE,
    FLOAT_COMPARE_F64_EQ,
    FLOAT_COMPARE_F64_NE,
    FLOAT_COMPARE_F64_LT,
    FLOAT_COMPARE_F64_LE,
    FLOAT_COMPARE_VALUE_COUNT,
    FLOAT_COMPARE_F32_NOT_LT = FLOAT_COMPARE_VALUE_COUNT,
    FLOAT_COMPARE_F32_NOT_LE,
    FLOAT_COMPARE_F64_NOT_LT,
    FLOAT_COMPARE_F64_NOT_LE,
    FLOAT_COMPARE_COUNT
};

enum interp_to_float_op {
    TO_FLOAT_F32_CONVERT_I32_S,
    TO_FLOAT_F32_CONVERT_I32_U,
    TO_FLOAT_F32_CONVERT_I64_S,
    TO_FLOAT_F32_CONVERT_I64_U,
    TO_FLOAT_F64_CONVERT_I32_S,
    TO_FLOAT_F64_CONVERT_I32_U,
    TO_FLOAT_F64_CONVERT_I64_S,
    TO_FLOAT_F64_CONVERT_I64_U,
    TO_FLOAT_F32_REINTERPRET_I32,
    TO_FLOAT_F64_REINTERPRET_I64,
    TO_FLOAT_COUNT
};

enum interp_to_integer_op {
    TO_INTEGER_I32_TRUNC_F32_S,
    TO_INTEGER_I32_TRUNC_F32_U,
    TO_INTEGER_I32_TRUNC_F64_S,
    TO_INTEGER_I32_TRUNC_F64_U,
    TO_INTEGER_I64_TRUNC_F32_S,
    TO_INTEGER_I64_TRUNC_F32_U,
    TO_INTEGER_I64_TRUNC_F64_S,
    TO_INTEGER_I64_TRUNC_F64_U,
    TO_INTEGER_I32_TRUNC_SAT_F32_S,
    TO_INTEGER_I32_TRUNC_SAT_F32_U,
    TO_INTEGER_I32_TRUNC_SAT_F64_S,
    TO_INTEGER_I32_TRUNC_SAT_F64_U,
    TO_INTEGER_I64_TRUNC_SAT_F32_S,
    TO_INTEGER_I64_TRUNC_SAT_F32_U,
    TO_INTEGER_I64_TRUNC_SAT_F64_S,
    TO_INTEGER_I64_TRUNC_SAT_F64_U,
    TO_INTEGER_I32_REINTERPRET_F32,
    TO_INTEGER_I64_REINTERPRET_F64,
    TO_INTEGER_COUNT
};

enum interp_load_op {
    LOAD_I32_8_S,
    LOAD_I32_8_U,
    LOAD_I32_16_S,
    LOAD_I32_16_U,
    LOAD_I32,
    LOAD_I64_8_S,
    LOAD_I64_16_S,
    LOAD_I64_32_S,
    LOAD_I64,
    LOAD_COUNT
};

enum interp_store_op { STORE_8, STORE_16, STORE_32, STORE_64, STORE_COUNT };

/** Pairs of i32 instructions: what is before the underscore happens first. */
enum interp_chain_op {
    CHAIN_SHL_ADD,
    CHAIN_ADD_ADD,
    CHAIN_MUL_ADD,
    CHAIN_SHR_AND,
    CHAIN_XOR_XOR,
    CHAIN_ROTL_XOR,
    CHAIN_COUNT
};

/** Loads from the sum of two operands. */
enum interp_indexed_op {
    INDEXED_I32,
    INDEXED_I32_8_U,
    INDEXED_I32_8_S,
    INDEXED_I32_16_U,
    INDEXED_I64,
    INDEXED_F64,
    INDEXED_COUNT
};

/** Operand A of a load or store may be an immediate: the address is the offset alone. */
struct interp_memory_handlers {
    interp_handler *load[LOAD_COUNT][5][4];
    interp_handler *load_float[2][5][4]; /**< f32, f64 */
    interp_handler *store[STORE_COUNT][5][5];
    interp_handler *store_float[2][5][3];
};

extern interp_handler *const interp_integer[INTEGER_COUNT][4][5][4];
extern interp_handler *const interp_division[DIVISION_COUNT][4][5][4];
extern interp_handler *const interp_unary[UNARY_COUNT][4][4];
extern interp_handler *const interp_compare[COMPARE_VALUE_COUNT][4][5][4];
extern interp_handler *const interp_branch[COMPARE_COUNT][4][5];
extern interp_handler *const interp_select[4][4][4][4]; /**< A, B, condition, result */
extern interp_handler *const interp_float[FLOAT_COUNT][4][5][4];
extern interp_handler *const interp_float_rare[RARE_COUNT][4][5][4];
extern interp_handler *const interp_float_unary[FLOAT_UNARY_COUNT][4][4];
extern interp_handler *const interp_float_compare[FLOAT_COMPARE_VALUE_COUNT][4][5][4];
extern interp_handler *const interp_float_branch[FLOAT_COMPARE_COUNT][4][5];
extern interp_handler *const interp_float_select[4][4][4][4];
extern interp_handler *const interp_to_float[TO_FLOAT_COUNT][4][4];
extern interp_handler *const interp_to_integer[TO_INTEGER_COUNT][4][4];
extern interp_handler *const interp_move[5][4];
extern interp_handler *const interp_constant[4];
extern interp_handler *const interp_float_move[4][4];
extern interp_handler *const interp_float_constant[4];
extern interp_handler *const interp_global_get[4];
extern interp_handler *const interp_global_get_float[4];
extern interp_handler *const interp_global_set[5];
extern interp_handler *const interp_global_set_float[4];
extern interp_handler *const interp_call_indirect[4];
extern interp_handler *const interp_br_table[4];
extern interp_handler *const interp_return_integer[4];
extern interp_handler *const interp_return_float[4];
/** A, the first's second operand (slot or immediate), the second's other one, result. */
extern interp_handler *const interp_chain[CHAIN_COUNT][4][2][5][4];
extern interp_handler *const interp_load_indexed[INDEXED_COUNT][4][5][4];
extern interp_handler *const interp_step_branch[COMPARE_I64_EQ][4][5];
/** Load, comparison, address, other operand (slot or immediate). */
extern interp_handler *const interp_load_branch[LOAD_I32 + 1][COMPARE_COUNT][4][2];
extern interp_handler *const interp_move_two[5][5];
extern const struct interp_memory_handlers interp_memory_guarded;
extern const struct interp_memory_handlers interp_memory_checked;

INTERP_DECLARE(interp_select_vector);
INTERP_DECLARE(interp_move_vector);
INTERP_DECLARE(interp_constant_vector);
INTERP_DECLARE(interp_global_get_vector);
INTERP_DECLARE(interp_global_set_vector);

#endif
