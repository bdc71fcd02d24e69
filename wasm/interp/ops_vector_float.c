/**
 * ops_vector_float.c - handlers of float SIMD and of conversions between lanes (spec 4.3.3,
 * 4.3.4 lane by lane).
 *
 * Interface: interp_vector_float of forms_vector.h. The relaxed operations do what their
 * strict counterparts do; a relaxed multiply-add rounds twice.
 */
#include "forms_vector.h"

#define NO_EXCEPTION(mode) ((mode) | _MM_FROUND_NO_EXC)
#define PICK(T, condition, t, f) \
    ((T)(((u8x16)(t) & (u8x16)(condition)) | ((u8x16)(f) & ~(u8x16)(condition))))

/*
 * MINPS gives its second operand when one is NaN or both are zero. Both orders together,
 * or'ed for min and and'ed for max, have the right zero; where an operand is NaN the
 * sum is a quiet NaN.
 */
#define EXTREMES(F, V, MIN, MAX)                            \
    static inline V F##_minimum(V l, V r)                   \
    {                                                       \
        u8x16 either = (u8x16)MIN(l, r) | (u8x16)MIN(r, l); \
        return PICK(V, (l != l) | (r != r), l + r, either); \
    }                                                       \
    static inline V F##_maximum(V l, V r)                   \
    {                                                       \
        u8x16 either = (u8x16)MAX(l, r) & (u8x16)MAX(r, l); \
        return PICK(V, (l != l) | (r != r), l + r, either); \
    }
EXTREMES(f32, f32x4, _mm_min_ps, _mm_max_ps)
EXTREMES(f64, f64x2, _mm_min_pd, _mm_max_pd)

static inline int32_t saturate_signed(double value)
{
    return value != value       ? 0
           : value <= INT32_MIN ? INT32_MIN
           : value >= INT32_MAX ? INT32_MAX
                                : (int32_t)value;
}

static inline uint32_t saturate_unsigned(double value)
{
    return !(value > 0) ? 0 : value >= UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static inline u32x4 truncate_f32(f32x4 v, bool is_signed)
{
    u32x4 result = {0, 0, 0, 0};

    for (int i = 0; i < 4; i++) {
        result[i] = is_signed ? (uint32_t)saturate_signed((double)v[i])
                              : saturate_unsigned((double)v[i]);
    }
    return result;
}

static inline u32x4 truncate_f64(f64x2 v, bool is_signed)
{
    u32x4 result = {0, 0, 0, 0};

    for (int i = 0; i < 2; i++) {
        result[i] =
            is_signed ? (uint32_t)saturate_signed(v[i]) : saturate_unsigned(v[i]);
    }
    return result;
}

#define LOW2(v)              __builtin_shufflevector(v, v, 0, 1)
#define ABSOLUTE(T, l, mask) ((T)(l) & (mask))

#define BINARIES_OF(B, X, V, F, MIN, MAX)    \
    B(X##_EQ, V, l == r)                     \
    B(X##_NE, V, l != r)                     \
    B(X##_LT, V, l < r)                      \
    B(X##_GT, V, l > r)                      \
    B(X##_LE, V, l <= r)                     \
    B(X##_GE, V, l >= r)                     \
    B(X##_ADD, V, l + r)                     \
    B(X##_SUB, V, l - r)                     \
    B(X##_MUL, V, l *r)                      \
    B(X##_DIV, V, l / r)                     \
    B(X##_MIN, V, F##_minimum(l, r))         \
    B(X##_MAX, V, F##_maximum(l, r))         \
    B(X##_RELAXED_MIN, V, F##_minimum(l, r)) \
    B(X##_RELAXED_MAX, V, F##_maximum(l, r)) \
    B(X##_PMIN, V, MIN(r, l))                \
    B(X##_PMAX, V, MAX(r, l))
#define BINARIES(B)                                           \
    BINARIES_OF(B, F32X4, f32x4, f32, _mm_min_ps, _mm_max_ps) \
    BINARIES_OF(B, F64X2, f64x2, f64, _mm_min_pd, _mm_max_pd)

#define UNARIES_OF(B, X, V, U, P, SIGN)                                    \
    B(X##_ABS, U, l & ~SIGN)                                               \
    B(X##_NEG, U, l ^ SIGN)                                                \
    B(X##_SQRT, V, _mm_sqrt_##P(l))                                        \
    B(X##_CEIL, V, _mm_round_##P(l, NO_EXCEPTION(_MM_FROUND_TO_POS_INF)))  \
    B(X##_FLOOR, V, _mm_round_##P(l, NO_EXCEPTION(_MM_FROUND_TO_NEG_INF))) \
    B(X##_TRUNC, V, _mm_round_##P(l, NO_EXCEPTION(_MM_FROUND_TO_ZERO)))    \
    B(X##_NEAREST, V, _mm_round_##P(l, NO_EXCEPTION(_MM_FROUND_TO_NEAREST_INT)))
#define UNARIES(B)                                                               \
    UNARIES_OF(B, F32X4, f32x4, u32x4, ps, UINT32_C(0x80000000))                 \
    UNARIES_OF(B, F64X2, f64x2, u64x2, pd, UINT64_C(0x8000000000000000))         \
    B(I32X4_TRUNC_SAT_F32X4_S, f32x4, truncate_f32(l, true))                     \
    B(I32X4_TRUNC_SAT_F32X4_U, f32x4, truncate_f32(l, false))                    \
    B(I32X4_TRUNC_SAT_F64X2_S_ZERO, f64x2, truncate_f64(l, true))                \
    B(I32X4_TRUNC_SAT_F64X2_U_ZERO, f64x2, truncate_f64(l, false))               \
    B(I32X4_RELAXED_TRUNC_F32X4_S, f32x4, truncate_f32(l, true))                 \
    B(I32X4_RELAXED_TRUNC_F32X4_U, f32x4, truncate_f32(l, false))                \
    B(I32X4_RELAXED_TRUNC_F64X2_S_ZERO, f64x2, truncate_f64(l, true))            \
    B(I32X4_RELAXED_TRUNC_F64X2_U_ZERO, f64x2, truncate_f64(l, false))           \
    B(F32X4_CONVERT_I32X4_S, i32x4, __builtin_convertvector(l, f32x4))           \
    B(F32X4_CONVERT_I32X4_U, u32x4, __builtin_convertvector(l, f32x4))           \
    B(F64X2_CONVERT_LOW_I32X4_S, i32x4, __builtin_convertvector(LOW2(l), f64x2)) \
    B(F64X2_CONVERT_LOW_I32X4_U, u32x4, __builtin_convertvector(LOW2(l), f64x2)) \
    B(F64X2_PROMOTE_LOW_F32X4, f32x4, _mm_cvtps_pd(l))                           \
    B(F32X4_DEMOTE_F64X2_ZERO, f64x2, _mm_cvtpd_ps(l))

#define TERNARIES(B)                         \
    B(F32X4_RELAXED_MADD, f32x4, l *r + m)   \
    B(F32X4_RELAXED_NMADD, f32x4, m - l * r) \
    B(F64X2_RELAXED_MADD, f64x2, l *r + m)   \
    B(F64X2_RELAXED_NMADD, f64x2, m - l * r)

BINARIES(VECTOR_BINARY)
UNARIES(VECTOR_UNARY)
TERNARIES(VECTOR_TERNARY)

interp_handler *const interp_vector_float[OPCODE_VECTOR_COUNT] = {
    BINARIES(VECTOR_ENTRY) UNARIES(VECTOR_ENTRY) TERNARIES(VECTOR_ENTRY)};
