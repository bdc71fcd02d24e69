/**
 * ops_float.c - handlers of float arithmetic on f32 and f64 (spec 4.3.3).
 *
 * Interface: the tables interp_float, interp_float_rare and interp_float_unary of
 * handlers.h. SSE arithmetic is IEEE 754 as the specification wants it: round to nearest,
 * no flush to zero, a NaN operand gives a quiet NaN. Rounding is SSE4.1's ROUNDSS/SD, so no
 * C library is needed. Only min and max need more than one instruction's care.
 */
#include "forms_float.h"
#include "handlers.h"
#include <smmintrin.h>

#define FLOATS(M, N, T, E)                    \
    M(E, F##N##_ADD, f##N##_add, T, l[0] + r) \
    M(E, F##N##_SUB, f##N##_sub, T, l[0] - r) \
    M(E, F##N##_MUL, f##N##_mul, T, l[0] * r) \
    M(E, F##N##_DIV, f##N##_div, T, l[0] / r)
#define ALL_FLOATS(M) FLOATS(M, 32, float, EACH_SHORT_D) FLOATS(M, 64, double, EACH_D)

#define BINARY(op, T, e, A, B, D)         \
    static INTERP_HANDLER(op##_##A##B##D) \
    {                                     \
        VECTOR_OF(T) l = FLOAT_A_##A(T);  \
        T r = FLOAT_B_##B(T);             \
        l[0] = e;                         \
        FLOAT_D_##D(T, l);                \
        INTERP_NEXT(FLOAT_SIZE_##B);      \
    }
#define ENTRY(op, T, e, A, B, D)    [INTERP_##A][INTERP_##B][INTERP_##D] = op##_##A##B##D,
#define FORMS_float(F, E, op, T, e) EACH_BASE(F, E, op, T, e)
#define FORMS_double(F, E, op, T, e) \
    EACH_AB(F, E, op, T, e) EACH_BA(F, E, op, T, e) EACH_SAME(F, E, op, T, e)
#define DEFINE(E, index, op, T, e)  FORMS_##T(BINARY, E, op, T, e)
#define ENTRIES(E, index, op, T, e) [FLOAT_##index] = {FORMS_##T(ENTRY, E, op, T, e)},

ALL_FLOATS(DEFINE)
interp_handler *const interp_float[FLOAT_COUNT][4][5][4] = {ALL_FLOATS(ENTRIES)};

/* min, max, copysign: on the bits where signs of zero matter. */
#define RARE(N, T, U, SIGN)                                                        \
    static inline T f##N##_of_bits(U bits)                                         \
    {                                                                              \
        T value;                                                                   \
        __builtin_memcpy(&value, &bits, sizeof(value));                            \
        return value;                                                              \
    }                                                                              \
    static inline U f##N##_bits(T value)                                           \
    {                                                                              \
        U bits;                                                                    \
        __builtin_memcpy(&bits, &value, sizeof(bits));                             \
        return bits;                                                               \
    }                                                                              \
    static inline T f##N##_minimum(T l, T r)                                       \
    {                                                                              \
        if (l != l || r != r) {                                                    \
            return l + r;                                                          \
        }                                                                          \
        if (l == r) {                                                              \
            return f##N##_of_bits(f##N##_bits(l) | f##N##_bits(r));                \
        }                                                                          \
        return l < r ? l : r;                                                      \
    }                                                                              \
    static inline T f##N##_maximum(T l, T r)                                       \
    {                                                                              \
        if (l != l || r != r) {                                                    \
            return l + r;                                                          \
        }                                                                          \
        if (l == r) {                                                              \
            return f##N##_of_bits(f##N##_bits(l) & f##N##_bits(r));                \
        }                                                                          \
        return l > r ? l : r;                                                      \
    }                                                                              \
    static inline T f##N##_signed_like(T l, T r)                                   \
    {                                                                              \
        return f##N##_of_bits((f##N##_bits(l) & ~SIGN) | (f##N##_bits(r) & SIGN)); \
    }                                                                              \
    static inline T f##N##_absolute(T l)                                           \
    {                                                                              \
        return f##N##_of_bits(f##N##_bits(l) & ~SIGN);                             \
    }                                                                              \
    static inline T f##N##_negated(T l)                                            \
    {                                                                              \
        return f##N##_of_bits(f##N##_bits(l) ^ SIGN);                              \
    }

RARE(32, float, uint32_t, UINT32_C(0x80000000))
RARE(64, double, uint64_t, UINT64_C(0x8000000000000000))

#define RARES(M, N, T)                                    \
    M(F##N##_MIN, f##N##_min, T, f##N##_minimum(l[0], r)) \
    M(F##N##_MAX, f##N##_max, T, f##N##_maximum(l[0], r)) \
    M(F##N##_COPYSIGN, f##N##_copysign, T, f##N##_signed_like(l[0], r))
#define ALL_RARES(M)              RARES(M, 32, float) RARES(M, 64, double)
#define RARE_D(F, op, T, e, A, B) F(op, T, e, A, B, a) F(op, T, e, A, B, s)
#define RARE_FORMS(F, op, T, e) \
    RARE_D(F, op, T, e, a, a)   \
    RARE_D(F, op, T, e, a, s)   \
    RARE_D(F, op, T, e, s, a)   \
    RARE_D(F, op, T, e, s, s)
#define DEFINE_RARE(index, op, T, e)  RARE_FORMS(BINARY, op, T, e)
#define RARE_ENTRIES(index, op, T, e) [RARE_##index] = {RARE_FORMS(ENTRY, op, T, e)},

ALL_RARES(DEFINE_RARE)
interp_handler *const interp_float_rare[RARE_COUNT][4][5][4] = {
    ALL_RARES(RARE_ENTRIES)};

/* One operand. */
#define NO_EXCEPTION(mode) ((mode) | _MM_FROUND_NO_EXC)
#define ROUND_F32(mode)    _mm_round_ss(l, l, NO_EXCEPTION(mode))
#define ROUND_F64(mode)    _mm_round_sd(l, l, NO_EXCEPTION(mode))
#define UNARIES(M)                                                                    \
    M(F32_ABS, f32_abs, float, float, FLOAT_LANE(float, f32_absolute(l[0])))          \
    M(F32_NEG, f32_neg, float, float, FLOAT_LANE(float, f32_negated(l[0])))           \
    M(F32_CEIL, f32_ceil, float, float, ROUND_F32(_MM_FROUND_TO_POS_INF))             \
    M(F32_FLOOR, f32_floor, float, float, ROUND_F32(_MM_FROUND_TO_NEG_INF))           \
    M(F32_TRUNC, f32_trunc, float, float, ROUND_F32(_MM_FROUND_TO_ZERO))              \
    M(F32_NEAREST, f32_nearest, float, float, ROUND_F32(_MM_FROUND_TO_NEAREST_INT))   \
    M(F32_SQRT, f32_sqrt, float, float, _mm_sqrt_ss(l))                               \
    M(F32_DEMOTE_F64, f32_demote_f64, double, float, FLOAT_LANE(float, (float)l[0]))  \
    M(F64_ABS, f64_abs, double, double, FLOAT_LANE(double, f64_absolute(l[0])))       \
    M(F64_NEG, f64_neg, double, double, FLOAT_LANE(double, f64_negated(l[0])))        \
    M(F64_CEIL, f64_ceil, double, double, ROUND_F64(_MM_FROUND_TO_POS_INF))           \
    M(F64_FLOOR, f64_floor, double, double, ROUND_F64(_MM_FROUND_TO_NEG_INF))         \
    M(F64_TRUNC, f64_trunc, double, double, ROUND_F64(_MM_FROUND_TO_ZERO))            \
    M(F64_NEAREST, f64_nearest, double, double, ROUND_F64(_MM_FROUND_TO_NEAREST_INT)) \
    M(F64_SQRT, f64_sqrt, double, double, _mm_sqrt_sd(l, l))                          \
    M(F64_PROMOTE_F32, f64_promote_f32, float, double, FLOAT_LANE(double, (double)l[0]))

#define UNARY(op, S, T, e, A, D)                 \
    static INTERP_HANDLER(op##_##A##D)           \
    {                                            \
        VECTOR_OF(S) l = FLOAT_A_##A(S);         \
        VECTOR_OF(T) result = (VECTOR_OF(T))(e); \
        FLOAT_D_##D(T, result);                  \
        INTERP_NEXT(16);                         \
    }
#define UNARY_ENTRY(op, S, T, e, A, D) [INTERP_##A][INTERP_##D] = op##_##A##D,
#define UNARY_FORMS(F, op, S, T, e) \
    F(op, S, T, e, a, a)            \
    F(op, S, T, e, a, s)            \
    F(op, S, T, e, x, a)            \
    F(op, S, T, e, x, s)            \
    F(op, S, T, e, y, a)            \
    F(op, S, T, e, y, s)            \
    F(op, S, T, e, s, a)            \
    F(op, S, T, e, s, s)
#define DEFINE_UNARY(index, op, S, T, e) UNARY_FORMS(UNARY, op, S, T, e)
#define UNARY_ENTRIES(index, op, S, T, e) \
    [FLOAT_UNARY_##index] = {UNARY_FORMS(UNARY_ENTRY, op, S, T, e)},

UNARIES(DEFINE_UNARY)
interp_handler *const interp_float_unary[FLOAT_UNARY_COUNT][4][4] = {
    UNARIES(UNARY_ENTRIES)};
