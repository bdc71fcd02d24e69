/**
 * ops_vector_lane.c - handlers that take vectors apart and put them together: splat, lanes,
 * shuffle, loads and stores.
 *
 * Interface: interp_vector_lane and interp_vector_memory of forms_vector.h. Memory
 * operations do not check bounds: guard pages do, or interp_address did before.
 */
#include "forms_vector.h"
#include "handlers.h"

/* Scalars in slots: integers as they are, floats as the bits of their type. */
#define SPLATS(B)                   \
    B(I8X16_SPLAT, u8x16, uint8_t)  \
    B(I16X8_SPLAT, u16x8, uint16_t) \
    B(I32X4_SPLAT, u32x4, uint32_t) \
    B(I64X2_SPLAT, u64x2, uint64_t) \
    B(F32X4_SPLAT, u32x4, uint32_t) \
    B(F64X2_SPLAT, u64x2, uint64_t)
#define SPLAT(symbol, V, T)                        \
    static INTERP_HANDLER(vector_##symbol)         \
    {                                              \
        V value = (V){} + (T)frame[pc->a];         \
        vector_write(&frame[pc->d], (u8x16)value); \
        INTERP_NEXT(16);                           \
    }

/* A lane is memory: byte `e` times its size into the slots. */
#define EXTRACTS(B)                             \
    B(I8X16_EXTRACT_LANE_S, int8_t, uint32_t)   \
    B(I8X16_EXTRACT_LANE_U, uint8_t, uint32_t)  \
    B(I16X8_EXTRACT_LANE_S, int16_t, uint32_t)  \
    B(I16X8_EXTRACT_LANE_U, uint16_t, uint32_t) \
    B(I32X4_EXTRACT_LANE, uint32_t, uint32_t)   \
    B(I64X2_EXTRACT_LANE, uint64_t, uint64_t)   \
    B(F32X4_EXTRACT_LANE, uint32_t, uint32_t)   \
    B(F64X2_EXTRACT_LANE, uint64_t, uint64_t)
#define EXTRACT(symbol, L, T)                                                 \
    static INTERP_HANDLER(vector_##symbol)                                    \
    {                                                                         \
        L lane;                                                               \
        __builtin_memcpy(&lane, (const L *)&frame[pc->a] + pc->e, sizeof(L)); \
        frame[pc->d] = (T)(int64_t)lane;                                      \
        INTERP_NEXT(16);                                                      \
    }
#define REPLACES(B)                 \
    B(I8X16_REPLACE_LANE, uint8_t)  \
    B(I16X8_REPLACE_LANE, uint16_t) \
    B(I32X4_REPLACE_LANE, uint32_t) \
    B(I64X2_REPLACE_LANE, uint64_t) \
    B(F32X4_REPLACE_LANE, uint32_t) \
    B(F64X2_REPLACE_LANE, uint64_t)
#define REPLACE(symbol, L)                                              \
    static INTERP_HANDLER(vector_##symbol)                              \
    {                                                                   \
        L lane = (L)frame[pc->b];                                       \
        vector_write(&frame[pc->d], vector_read(&frame[pc->a]));        \
        __builtin_memcpy((L *)&frame[pc->d] + pc->e, &lane, sizeof(L)); \
        INTERP_NEXT(16);                                                \
    }
SPLATS(SPLAT)
EXTRACTS(EXTRACT)
REPLACES(REPLACE)

/* The mask stands behind: a lane of l is below 16, one of r from 16 on. */
static INTERP_HANDLER(vector_I8X16_SHUFFLE)
{
    __m128i l = (__m128i)vector_read(&frame[pc->a]);
    __m128i r = (__m128i)vector_read(&frame[pc->b]);
    u8x16 mask = vector_read(pc->more);
    u8x16 from_l = (u8x16)_mm_shuffle_epi8(l, (__m128i)(mask | (u8x16)(mask > 15)));
    u8x16 from_r = (u8x16)_mm_shuffle_epi8(r, (__m128i)(mask - 16));

    vector_write(&frame[pc->d], from_l | from_r);
    INTERP_NEXT(32);
}

interp_handler *const interp_vector_lane[OPCODE_VECTOR_COUNT] = {
    SPLATS(VECTOR_ENTRY) EXTRACTS(VECTOR_ENTRY) REPLACES(VECTOR_ENTRY)
        VECTOR_ENTRY(I8X16_SHUFFLE)};

/* The condition's slot stands behind. */
INTERP_HANDLER(interp_select_vector)
{
    uint32_t slot = (uint32_t)frame[pc->more[0]] != 0 ? pc->a : pc->b;

    vector_write(&frame[pc->d], vector_read(&frame[slot]));
    INTERP_NEXT(24);
}

/* Memory: the address in acc or slot a, the offset behind. */
#define ADDRESS_acc  acc
#define ADDRESS_slot frame[pc->a]
#define PLACE(A)     interp_address_of(memory, ADDRESS_##A + pc->more[0])

#define LOADS(B)                                                            \
    B(V128_LOAD, u8x16, u8x16, value)                                       \
    B(V128_LOAD8X8_S, i8x8, i16x8, __builtin_convertvector(value, i16x8))   \
    B(V128_LOAD8X8_U, u8x8, u16x8, __builtin_convertvector(value, u16x8))   \
    B(V128_LOAD16X4_S, i16x4, i32x4, __builtin_convertvector(value, i32x4)) \
    B(V128_LOAD16X4_U, u16x4, u32x4, __builtin_convertvector(value, u32x4)) \
    B(V128_LOAD32X2_S, i32x2, i64x2, __builtin_convertvector(value, i64x2)) \
    B(V128_LOAD32X2_U, u32x2, u64x2, __builtin_convertvector(value, u64x2)) \
    B(V128_LOAD8_SPLAT, uint8_t, u8x16, (u8x16){} + value)                  \
    B(V128_LOAD16_SPLAT, uint16_t, u16x8, (u16x8){} + value)                \
    B(V128_LOAD32_SPLAT, uint32_t, u32x4, (u32x4){} + value)                \
    B(V128_LOAD64_SPLAT, uint64_t, u64x2, (u64x2){} + value)                \
    B(V128_LOAD32_ZERO, uint32_t, u32x4, ((u32x4){value, 0, 0, 0}))         \
    B(V128_LOAD64_ZERO, uint64_t, u64x2, ((u64x2){value, 0}))
#define LOAD_FROM(symbol, M, V, e, A)                  \
    static INTERP_HANDLER(vector_##symbol##_##A)       \
    {                                                  \
        M value;                                       \
        __builtin_memcpy(&value, PLACE(A), sizeof(M)); \
        V result = e;                                  \
        vector_write(&frame[pc->d], (u8x16)result);    \
        INTERP_NEXT(24);                               \
    }
#define LOAD(symbol, M, V, e) \
    LOAD_FROM(symbol, M, V, e, acc) LOAD_FROM(symbol, M, V, e, slot)

#define LANES(B)    \
    B(8, uint8_t)   \
    B(16, uint16_t) \
    B(32, uint32_t) \
    B(64, uint64_t)
#define LANE_AT(N, L, A)                                                         \
    static INTERP_HANDLER(vector_V128_LOAD##N##_LANE_##A)                        \
    {                                                                            \
        L lane;                                                                  \
        __builtin_memcpy(&lane, PLACE(A), sizeof(L));                            \
        vector_write(&frame[pc->d], vector_read(&frame[pc->b]));                 \
        __builtin_memcpy((L *)&frame[pc->d] + pc->e, &lane, sizeof(L));          \
        INTERP_NEXT(24);                                                         \
    }                                                                            \
    static INTERP_HANDLER(vector_V128_STORE##N##_LANE_##A)                       \
    {                                                                            \
        __builtin_memcpy(PLACE(A), (const L *)&frame[pc->b] + pc->e, sizeof(L)); \
        INTERP_NEXT(24);                                                         \
    }
#define LANE(N, L) LANE_AT(N, L, acc) LANE_AT(N, L, slot)

#define STORE_TO(A)                                        \
    static INTERP_HANDLER(vector_V128_STORE_##A)           \
    {                                                      \
        u8x16 value = vector_read(&frame[pc->b]);          \
        __builtin_memcpy(PLACE(A), &value, sizeof(value)); \
        INTERP_NEXT(24);                                   \
    }

LOADS(LOAD)
LANES(LANE)
STORE_TO(acc)
STORE_TO(slot)

#define MEMORY_ENTRY(symbol, ...) \
    [OP_##symbol -                \
        OPCODE_VECTOR_BASE] = {vector_##symbol##_acc, vector_##symbol##_slot},
#define LANE_ENTRIES(N, L) \
    MEMORY_ENTRY(V128_LOAD##N##_LANE) MEMORY_ENTRY(V128_STORE##N##_LANE)

interp_handler *const interp_vector_memory[OPCODE_VECTOR_COUNT][2] = {
    LOADS(MEMORY_ENTRY) LANES(LANE_ENTRIES) MEMORY_ENTRY(V128_STORE)};
