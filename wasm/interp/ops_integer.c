/**
 * ops_integer.c - handlers of integer arithmetic on i32 and i64 (spec 4.3.2).
 *
 * Interface: the tables interp_integer, interp_division and interp_unary of handlers.h.
 * Invariants: results of 32-bit operations are zero-extended. Division and remainder
 * trap where the specification says so; nothing else here can.
 */
#include "handlers.h"
#include "state.h"

/* M(operand pairs, results, enum constant, name, type, expression of l and r). */
#define INTEGERS(M, N, bits, T, S, D)                                              \
    M(AB, EACH_D, I##N##_ADD, i##N##_add, T, l + r)                                \
    M(AB, EACH_SHORT_D, I##N##_MUL, i##N##_mul, T, l *r)                           \
    M(AB, D, I##N##_AND, i##N##_and, T, l &r)                                      \
    M(AB, D, I##N##_OR, i##N##_or, T, l | r)                                       \
    M(AB, D, I##N##_XOR, i##N##_xor, T, l ^ r)                                     \
    M(BA, D, I##N##_SUB, i##N##_sub, T, l - r)                                     \
    M(SHIFT, D, I##N##_SHL, i##N##_shl, T, l << (r & bits))                        \
    M(SHIFT, EACH_SHORT_D, I##N##_SHR_S, i##N##_shr_s, T, (T)((S)l >> (r & bits))) \
    M(SHIFT, D, I##N##_SHR_U, i##N##_shr_u, T, l >> (r & bits))                    \
    M(SHIFT, EACH_SHORT_D, I##N##_ROTL, i##N##_rotl, T,                            \
      l << (r & bits) | l >> (-r & bits))                                          \
    M(SHIFT, EACH_SHORT_D, I##N##_ROTR, i##N##_rotr, T,                            \
      l >> (r & bits) | l << (-r & bits))

#define ALL_INTEGERS(M)                            \
    INTEGERS(M, 32, 31, uint32_t, int32_t, EACH_D) \
    INTEGERS(M, 64, 63, uint64_t, int64_t, EACH_SHORT_D)

#define BINARY(op, T, e, A, B, D)         \
    static INTERP_HANDLER(op##_##A##B##D) \
    {                                     \
        T l = INT_A_##A(T);               \
        T r = INT_B_##B(T);               \
        INT_D_##D((T)(e));                \
        INTERP_NEXT(16);                  \
    }
#define ENTRY(op, T, e, A, B, D) [INTERP_##A][INTERP_##B][INTERP_##D] = op##_##A##B##D,

#define PAIRS_AB(F, E, op, T, e)          EACH_AB(F, E, op, T, e)
#define PAIRS_BA(F, E, op, T, e)          EACH_AB(F, E, op, T, e) EACH_BA(F, E, op, T, e)
#define PAIRS_SHIFT(F, E, op, T, e)       EACH_SHIFT(F, E, op, T, e)
#define DEFINE(pairs, E, index, op, T, e) PAIRS_##pairs(BINARY, E, op, T, e)
#define ENTRIES(pairs, E, index, op, T, e) \
    [INTEGER_##index] = {PAIRS_##pairs(ENTRY, E, op, T, e)},

ALL_INTEGERS(DEFINE)
interp_handler *const interp_integer[INTEGER_COUNT][4][5][4] = {ALL_INTEGERS(ENTRIES)};

/*
 * Division. Operands: the dividend in the accumulator or a slot. The quotient of the least
 * integer and -1 does not exist; the remainder does, and is 0, but DIV would fault.
 */
#define DIVIDE_SIGNED(T, S, least)                 \
    if ((S)r == -1 && (S)l == least) {             \
        INTERP_GOTO(interp_trap_integer_overflow); \
    }                                              \
    l = (T)((S)l / (S)r);
#define REMAINDER_SIGNED(T, S, least)   l = (S)r == -1 ? 0 : (T)((S)l % (S)r);
#define DIVIDE_UNSIGNED(T, S, least)    l = l / r;
#define REMAINDER_UNSIGNED(T, S, least) l = l % r;

#define DIVISION(op, T, S, least, STEP, A, B, D)     \
    static INTERP_HANDLER(op##_##A##B##D)            \
    {                                                \
        T l = INT_A_##A(T);                          \
        T r = INT_B_##B(T);                          \
        if (__builtin_expect(r == 0, 0)) {           \
            INTERP_GOTO(interp_trap_divide_by_zero); \
        }                                            \
        STEP(T, S, least)                            \
        INT_D_##D(l);                                \
        INTERP_NEXT(16);                             \
    }
#define DIVISION_ENTRY(op, T, S, least, STEP, A, B, D) \
    [INTERP_##A][INTERP_##B][INTERP_##D] = op##_##A##B##D,
#define DIVISION_D(F, op, T, S, least, STEP, A, B) \
    F(op, T, S, least, STEP, A, B, a) F(op, T, S, least, STEP, A, B, s)
#define DIVISION_FORMS(F, op, T, S, least, STEP) \
    DIVISION_D(F, op, T, S, least, STEP, a, s)   \
    DIVISION_D(F, op, T, S, least, STEP, a, i)   \
    DIVISION_D(F, op, T, S, least, STEP, s, a)   \
    DIVISION_D(F, op, T, S, least, STEP, s, s)   \
    DIVISION_D(F, op, T, S, least, STEP, s, i)
#define DIVISIONS(M, N, T, S, least)                             \
    M(I##N##_DIV_S, i##N##_div_s, T, S, least, DIVIDE_SIGNED)    \
    M(I##N##_DIV_U, i##N##_div_u, T, S, least, DIVIDE_UNSIGNED)  \
    M(I##N##_REM_S, i##N##_rem_s, T, S, least, REMAINDER_SIGNED) \
    M(I##N##_REM_U, i##N##_rem_u, T, S, least, REMAINDER_UNSIGNED)
#define ALL_DIVISIONS(M)                           \
    DIVISIONS(M, 32, uint32_t, int32_t, INT32_MIN) \
    DIVISIONS(M, 64, uint64_t, int64_t, INT64_MIN)
#define DEFINE_DIVISION(index, op, T, S, least, STEP) \
    DIVISION_FORMS(DIVISION, op, T, S, least, STEP)
#define DIVISION_ENTRIES(index, op, T, S, least, STEP) \
    [DIVISION_##index] = {DIVISION_FORMS(DIVISION_ENTRY, op, T, S, least, STEP)},

ALL_DIVISIONS(DEFINE_DIVISION)
interp_handler *const interp_division[DIVISION_COUNT][4][5][4] = {
    ALL_DIVISIONS(DIVISION_ENTRIES)};

/* One operand. The shifts of clz and ctz keep the builtin away from 0. */
#define UNARIES(M)                                                             \
    M(I32_CLZ, i32_clz, uint32_t, l == 0 ? 32 : (uint32_t)__builtin_clz(l))    \
    M(I32_CTZ, i32_ctz, uint32_t, l == 0 ? 32 : (uint32_t)__builtin_ctz(l))    \
    M(I32_POPCNT, i32_popcnt, uint32_t, (uint32_t)__builtin_popcount(l))       \
    M(I32_EXTEND8_S, i32_extend8_s, uint32_t, (uint32_t)(int32_t)(int8_t)l)    \
    M(I32_EXTEND16_S, i32_extend16_s, uint32_t, (uint32_t)(int32_t)(int16_t)l) \
    M(I32_WRAP_I64, i32_wrap_i64, uint32_t, l)                                 \
    M(I64_CLZ, i64_clz, uint64_t, l == 0 ? 64 : (uint64_t)__builtin_clzll(l))  \
    M(I64_CTZ, i64_ctz, uint64_t, l == 0 ? 64 : (uint64_t)__builtin_ctzll(l))  \
    M(I64_POPCNT, i64_popcnt, uint64_t, (uint64_t)__builtin_popcountll(l))     \
    M(I64_EXTEND8_S, i64_extend8_s, uint64_t, (uint64_t)(int8_t)l)             \
    M(I64_EXTEND16_S, i64_extend16_s, uint64_t, (uint64_t)(int16_t)l)          \
    M(I64_EXTEND32_S, i64_extend32_s, uint64_t, (uint64_t)(int32_t)l)

#define UNARY(op, T, e, A, B, D)       \
    static INTERP_HANDLER(op##_##A##D) \
    {                                  \
        T l = INT_A_##A(T);            \
        INT_D_##D((T)(e));             \
        INTERP_NEXT(16);               \
    }
#define UNARY_ENTRY(op, T, e, A, B, D) [INTERP_##A][INTERP_##D] = op##_##A##D,
#define UNARY_FORMS(F, op, T, e) \
    EACH_D(F, op, T, e, a, _)    \
    EACH_D(F, op, T, e, x, _)    \
    EACH_D(F, op, T, e, y, _)    \
    EACH_D(F, op, T, e, s, _)
#define DEFINE_UNARY(index, op, T, e) UNARY_FORMS(UNARY, op, T, e)
#define UNARY_ENTRIES(index, op, T, e) \
    [UNARY_##index] = {UNARY_FORMS(UNARY_ENTRY, op, T, e)},

UNARIES(DEFINE_UNARY)
interp_handler *const interp_unary[UNARY_COUNT][4][4] = {UNARIES(UNARY_ENTRIES)};
