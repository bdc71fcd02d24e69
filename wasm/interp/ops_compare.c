/**
 * ops_compare.c - handlers of integer comparisons: as a value, fused with a conditional
 * branch, and select.
 *
 * Interface: the tables interp_compare, interp_branch and interp_select of handlers.h.
 * Greater and less-or-equal are made by swapping operands, so they have no handlers.
 */
#include "handlers.h"
#include "state.h"

#define COMPARISONS(M, N, T, S)                  \
    M(I##N##_EQ, i##N##_eq, T, l == r)           \
    M(I##N##_NE, i##N##_ne, T, l != r)           \
    M(I##N##_LT_S, i##N##_lt_s, T, (S)l < (S)r)  \
    M(I##N##_GE_S, i##N##_ge_s, T, (S)l >= (S)r) \
    M(I##N##_LT_U, i##N##_lt_u, T, l < r)        \
    M(I##N##_GE_U, i##N##_ge_u, T, l >= r)
#define TESTS(M, N, T)                           \
    M(I##N##_TEST, i##N##_test, T, (l & r) != 0) \
    M(I##N##_NOT_TEST, i##N##_not_test, T, (l & r) == 0)
#define VALUES(M) \
    COMPARISONS(M, 32, uint32_t, int32_t) COMPARISONS(M, 64, uint64_t, int64_t)
#define CONDITIONS(M) VALUES(M) TESTS(M, 32, uint32_t) TESTS(M, 64, uint64_t)

#define EACH_VALUE_D(F, op, T, e, A, B) F(op, T, e, A, B, a) F(op, T, e, A, B, s)
#define EACH_BRANCH(F, op, T, e, A, B)  F(op, T, e, A, B)

#define VALUE(op, T, e, A, B, D)          \
    static INTERP_HANDLER(op##_##A##B##D) \
    {                                     \
        T l = INT_A_##A(T);               \
        T r = INT_B_##B(T);               \
        INT_D_##D((uint64_t)(e));         \
        INTERP_NEXT(16);                  \
    }
#define VALUE_ENTRY(op, T, e, A, B, D) \
    [INTERP_##A][INTERP_##B][INTERP_##D] = op##_##A##B##D,
#define VALUE_FORMS_uint32_t(F, op, T, e) EACH_SHIFT(F, EACH_VALUE_D, op, T, e)
#define VALUE_FORMS_uint64_t(F, op, T, e) EACH_BASE(F, EACH_VALUE_D, op, T, e)
#define DEFINE_VALUE(index, op, T, e)     VALUE_FORMS_##T(VALUE, op, T, e)
#define VALUE_ENTRIES(index, op, T, e) \
    [COMPARE_##index] = {VALUE_FORMS_##T(VALUE_ENTRY, op, T, e)},

VALUES(DEFINE_VALUE)
interp_handler *const interp_compare[COMPARE_VALUE_COUNT][4][5][4] = {
    VALUES(VALUE_ENTRIES)};

/* Branches: operands in a and c, an immediate and the charge behind. */
#define BRANCH_B_a(T) INT_B_a(T)
#define BRANCH_B_x(T) INT_B_x(T)
#define BRANCH_B_y(T) INT_B_y(T)
#define BRANCH_B_s(T) ((T)frame[pc->c])
#define BRANCH_B_i(T) ((T)(int64_t)(int32_t)pc->more[0])

#define BRANCH(op, T, e, A, B)                  \
    static INTERP_HANDLER(branch_##op##_##A##B) \
    {                                           \
        T l = INT_A_##A(T);                     \
        T r = BRANCH_B_##B(T);                  \
        if (e) {                                \
            INTERP_BRANCH(pc->more[0] >> 32);   \
        }                                       \
        INTERP_NEXT(24);                        \
    }
#define BRANCH_ENTRY(op, T, e, A, B) [INTERP_##A][INTERP_##B] = branch_##op##_##A##B,
#define BRANCH_FORMS_uint32_t(F, op, T, e) \
    EACH_AB(F, EACH_BRANCH, op, T, e) EACH_BA(F, EACH_BRANCH, op, T, e)
#define BRANCH_FORMS_uint64_t(F, op, T, e) EACH_SHIFT(F, EACH_BRANCH, op, T, e)
#define DEFINE_BRANCH(index, op, T, e)     BRANCH_FORMS_##T(BRANCH, op, T, e)
#define BRANCH_ENTRIES(index, op, T, e) \
    [COMPARE_##index] = {BRANCH_FORMS_##T(BRANCH_ENTRY, op, T, e)},

CONDITIONS(DEFINE_BRANCH)
interp_handler *const interp_branch[COMPARE_COUNT][4][5] = {CONDITIONS(BRANCH_ENTRIES)};

/* Select: a and b the values, the condition's slot behind. */
#define SELECT_C_a acc
#define SELECT_C_s frame[pc->more[0]]
#define SELECT(A, B, C, D)                              \
    static INTERP_HANDLER(select_##A##B##C##D)          \
    {                                                   \
        uint64_t l = INT_A_##A(uint64_t);               \
        uint64_t r = INT_B_##B(uint64_t);               \
        INT_D_##D((uint32_t)SELECT_C_##C != 0 ? l : r); \
        INTERP_NEXT(24);                                \
    }
#define SELECT_ENTRY(A, B, C, D) \
    [INTERP_##A][INTERP_##B][INTERP_##C][INTERP_##D] = select_##A##B##C##D,
#define SELECT_D(F, A, B, C) F(A, B, C, a) F(A, B, C, s)
#define SELECT_C(F, A, B)    SELECT_D(F, A, B, a) SELECT_D(F, A, B, s)
#define SELECT_B(F, A) \
    SELECT_C(F, A, a) SELECT_C(F, A, x) SELECT_C(F, A, y) SELECT_C(F, A, s)
#define SELECT_A(F) SELECT_B(F, a) SELECT_B(F, x) SELECT_B(F, y) SELECT_B(F, s)

SELECT_A(SELECT)
interp_handler *const interp_select[4][4][4][4] = {SELECT_A(SELECT_ENTRY)};
