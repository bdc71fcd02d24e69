/**
 * ops_vector_integer.c - handlers of integer SIMD (spec 4.3.2 lane by lane), bitwise
 * operations included.
 *
 * Interface: interp_vector_integer of forms_vector.h. Vector extensions of the compiler
 * where they say what is meant, SSE4.1 intrinsics where an instruction does just that.
 */
#include "forms_vector.h"

#define I(v)            ((__m128i)(v))
#define LOW(v, ...)     __builtin_shufflevector(v, v, __VA_ARGS__)
#define HALF8(v)        LOW(v, 0, 1, 2, 3, 4, 5, 6, 7)
#define UPPER8(v)       LOW(v, 8, 9, 10, 11, 12, 13, 14, 15)
#define HALF4(v)        LOW(v, 0, 1, 2, 3)
#define UPPER4(v)       LOW(v, 4, 5, 6, 7)
#define HALF2(v)        LOW(v, 0, 1)
#define UPPER2(v)       LOW(v, 2, 3)
#define EVEN8(v)        LOW(v, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD8(v)         LOW(v, 1, 3, 5, 7, 9, 11, 13, 15)
#define EVEN4(v)        LOW(v, 0, 2, 4, 6)
#define ODD4(v)         LOW(v, 1, 3, 5, 7)
#define AS(T, v)        __builtin_convertvector(v, T)
#define SELECT(c, t, f) (((u8x16)(t) & (u8x16)(c)) | ((u8x16)(f) & ~(u8x16)(c)))

static inline u8x16 popcount_lanes(u8x16 v)
{
    v = v - ((v >> 1) & 0x55);
    v = (v & 0x33) + ((v >> 2) & 0x33);
    return (v + (v >> 4)) & 0x0F;
}

/* The one product that does not fit, of the two least numbers, saturates. */
static inline i16x8 q15_multiply(i16x8 l, i16x8 r)
{
    i16x8 product = (i16x8)_mm_mulhrs_epi16(I(l), I(r));

    return product ^ (product == INT16_MIN);
}

static inline i16x8 dot_bytes(i8x16 l, i8x16 r)
{
    return AS(i16x8, EVEN8(l)) * AS(i16x8, EVEN8(r)) +
           AS(i16x8, ODD8(l)) * AS(i16x8, ODD8(r));
}

static inline i32x4 add_pairs(i16x8 v)
{
    return AS(i32x4, EVEN4(v)) + AS(i32x4, ODD4(v));
}

#define COMPARISONS(B, X, S, U) \
    B(X##_EQ, S, l == r)        \
    B(X##_NE, S, l != r)        \
    B(X##_LT_S, S, l < r)       \
    B(X##_GT_S, S, l > r)       \
    B(X##_LE_S, S, l <= r)      \
    B(X##_GE_S, S, l >= r)
#define COMPARISONS_U(B, X, U) \
    B(X##_LT_U, U, l < r)      \
    B(X##_GT_U, U, l > r)      \
    B(X##_LE_U, U, l <= r)     \
    B(X##_GE_U, U, l >= r)
#define MINIMA(B, X, S, U)                           \
    B(X##_MIN_S, S, __builtin_elementwise_min(l, r)) \
    B(X##_MIN_U, U, __builtin_elementwise_min(l, r)) \
    B(X##_MAX_S, S, __builtin_elementwise_max(l, r)) \
    B(X##_MAX_U, U, __builtin_elementwise_max(l, r))
#define SATURATIONS(B, X, epi, epu)                     \
    B(X##_ADD_SAT_S, u8x16, _mm_adds_##epi(I(l), I(r))) \
    B(X##_ADD_SAT_U, u8x16, _mm_adds_##epu(I(l), I(r))) \
    B(X##_SUB_SAT_S, u8x16, _mm_subs_##epi(I(l), I(r))) \
    B(X##_SUB_SAT_U, u8x16, _mm_subs_##epu(I(l), I(r)))
#define EXTENDED_PRODUCTS(B, X, N, S, U, WS, WU, LOWER, UPPER)         \
    B(X##_EXTMUL_LOW_##N##_S, S, AS(WS, LOWER(l)) * AS(WS, LOWER(r)))  \
    B(X##_EXTMUL_HIGH_##N##_S, S, AS(WS, UPPER(l)) * AS(WS, UPPER(r))) \
    B(X##_EXTMUL_LOW_##N##_U, U, AS(WU, LOWER(l)) * AS(WU, LOWER(r)))  \
    B(X##_EXTMUL_HIGH_##N##_U, U, AS(WU, UPPER(l)) * AS(WU, UPPER(r)))
#define ARITHMETIC(B, X, U) \
    B(X##_ADD, U, l + r)    \
    B(X##_SUB, U, l - r)

#define BINARIES(B)                                                               \
    COMPARISONS(B, I8X16, i8x16, u8x16)                                           \
    COMPARISONS(B, I16X8, i16x8, u16x8)                                           \
    COMPARISONS(B, I32X4, i32x4, u32x4)                                           \
    COMPARISONS(B, I64X2, i64x2, u64x2)                                           \
    COMPARISONS_U(B, I8X16, u8x16)                                                \
    COMPARISONS_U(B, I16X8, u16x8)                                                \
    COMPARISONS_U(B, I32X4, u32x4)                                                \
    B(V128_AND, u8x16, l &r)                                                      \
    B(V128_ANDNOT, u8x16, l & ~r)                                                 \
    B(V128_OR, u8x16, l | r)                                                      \
    B(V128_XOR, u8x16, l ^ r)                                                     \
    ARITHMETIC(B, I8X16, u8x16)                                                   \
    ARITHMETIC(B, I16X8, u16x8)                                                   \
    ARITHMETIC(B, I32X4, u32x4)                                                   \
    ARITHMETIC(B, I64X2, u64x2)                                                   \
    SATURATIONS(B, I8X16, epi8, epu8)                                             \
    SATURATIONS(B, I16X8, epi16, epu16)                                           \
    MINIMA(B, I8X16, i8x16, u8x16)                                                \
    MINIMA(B, I16X8, i16x8, u16x8)                                                \
    MINIMA(B, I32X4, i32x4, u32x4)                                                \
    B(I16X8_MUL, u16x8, l *r)                                                     \
    B(I32X4_MUL, u32x4, l *r)                                                     \
    B(I64X2_MUL, u64x2, l *r)                                                     \
    B(I8X16_AVGR_U, u8x16, _mm_avg_epu8(I(l), I(r)))                              \
    B(I16X8_AVGR_U, u16x8, _mm_avg_epu16(I(l), I(r)))                             \
    B(I8X16_NARROW_I16X8_S, u8x16, _mm_packs_epi16(I(l), I(r)))                   \
    B(I8X16_NARROW_I16X8_U, u8x16, _mm_packus_epi16(I(l), I(r)))                  \
    B(I16X8_NARROW_I32X4_S, u8x16, _mm_packs_epi32(I(l), I(r)))                   \
    B(I16X8_NARROW_I32X4_U, u8x16, _mm_packus_epi32(I(l), I(r)))                  \
    EXTENDED_PRODUCTS(B, I16X8, I8X16, i8x16, u8x16, i16x8, u16x8, HALF8, UPPER8) \
    EXTENDED_PRODUCTS(B, I32X4, I16X8, i16x8, u16x8, i32x4, u32x4, HALF4, UPPER4) \
    EXTENDED_PRODUCTS(B, I64X2, I32X4, i32x4, u32x4, i64x2, u64x2, HALF2, UPPER2) \
    B(I16X8_Q15MULR_SAT_S, i16x8, q15_multiply(l, r))                             \
    B(I16X8_RELAXED_Q15MULR_S, i16x8, q15_multiply(l, r))                         \
    B(I32X4_DOT_I16X8_S, u8x16, _mm_madd_epi16(I(l), I(r)))                       \
    B(I16X8_RELAXED_DOT_I8X16_I7X16_S, i8x16, dot_bytes(l, r))                    \
    B(I8X16_SWIZZLE, u8x16,                                                       \
      _mm_shuffle_epi8(I(l), _mm_adds_epu8(I(r), _mm_set1_epi8(0x70))))           \
    B(I8X16_RELAXED_SWIZZLE, u8x16,                                               \
      _mm_shuffle_epi8(I(l), _mm_adds_epu8(I(r), _mm_set1_epi8(0x70))))

#define EXTENSIONS(B, X, N, S, U, WS, WU, LOWER, UPPER) \
    B(X##_EXTEND_LOW_##N##_S, S, AS(WS, LOWER(l)))      \
    B(X##_EXTEND_HIGH_##N##_S, S, AS(WS, UPPER(l)))     \
    B(X##_EXTEND_LOW_##N##_U, U, AS(WU, LOWER(l)))      \
    B(X##_EXTEND_HIGH_##N##_U, U, AS(WU, UPPER(l)))
#define SIGNS(B, X, S)                          \
    B(X##_ABS, S, __builtin_elementwise_abs(l)) \
    B(X##_NEG, S, 0 - (u##S)l)
typedef u8x16 ui8x16;
typedef u16x8 ui16x8;
typedef u32x4 ui32x4;
typedef u64x2 ui64x2;
#define UNARIES(B)                                                                    \
    B(V128_NOT, u8x16, ~l)                                                            \
    SIGNS(B, I8X16, i8x16)                                                            \
    SIGNS(B, I16X8, i16x8)                                                            \
    SIGNS(B, I32X4, i32x4)                                                            \
    SIGNS(B, I64X2, i64x2)                                                            \
    B(I8X16_POPCNT, u8x16, popcount_lanes(l))                                         \
    EXTENSIONS(B, I16X8, I8X16, i8x16, u8x16, i16x8, u16x8, HALF8, UPPER8)            \
    EXTENSIONS(B, I32X4, I16X8, i16x8, u16x8, i32x4, u32x4, HALF4, UPPER4)            \
    EXTENSIONS(B, I64X2, I32X4, i32x4, u32x4, i64x2, u64x2, HALF2, UPPER2)            \
    B(I16X8_EXTADD_PAIRWISE_I8X16_S, i8x16, AS(i16x8, EVEN8(l)) + AS(i16x8, ODD8(l))) \
    B(I16X8_EXTADD_PAIRWISE_I8X16_U, u8x16, AS(u16x8, EVEN8(l)) + AS(u16x8, ODD8(l))) \
    B(I32X4_EXTADD_PAIRWISE_I16X8_S, i16x8, add_pairs(l))                             \
    B(I32X4_EXTADD_PAIRWISE_I16X8_U, u16x8, AS(u32x4, EVEN4(l)) + AS(u32x4, ODD4(l)))

#define TESTS(B)                                                     \
    B(V128_ANY_TRUE, u64x2, (l[0] | l[1]) != 0)                      \
    B(I8X16_ALL_TRUE, u8x16, _mm_movemask_epi8(I(l == 0)) == 0)      \
    B(I16X8_ALL_TRUE, u16x8, _mm_movemask_epi8(I(l == 0)) == 0)      \
    B(I32X4_ALL_TRUE, u32x4, _mm_movemask_epi8(I(l == 0)) == 0)      \
    B(I64X2_ALL_TRUE, u64x2, _mm_movemask_epi8(I(l == 0)) == 0)      \
    B(I8X16_BITMASK, u8x16, _mm_movemask_epi8(I(l)))                 \
    B(I16X8_BITMASK, u8x16,                                          \
      _mm_movemask_epi8(_mm_packs_epi16(I(l), _mm_setzero_si128()))) \
    B(I32X4_BITMASK, u8x16, _mm_movemask_ps((__m128)l))              \
    B(I64X2_BITMASK, u8x16, _mm_movemask_pd((__m128d)l))

#define SHIFTS(B, X, bits, S, U, T)               \
    B(X##_SHL, U, bits, l << (U)((U){} + (T)n))   \
    B(X##_SHR_S, S, bits, l >> (S)((U){} + (T)n)) \
    B(X##_SHR_U, U, bits, l >> (U)((U){} + (T)n))
#define ALL_SHIFTS(B)                            \
    SHIFTS(B, I8X16, 8, i8x16, u8x16, uint8_t)   \
    SHIFTS(B, I16X8, 16, i16x8, u16x8, uint16_t) \
    SHIFTS(B, I32X4, 32, i32x4, u32x4, uint32_t) \
    SHIFTS(B, I64X2, 64, i64x2, u64x2, uint64_t)

#define TERNARIES(B)                                    \
    B(V128_BITSELECT, u8x16, SELECT(m, l, r))           \
    B(I8X16_RELAXED_LANESELECT, u8x16, SELECT(m, l, r)) \
    B(I16X8_RELAXED_LANESELECT, u8x16, SELECT(m, l, r)) \
    B(I32X4_RELAXED_LANESELECT, u8x16, SELECT(m, l, r)) \
    B(I64X2_RELAXED_LANESELECT, u8x16, SELECT(m, l, r)) \
    B(I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S, i8x16,       \
      (u32x4)add_pairs(dot_bytes(l, r)) + (u32x4)m)

BINARIES(VECTOR_BINARY)
UNARIES(VECTOR_UNARY)
TESTS(VECTOR_TEST)
ALL_SHIFTS(VECTOR_SHIFT)
TERNARIES(VECTOR_TERNARY)

interp_handler *const interp_vector_integer[OPCODE_VECTOR_COUNT] = {
    BINARIES(VECTOR_ENTRY) UNARIES(VECTOR_ENTRY) TESTS(VECTOR_ENTRY)
        ALL_SHIFTS(VECTOR_ENTRY) TERNARIES(VECTOR_ENTRY)};
