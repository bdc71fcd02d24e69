/**
 * ops_float_compare.c - handlers of float comparisons: as a value, fused with a conditional
 * branch, and select of floats.
 *
 * Interface: the tables interp_float_compare, interp_float_branch and interp_float_select
 * of handlers.h. As an unordered pair is neither less nor not less, a branch on a negated
 * comparison is an operation of its own. Greater is less with its operands swapped.
 */
#include "forms_float.h"
#include "handlers.h"

#define COMPARISONS(M, N, T)           \
    M(F##N##_EQ, f##N##_eq, T, l == r) \
    M(F##N##_NE, f##N##_ne, T, l != r) \
    M(F##N##_LT, f##N##_lt, T, l < r)  \
    M(F##N##_LE, f##N##_le, T, l <= r)
#define NEGATIONS(M, N, T)                       \
    M(F##N##_NOT_LT, f##N##_not_lt, T, !(l < r)) \
    M(F##N##_NOT_LE, f##N##_not_le, T, !(l <= r))
#define VALUES(M)     COMPARISONS(M, 32, float) COMPARISONS(M, 64, double)
#define CONDITIONS(M) VALUES(M) NEGATIONS(M, 32, float) NEGATIONS(M, 64, double)

#define EACH_BRANCH(F, op, T, e, A, B)  F(op, T, e, A, B)
#define EACH_VALUE_D(F, op, T, e, A, B) F(op, T, e, A, B, a)
#define VALUE_FORMS(F, op, T, e)        EACH_BASE(F, EACH_VALUE_D, op, T, e)
#define FORMS_float(F, E, op, T, e)     EACH_BASE(F, E, op, T, e)
#define FORMS_double(F, E, op, T, e) \
    EACH_AB(F, E, op, T, e)          \
    E(F, op, T, e, y, x)             \
    E(F, op, T, e, s, a)             \
    E(F, op, T, e, s, x)             \
    E(F, op, T, e, s, y)

#define VALUE(op, T, e, A, B, D)          \
    static INTERP_HANDLER(op##_##A##B##D) \
    {                                     \
        T l = FLOAT_A_##A(T)[0];          \
        T r = FLOAT_B_##B(T);             \
        INT_D_##D((uint64_t)(e));         \
        INTERP_NEXT(FLOAT_SIZE_##B);      \
    }
#define VALUE_ENTRY(op, T, e, A, B, D) \
    [INTERP_##A][INTERP_##B][INTERP_##D] = op##_##A##B##D,
#define DEFINE_VALUE(index, op, T, e) VALUE_FORMS(VALUE, op, T, e)
#define VALUE_ENTRIES(index, op, T, e) \
    [FLOAT_COMPARE_##index] = {VALUE_FORMS(VALUE_ENTRY, op, T, e)},

VALUES(DEFINE_VALUE)
interp_handler *const interp_float_compare[FLOAT_COMPARE_VALUE_COUNT][4][5][4] = {
    VALUES(VALUE_ENTRIES)};

/* Branches: operands in a and c; the charge behind, and then an immediate. */
#define BRANCH_B_a(T) FLOAT_B_a(T)
#define BRANCH_B_x(T) FLOAT_B_x(T)
#define BRANCH_B_y(T) FLOAT_B_y(T)
#define BRANCH_B_s(T) (*(const T *)&frame[pc->c])
#define BRANCH_B_i(T) (*(const T *)&pc->more[1])
#define BRANCH_SIZE_a 24
#define BRANCH_SIZE_x 24
#define BRANCH_SIZE_y 24
#define BRANCH_SIZE_s 24
#define BRANCH_SIZE_i 32

#define BRANCH(op, T, e, A, B)                  \
    static INTERP_HANDLER(branch_##op##_##A##B) \
    {                                           \
        T l = FLOAT_A_##A(T)[0];                \
        T r = BRANCH_B_##B(T);                  \
        if (e) {                                \
            INTERP_BRANCH(pc->more[0] >> 32);   \
        }                                       \
        INTERP_NEXT(BRANCH_SIZE_##B);           \
    }
#define BRANCH_ENTRY(op, T, e, A, B)   [INTERP_##A][INTERP_##B] = branch_##op##_##A##B,
#define DEFINE_BRANCH(index, op, T, e) FORMS_##T(BRANCH, EACH_BRANCH, op, T, e)
#define BRANCH_ENTRIES(index, op, T, e) \
    [FLOAT_COMPARE_##index] = {FORMS_##T(BRANCH_ENTRY, EACH_BRANCH, op, T, e)},

CONDITIONS(DEFINE_BRANCH)
interp_handler *const interp_float_branch[FLOAT_COMPARE_COUNT][4][5] = {
    CONDITIONS(BRANCH_ENTRIES)};

/* Select: the values in a and b, the condition in acc or the slot behind. */
#define CONDITION_a acc
#define CONDITION_s frame[pc->more[0]]
#define SELECT(A, B, C, D)                                           \
    static INTERP_HANDLER(select_##A##B##C##D)                       \
    {                                                                \
        interp_vector l = FLOAT_A_##A(double);                       \
        interp_vector r = FLOAT_LANE(double, FLOAT_B_##B(double));   \
        interp_vector result = (uint32_t)CONDITION_##C != 0 ? l : r; \
        FLOAT_D_##D(double, result);                                 \
        INTERP_NEXT(24);                                             \
    }
#define SELECT_ENTRY(A, B, C, D) \
    [INTERP_##A][INTERP_##B][INTERP_##C][INTERP_##D] = select_##A##B##C##D,
#define SELECT_D(F, A, B, C) F(A, B, C, a) F(A, B, C, s)
#define SELECT_C(F, A, B)    SELECT_D(F, A, B, a) SELECT_D(F, A, B, s)
#define SELECTS(F) \
    SELECT_C(F, a, a) SELECT_C(F, a, s) SELECT_C(F, s, a) SELECT_C(F, s, s)

SELECTS(SELECT)
interp_handler *const interp_float_select[4][4][4][4] = {SELECTS(SELECT_ENTRY)};
