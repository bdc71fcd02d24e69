/**
 * forms.h - the forms in which a handler exists: where its operands come from and where
 * its result goes. A form is a row of letters behind the operation's name.
 *
 *   a  the accumulator (acc or facc)      x, y  the locals in registers
 *   s  a slot of the frame                i     an immediate in the code
 *
 * i32_add_xis is "slot = x + immediate". The EACH_ macros repeat a macro F for forms;
 * F(op, T, e, A, B, D) makes a handler of it, or an entry of a table.
 */
#ifndef WASM_INTERP_FORMS_H
#define WASM_INTERP_FORMS_H

#include "machine.h"
#include <stdbool.h>

/** Where an operand or result is; indexes into the tables of handlers. */
enum interp_place {
    INTERP_a,
    INTERP_x,
    INTERP_y,
    INTERP_s,
    INTERP_i,
    INTERP_RESULT_PLACES = INTERP_i,
    INTERP_REGISTER_PLACES = INTERP_i,
    INTERP_OPERAND_PLACES
};

/* Results: everywhere, or only where most go; a move does the rest. */
#define EACH_D(F, op, T, e, A, B) \
    F(op, T, e, A, B, a)          \
    F(op, T, e, A, B, x)          \
    F(op, T, e, A, B, y)          \
    F(op, T, e, A, B, s)
#define EACH_SHORT_D(F, op, T, e, A, B) F(op, T, e, A, B, a) F(op, T, e, A, B, s)

/* Pairs of different places in one order: enough where the operands may be swapped. */
#define EACH_AB(F, E, op, T, e) \
    E(F, op, T, e, a, x)        \
    E(F, op, T, e, a, y)        \
    E(F, op, T, e, a, s)        \
    E(F, op, T, e, a, i)        \
    E(F, op, T, e, x, y)        \
    E(F, op, T, e, x, s)        \
    E(F, op, T, e, x, i)        \
    E(F, op, T, e, y, s)        \
    E(F, op, T, e, y, i)        \
    E(F, op, T, e, s, s)        \
    E(F, op, T, e, s, i)
/* What is left when they may not. */
#define EACH_BA(F, E, op, T, e) \
    E(F, op, T, e, x, a)        \
    E(F, op, T, e, y, a)        \
    E(F, op, T, e, y, x)        \
    E(F, op, T, e, s, a)        \
    E(F, op, T, e, s, x)        \
    E(F, op, T, e, s, y)
/* Shifts, divisions: the second operand is rarely a local in a register. */
#define EACH_SHIFT(F, E, op, T, e) \
    E(F, op, T, e, a, s)           \
    E(F, op, T, e, a, i)           \
    E(F, op, T, e, x, a)           \
    E(F, op, T, e, x, s)           \
    E(F, op, T, e, x, i)           \
    E(F, op, T, e, y, a)           \
    E(F, op, T, e, y, s)           \
    E(F, op, T, e, y, i)           \
    E(F, op, T, e, s, a)           \
    E(F, op, T, e, s, s)           \
    E(F, op, T, e, s, i)
/* The least that is needed: everything else can be moved to these. */
#define EACH_BASE(F, E, op, T, e) \
    E(F, op, T, e, a, s)          \
    E(F, op, T, e, a, i)          \
    E(F, op, T, e, s, a)          \
    E(F, op, T, e, s, s)          \
    E(F, op, T, e, s, i)
/* A register with itself: squares. Of integers the second operand is read from a slot. */
#define EACH_SAME(F, E, op, T, e) \
    E(F, op, T, e, a, a)          \
    E(F, op, T, e, x, x)          \
    E(F, op, T, e, y, y)

/* Operands and results of the integer class; T is uint32_t or uint64_t. */
#define INT_A_a(T) ((T)acc)
#define INT_A_x(T) ((T)x)
#define INT_A_y(T) ((T)y)
#define INT_A_s(T) ((T)frame[pc->a])
#define INT_B_a(T) ((T)acc)
#define INT_B_x(T) ((T)x)
#define INT_B_y(T) ((T)y)
#define INT_B_s(T) ((T)frame[pc->b])
#define INT_B_i(T) ((T)(int64_t)pc->immediate)
#define INT_D_a(v) (acc = (v))
#define INT_D_x(v) (x = (v))
#define INT_D_y(v) (y = (v))
#define INT_D_s(v) (frame[pc->d] = acc = (v))

#endif
