/**
 * ops_move.c - handlers that move values: between slots and registers, constants, globals.
 *
 * Interface: the tables interp_move, interp_constant, interp_float_move,
 * interp_float_constant, interp_global_* of handlers.h. A move to a slot leaves the
 * accumulators as they are.
 */
#include "handlers.h"

#define TO_a(v) (acc = (v))
#define TO_x(v) (x = (v))
#define TO_y(v) (y = (v))
#define TO_s(v) (frame[pc->d] = (v))
#define FROM_a  acc
#define FROM_x  x
#define FROM_y  y
#define FROM_s  frame[pc->a]
#define FROM_i  ((uint64_t)(uint32_t)pc->immediate)

#define MOVE(A, D)                     \
    static INTERP_HANDLER(move_##A##D) \
    {                                  \
        TO_##D(FROM_##A);              \
        INTERP_NEXT(16);               \
    }
#define MOVE_ENTRY(A, D) [INTERP_##A][INTERP_##D] = move_##A##D,
#define MOVES(F) \
    F(a, x)      \
    F(a, y)      \
    F(a, s)      \
    F(x, a)      \
    F(x, y)      \
    F(x, s)      \
    F(y, a)      \
    F(y, x) F(y, s) F(s, a) F(s, x) F(s, y) F(s, s) F(i, a) F(i, x) F(i, y) F(i, s)
MOVES(MOVE)
interp_handler *const interp_move[5][4] = {MOVES(MOVE_ENTRY)};

#define CONSTANT(D)                     \
    static INTERP_HANDLER(constant_##D) \
    {                                   \
        TO_##D(pc->more[0]);            \
        INTERP_NEXT(24);                \
    }
CONSTANT(a)
CONSTANT(x)
CONSTANT(y)
CONSTANT(s)
interp_handler *const interp_constant[4] = {constant_a, constant_x, constant_y,
                                            constant_s};

/* A v128, two slots. */
INTERP_HANDLER(interp_move_vector)
{
    interp_vector value;

    __builtin_memcpy(&value, &frame[pc->a], 16);
    __builtin_memcpy(&frame[pc->d], &value, 16);
    INTERP_NEXT(16);
}

INTERP_HANDLER(interp_constant_vector)
{
    __builtin_memcpy(&frame[pc->d], pc->more, 16);
    INTERP_NEXT(32);
}

/* Floats: all 64 bits travel, whatever the type. */
#define FLOAT_TO_a(v) (facc = (interp_vector){(v), 0})
#define FLOAT_TO_x(v) (fx = (interp_vector){(v), 0})
#define FLOAT_TO_y(v) (fy = (interp_vector){(v), 0})
#define FLOAT_TO_s(v) (((double *)frame)[pc->d] = (v))
#define FLOAT_FROM_a  facc[0]
#define FLOAT_FROM_x  fx[0]
#define FLOAT_FROM_y  fy[0]
#define FLOAT_FROM_s  (((double *)frame)[pc->a])
#define FLOAT_FROM_i  (*(const double *)pc->more)

#define FLOAT_MOVE(A, D)                     \
    static INTERP_HANDLER(float_move_##A##D) \
    {                                        \
        FLOAT_TO_##D(FLOAT_FROM_##A);        \
        INTERP_NEXT(16);                     \
    }
#define FLOAT_CONSTANT(D)                     \
    static INTERP_HANDLER(float_constant_##D) \
    {                                         \
        FLOAT_TO_##D(FLOAT_FROM_i);           \
        INTERP_NEXT(24);                      \
    }
#define FLOAT_MOVE_ENTRY(A, D) [INTERP_##A][INTERP_##D] = float_move_##A##D,
#define FLOAT_MOVES(F) \
    F(a, x)            \
    F(a, y)            \
    F(a, s)            \
    F(x, a) F(x, y) F(x, s) F(y, a) F(y, x) F(y, s) F(s, a) F(s, x) F(s, y) F(s, s)
FLOAT_MOVES(FLOAT_MOVE)
FLOAT_CONSTANT(a)
FLOAT_CONSTANT(x)
FLOAT_CONSTANT(y)
FLOAT_CONSTANT(s)
interp_handler *const interp_float_move[4][4] = {FLOAT_MOVES(FLOAT_MOVE_ENTRY)};
interp_handler *const interp_float_constant[4] = {float_constant_a, float_constant_x,
                                                  float_constant_y, float_constant_s};

/* Globals: the address of the value stands in the code. */
#define GLOBAL_GET(D)                               \
    static INTERP_HANDLER(global_get_##D)           \
    {                                               \
        TO_##D(*(const uint64_t *)pc->more[0]);     \
        INTERP_NEXT(24);                            \
    }                                               \
    static INTERP_HANDLER(global_get_float_##D)     \
    {                                               \
        FLOAT_TO_##D(*(const double *)pc->more[0]); \
        INTERP_NEXT(24);                            \
    }
#define GLOBAL_SET(A)                        \
    static INTERP_HANDLER(global_set_##A)    \
    {                                        \
        *(uint64_t *)pc->more[0] = FROM_##A; \
        INTERP_NEXT(24);                     \
    }
#define GLOBAL_SET_FLOAT(A)                      \
    static INTERP_HANDLER(global_set_float_##A)  \
    {                                            \
        *(double *)pc->more[0] = FLOAT_FROM_##A; \
        INTERP_NEXT(24);                         \
    }
GLOBAL_GET(a)
GLOBAL_GET(x)
GLOBAL_GET(y)
GLOBAL_SET(a)
GLOBAL_SET(x)
GLOBAL_SET(y)
GLOBAL_SET(s)
GLOBAL_SET(i)
GLOBAL_SET_FLOAT(a)
GLOBAL_SET_FLOAT(x)
GLOBAL_SET_FLOAT(y)

static INTERP_HANDLER(global_get_s)
{
    frame[pc->d] = acc = *(const uint64_t *)pc->more[0];
    INTERP_NEXT(24);
}
static INTERP_HANDLER(global_get_float_s)
{
    facc = (interp_vector){*(const double *)pc->more[0], 0};
    ((double *)frame)[pc->d] = facc[0];
    INTERP_NEXT(24);
}
interp_handler *const interp_global_get[4] = {global_get_a, global_get_x, global_get_y,
                                              global_get_s};
interp_handler *const interp_global_get_float[4] = {
    global_get_float_a, global_get_float_x, global_get_float_y, global_get_float_s};
interp_handler *const interp_global_set[5] = {global_set_a, global_set_x, global_set_y,
                                              global_set_s, global_set_i};
interp_handler *const interp_global_set_float[4] = {
    global_set_float_a, global_set_float_x, global_set_float_y, global_set_s};

INTERP_HANDLER(interp_global_get_vector)
{
    __builtin_memcpy(&frame[pc->d], (const void *)pc->more[0], 16);
    INTERP_NEXT(24);
}
INTERP_HANDLER(interp_global_set_vector)
{
    __builtin_memcpy((void *)pc->more[0], &frame[pc->a], 16);
    INTERP_NEXT(24);
}
