/**
 * forms_vector.h - operands of vector operations, which are all in slots: a, b and e, the
 * result in d. A v128 takes two slots and is not aligned to 16 bytes.
 */
#ifndef WASM_INTERP_FORMS_VECTOR_H
#define WASM_INTERP_FORMS_VECTOR_H

#include "machine.h"
#include "module/opcodes.h"
#include <smmintrin.h>
#include <stdbool.h>

typedef int8_t i8x16 __attribute__((vector_size(16)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef int16_t i16x8 __attribute__((vector_size(16)));
typedef uint16_t u16x8 __attribute__((vector_size(16)));
typedef int32_t i32x4 __attribute__((vector_size(16)));
typedef uint32_t u32x4 __attribute__((vector_size(16)));
typedef int64_t i64x2 __attribute__((vector_size(16)));
typedef uint64_t u64x2 __attribute__((vector_size(16)));
typedef float f32x4 __attribute__((vector_size(16)));
typedef double f64x2 __attribute__((vector_size(16)));
typedef int8_t i8x8 __attribute__((vector_size(8)));
typedef uint8_t u8x8 __attribute__((vector_size(8)));
typedef int16_t i16x4 __attribute__((vector_size(8)));
typedef uint16_t u16x4 __attribute__((vector_size(8)));
typedef int32_t i32x2 __attribute__((vector_size(8)));
typedef uint32_t u32x2 __attribute__((vector_size(8)));
typedef float f32x2 __attribute__((vector_size(8)));

/** Handlers by vector opcode minus OPCODE_VECTOR_BASE; NULL: another table has it. */
extern interp_handler *const interp_vector_integer[OPCODE_VECTOR_COUNT];
extern interp_handler *const interp_vector_float[OPCODE_VECTOR_COUNT];
extern interp_handler *const interp_vector_lane[OPCODE_VECTOR_COUNT];

/** Handlers of vector memory operations, address in the accumulator or a slot. */
enum { INTERP_VECTOR_IN_ACC, INTERP_VECTOR_IN_SLOT };
extern interp_handler *const interp_vector_memory[OPCODE_VECTOR_COUNT][2];

static inline u8x16 vector_read(const uint64_t *slot)
{
    u8x16 value;

    __builtin_memcpy(&value, slot, sizeof(value));
    return value;
}

static inline void vector_write(uint64_t *slot, u8x16 value)
{
    __builtin_memcpy(slot, &value, sizeof(value));
}

/* A handler with one, two or three vector operands l, r, m of types T; e is the result. */
#define VECTOR_UNARY(symbol, T, e)               \
    static INTERP_HANDLER(vector_##symbol)       \
    {                                            \
        T l = (T)vector_read(&frame[pc->a]);     \
        vector_write(&frame[pc->d], (u8x16)(e)); \
        INTERP_NEXT(16);                         \
    }
#define VECTOR_BINARY(symbol, T, e)              \
    static INTERP_HANDLER(vector_##symbol)       \
    {                                            \
        T l = (T)vector_read(&frame[pc->a]);     \
        T r = (T)vector_read(&frame[pc->b]);     \
        vector_write(&frame[pc->d], (u8x16)(e)); \
        INTERP_NEXT(16);                         \
    }
#define VECTOR_TERNARY(symbol, T, result)             \
    static INTERP_HANDLER(vector_##symbol)            \
    {                                                 \
        T l = (T)vector_read(&frame[pc->a]);          \
        T r = (T)vector_read(&frame[pc->b]);          \
        T m = (T)vector_read(&frame[pc->e]);          \
        vector_write(&frame[pc->d], (u8x16)(result)); \
        INTERP_NEXT(16);                              \
    }
/* A vector operand l, a scalar result. */
#define VECTOR_TEST(symbol, T, e)            \
    static INTERP_HANDLER(vector_##symbol)   \
    {                                        \
        T l = (T)vector_read(&frame[pc->a]); \
        frame[pc->d] = (uint32_t)(e);        \
        INTERP_NEXT(16);                     \
    }
/* A vector l and a shift count n, below the lane's width. */
#define VECTOR_SHIFT(symbol, T, bits, e)                  \
    static INTERP_HANDLER(vector_##symbol)                \
    {                                                     \
        T l = (T)vector_read(&frame[pc->a]);              \
        unsigned n = (unsigned)frame[pc->b] & ((bits)-1); \
        vector_write(&frame[pc->d], (u8x16)(e));          \
        INTERP_NEXT(16);                                  \
    }
#define VECTOR_ENTRY(symbol, ...) [OP_##symbol - OPCODE_VECTOR_BASE] = vector_##symbol,

#endif
