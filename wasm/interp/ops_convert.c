/**
 * ops_convert.c - handlers that turn integers into floats and back (spec 4.3.2, 4.3.4).
 *
 * Interface: the tables interp_to_float and interp_to_integer of handlers.h. A truncation
 * of NaN or of a value beyond the integer type traps; the saturating ones give 0 or the
 * nearest integer. The bounds are written as the float values just outside.
 */
#include "forms_float.h"
#include "handlers.h"
#include "state.h"

/* M(constant, name, integer type, float type, expression of the integer l). */
#define TO_FLOATS(M)                                                                 \
    M(F32_CONVERT_I32_S, f32_convert_i32_s, uint32_t, float, (float)(int32_t)l)      \
    M(F32_CONVERT_I32_U, f32_convert_i32_u, uint32_t, float, (float)l)               \
    M(F32_CONVERT_I64_S, f32_convert_i64_s, uint64_t, float, (float)(int64_t)l)      \
    M(F32_CONVERT_I64_U, f32_convert_i64_u, uint64_t, float, (float)l)               \
    M(F64_CONVERT_I32_S, f64_convert_i32_s, uint32_t, double, (double)(int32_t)l)    \
    M(F64_CONVERT_I32_U, f64_convert_i32_u, uint32_t, double, (double)l)             \
    M(F64_CONVERT_I64_S, f64_convert_i64_s, uint64_t, double, (double)(int64_t)l)    \
    M(F64_CONVERT_I64_U, f64_convert_i64_u, uint64_t, double, (double)l)             \
    M(F32_REINTERPRET_I32, f32_reinterpret_i32, uint32_t, float, *(const float *)&l) \
    M(F64_REINTERPRET_I64, f64_reinterpret_i64, uint64_t, double, *(const double *)&l)

#define TO_FLOAT(op, I, T, e, A, D)             \
    static INTERP_HANDLER(op##_##A##D)          \
    {                                           \
        I l = INT_A_##A(I);                     \
        VECTOR_OF(T) result = FLOAT_LANE(T, e); \
        FLOAT_D_##D(T, result);                 \
        INTERP_NEXT(16);                        \
    }
#define ENTRY(op, I, T, e, A, D) [INTERP_##A][INTERP_##D] = op##_##A##D,
#define FORMS(F, op, I, T, e) \
    F(op, I, T, e, a, a)      \
    F(op, I, T, e, a, s)      \
    F(op, I, T, e, s, a)      \
    F(op, I, T, e, s, s)
#define DEFINE_TO_FLOAT(index, op, I, T, e) FORMS(TO_FLOAT, op, I, T, e)
#define TO_FLOAT_ENTRIES(index, op, I, T, e) \
    [TO_FLOAT_##index] = {FORMS(ENTRY, op, I, T, e)},

TO_FLOATS(DEFINE_TO_FLOAT)
interp_handler *const interp_to_float[TO_FLOAT_COUNT][4][4] = {
    TO_FLOATS(TO_FLOAT_ENTRIES)};

/*
 * M(I, bits and sign, integer type, unsigned type of the same size, T, float type, least,
 * limit): a value v is fine when least < v < limit, or least <= v where the
 * integer's least value is itself the last float that fits (spelled GE).
 */
#define TRUNCATIONS(M)                                                              \
    M(32, F32, S, int32_t, uint32_t, float, v >= -0x1p31f, v < 0x1p31f, INT32_MIN,  \
      INT32_MAX)                                                                    \
    M(32, F32, U, uint32_t, uint32_t, float, v > -1.0f, v < 0x1p32f, 0, UINT32_MAX) \
    M(32, F64, S, int32_t, uint32_t, double, v > -0x1.00000002p31, v < 0x1p31,      \
      INT32_MIN, INT32_MAX)                                                         \
    M(32, F64, U, uint32_t, uint32_t, double, v > -1.0, v < 0x1p32, 0, UINT32_MAX)  \
    M(64, F32, S, int64_t, uint64_t, float, v >= -0x1p63f, v < 0x1p63f, INT64_MIN,  \
      INT64_MAX)                                                                    \
    M(64, F32, U, uint64_t, uint64_t, float, v > -1.0f, v < 0x1p64f, 0, UINT64_MAX) \
    M(64, F64, S, int64_t, uint64_t, double, v >= -0x1p63, v < 0x1p63, INT64_MIN,   \
      INT64_MAX)                                                                    \
    M(64, F64, U, uint64_t, uint64_t, double, v > -1.0, v < 0x1p64, 0, UINT64_MAX)

#define TRUNCATE(N, F, X, I, U, T, low, high, least, most, A, D) \
    static INTERP_HANDLER(i##N##_trunc_##F##_##X##_##A##D)       \
    {                                                            \
        T v = FLOAT_A_##A(T)[0];                                 \
        if (__builtin_expect(!((low) && (high)), 0)) {           \
            INTERP_GOTO(v != v ? interp_trap_invalid_conversion  \
                               : interp_trap_integer_overflow);  \
        }                                                        \
        INT_D_##D((U)(I)v);                                      \
        INTERP_NEXT(16);                                         \
    }
#define SATURATE(N, F, X, I, U, T, low, high, least, most, A, D)            \
    static INTERP_HANDLER(i##N##_trunc_sat_##F##_##X##_##A##D)              \
    {                                                                       \
        T v = FLOAT_A_##A(T)[0];                                            \
        I result = v != v ? 0 : !(low) ? (least) : !(high) ? (most) : (I)v; \
        INT_D_##D((U)result);                                               \
        INTERP_NEXT(16);                                                    \
    }
#define TRUNCATE_ENTRY(N, F, X, I, U, T, low, high, least, most, A, D) \
    [TO_INTEGER_I##N##_TRUNC_##F##_##X][INTERP_##A][INTERP_##D] =      \
        i##N##_trunc_##F##_##X##_##A##D,
#define SATURATE_ENTRY(N, F, X, I, U, T, low, high, least, most, A, D) \
    [TO_INTEGER_I##N##_TRUNC_SAT_##F##_##X][INTERP_##A][INTERP_##D] =  \
        i##N##_trunc_sat_##F##_##X##_##A##D,
#define EACH_FORM(M, ...) \
    M(__VA_ARGS__, a, a) M(__VA_ARGS__, a, s) M(__VA_ARGS__, s, a) M(__VA_ARGS__, s, s)
#define DEFINE_TO_INTEGER(...) \
    EACH_FORM(TRUNCATE, __VA_ARGS__) EACH_FORM(SATURATE, __VA_ARGS__)
#define TO_INTEGER_ENTRIES(...) \
    EACH_FORM(TRUNCATE_ENTRY, __VA_ARGS__) EACH_FORM(SATURATE_ENTRY, __VA_ARGS__)

TRUNCATIONS(DEFINE_TO_INTEGER)

/* Reinterpretation reads the bits of lane 0. */
typedef uint32_t words __attribute__((vector_size(16)));
typedef uint64_t quads __attribute__((vector_size(16)));
#define BITS(op, V, S, A, D)               \
    static INTERP_HANDLER(op##_##A##D)     \
    {                                      \
        INT_D_##D(((V)FLOAT_A_##A(S))[0]); \
        INTERP_NEXT(16);                   \
    }
#define BITS_ENTRY(op, V, S, A, D) [INTERP_##A][INTERP_##D] = op##_##A##D,
#define BITS_FORMS(F, op, V, S) \
    F(op, V, S, a, a)           \
    F(op, V, S, a, s)           \
    F(op, V, S, x, a)           \
    F(op, V, S, x, s)           \
    F(op, V, S, y, a)           \
    F(op, V, S, y, s)           \
    F(op, V, S, s, a)           \
    F(op, V, S, s, s)
BITS_FORMS(BITS, i32_reinterpret_f32, words, float)
BITS_FORMS(BITS, i64_reinterpret_f64, quads, double)

interp_handler *const interp_to_integer[TO_INTEGER_COUNT][4][4] = {
    [TO_INTEGER_I32_REINTERPRET_F32] = {BITS_FORMS(BITS_ENTRY, i32_reinterpret_f32,
                                                   words, float)},
    [TO_INTEGER_I64_REINTERPRET_F64] = {BITS_FORMS(BITS_ENTRY, i64_reinterpret_f64,
                                                   quads, double)},
    TRUNCATIONS(TO_INTEGER_ENTRIES)};
