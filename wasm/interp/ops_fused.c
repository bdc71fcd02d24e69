/**
 * ops_fused.c - handlers of pairs of instructions that often stand behind one another, the
 * first one's result being an operand of the second: one dispatch instead of two.
 *
 * Interface: the tables interp_chain, interp_load_indexed, interp_step_branch,
 * interp_load_branch and interp_move_two of handlers.h.
 */
#include "handlers.h"
#include "state.h"

/*
 * Chains on i32: (A first b) second C. Operand b is an immediate or a slot, C is in e or an
 * immediate; immediates stand behind, b's in the lower half.
 */
#define CHAINS(M)                                  \
    M(CHAIN_I, SHL_ADD, shl_add, l << (r & 31), +) \
    M(CHAIN_IS, ADD_ADD, add_add, l + r, +)        \
    M(CHAIN_IS, MUL_ADD, mul_add, l *r, +)         \
    M(CHAIN_I, SHR_AND, shr_and, l >> (r & 31), &) \
    M(CHAIN_S, XOR_XOR, xor_xor, l ^ r, ^)         \
    M(CHAIN_I, ROTL_XOR, rotl_xor, l << (r & 31) | l >> (-r & 31), ^)
#define CHAIN_R_i ((uint32_t)pc->more[0])
#define CHAIN_R_s ((uint32_t)frame[pc->b])
#define CHAIN_C_x ((uint32_t)x)
#define CHAIN_C_y ((uint32_t)y)
#define CHAIN_C_s ((uint32_t)frame[pc->e])
#define CHAIN_C_i ((uint32_t)(pc->more[0] >> 32))
#define CHAIN(name, first, second, A, B, C, D) \
    static INTERP_HANDLER(name##_##A##B##C##D) \
    {                                          \
        uint32_t l = INT_A_##A(uint32_t);      \
        uint32_t r = CHAIN_R_##B;              \
        l = first;                             \
        INT_D_##D(l second CHAIN_C_##C);       \
        INTERP_NEXT(24);                       \
    }
#define CHAIN_ENTRY(name, first, second, A, B, C, D) \
    [INTERP_##A][INTERP_##B - INTERP_s][INTERP_##C][INTERP_##D] = name##_##A##B##C##D,
#define CHAIN_D(F, n, f, o, A, B, C) F(n, f, o, A, B, C, a) F(n, f, o, A, B, C, s)
#define CHAIN_C(F, n, f, o, A, B) \
    CHAIN_D(F, n, f, o, A, B, x)  \
    CHAIN_D(F, n, f, o, A, B, y)  \
    CHAIN_D(F, n, f, o, A, B, s)  \
    CHAIN_D(F, n, f, o, A, B, i)
#define CHAIN_I(F, n, f, o)   \
    CHAIN_C(F, n, f, o, a, i) \
    CHAIN_C(F, n, f, o, x, i) \
    CHAIN_C(F, n, f, o, y, i) \
    CHAIN_C(F, n, f, o, s, i)
#define CHAIN_S(F, n, f, o)              CHAIN_C(F, n, f, o, a, s) CHAIN_C(F, n, f, o, s, s)
#define CHAIN_IS(F, n, f, o)             CHAIN_I(F, n, f, o) CHAIN_S(F, n, f, o)
#define DEFINE_CHAIN(E, index, n, f, o)  E(CHAIN, n, f, o)
#define CHAIN_ENTRIES(E, index, n, f, o) [CHAIN_##index] = {E(CHAIN_ENTRY, n, f, o)},

CHAINS(DEFINE_CHAIN)
interp_handler *const interp_chain[CHAIN_COUNT][4][2][5][4] = {CHAINS(CHAIN_ENTRIES)};

/*
 * Loads from A + B, guarded memory: the sum wraps at 32 bits as i32.add does, then the
 * offset is added. The offset is behind; an immediate B in its upper half.
 */
#define INDEXED(M)                                                             \
    M(INDEXED_I32, i32, uint32_t, acc = value, frame[pc->d] = value)           \
    M(INDEXED_I32_8_U, i32_8_u, uint8_t, acc = value, frame[pc->d] = value)    \
    M(INDEXED_I32_8_S, i32_8_s, int8_t, acc = (uint32_t)value,                 \
      frame[pc->d] = (uint32_t)value)                                          \
    M(INDEXED_I32_16_U, i32_16_u, uint16_t, acc = value, frame[pc->d] = value) \
    M(INDEXED_I64, i64, uint64_t, acc = value, frame[pc->d] = value)           \
    M(INDEXED_F64, f64, double, facc = ((interp_vector){value, 0}),            \
      *(double *)&frame[pc->d] = value)
#define INDEX_B_x ((uint32_t)x)
#define INDEX_B_y ((uint32_t)y)
#define INDEX_B_s ((uint32_t)frame[pc->b])
#define INDEX_B_i ((uint32_t)(pc->more[0] >> 32))
#define KEEP_a(put)
#define KEEP_s(put) put;
#define LOAD_INDEXED(name, S, to_acc, to_slot, A, B, D)                          \
    static INTERP_HANDLER(load_indexed_##name##_##A##B##D)                       \
    {                                                                            \
        uint64_t address = INT_A_##A(uint32_t) + INDEX_B_##B;                    \
        S value;                                                                 \
        address += (uint32_t)pc->more[0];                                        \
        __builtin_memcpy(&value, interp_address_of(memory, address), sizeof(S)); \
        to_acc;                                                                  \
        KEEP_##D(to_slot);                                                       \
        INTERP_NEXT(24);                                                         \
    }
#define INDEXED_ENTRY(name, S, to_acc, to_slot, A, B, D) \
    [INTERP_##A][INTERP_##B][INTERP_##D] = load_indexed_##name##_##A##B##D,
#define INDEXED_D(F, n, S, ta, ts, A, B) \
    F(n, S, ta, ts, A, B, a) F(n, S, ta, ts, A, B, s)
#define INDEXED_FORMS(F, n, S, ta, ts) \
    INDEXED_D(F, n, S, ta, ts, a, x)   \
    INDEXED_D(F, n, S, ta, ts, a, y)   \
    INDEXED_D(F, n, S, ta, ts, a, s)   \
    INDEXED_D(F, n, S, ta, ts, a, i)   \
    INDEXED_D(F, n, S, ta, ts, x, y)   \
    INDEXED_D(F, n, S, ta, ts, x, s)   \
    INDEXED_D(F, n, S, ta, ts, x, i)   \
    INDEXED_D(F, n, S, ta, ts, y, s)   \
    INDEXED_D(F, n, S, ta, ts, y, i)   \
    INDEXED_D(F, n, S, ta, ts, s, s)   \
    INDEXED_D(F, n, S, ta, ts, s, i)
#define DEFINE_INDEXED(index, n, S, ta, ts) INDEXED_FORMS(LOAD_INDEXED, n, S, ta, ts)
#define INDEXED_ENTRIES(index, n, S, ta, ts) \
    [index] = {INDEXED_FORMS(INDEXED_ENTRY, n, S, ta, ts)},

INDEXED(DEFINE_INDEXED)
interp_handler *const interp_load_indexed[INDEXED_COUNT][4][5][4] = {
    INDEXED(INDEXED_ENTRIES)};

/*
 * The end of a counting loop: a local plus an immediate, then a branch on it. The second
 * operand of the comparison is in c, or the immediate of the branch; what is added
 * stands behind.
 */
#define STEPS(M)                            \
    M(EQ, eq, l == r)                       \
    M(NE, ne, l != r)                       \
    M(LT_S, lt_s, (int32_t)l < (int32_t)r)  \
    M(GE_S, ge_s, (int32_t)l >= (int32_t)r) \
    M(LT_U, lt_u, l < r)                    \
    M(GE_U, ge_u, l >= r)
#define STEP_B_x    ((uint32_t)x)
#define STEP_B_y    ((uint32_t)y)
#define STEP_B_s    ((uint32_t)frame[pc->c])
#define STEP_B_i    ((uint32_t)pc->more[0])
#define STEP_D_x(v) (x = (v))
#define STEP_D_y(v) (y = (v))
#define STEP_D_s(v) (frame[pc->a] = acc = (v))
#define STEP(name, e, A, B)                                       \
    static INTERP_HANDLER(step_##name##_##A##B)                   \
    {                                                             \
        uint32_t l = INT_A_##A(uint32_t) + (uint32_t)pc->more[1]; \
        uint32_t r = STEP_B_##B;                                  \
        STEP_D_##A(l);                                            \
        if (e) {                                                  \
            INTERP_BRANCH(pc->more[0] >> 32);                     \
        }                                                         \
        INTERP_NEXT(32);                                          \
    }
#define STEP_ENTRY(name, e, A, B) [INTERP_##A][INTERP_##B] = step_##name##_##A##B,
#define STEP_FORMS(F, n, e) \
    F(n, e, x, y)           \
    F(n, e, x, s)           \
    F(n, e, x, i)           \
    F(n, e, y, x)           \
    F(n, e, y, s)           \
    F(n, e, y, i)           \
    F(n, e, s, x)           \
    F(n, e, s, y)           \
    F(n, e, s, s)           \
    F(n, e, s, i)
#define DEFINE_STEP(index, n, e) STEP_FORMS(STEP, n, e)
#define STEP_ENTRIES(index, n, e) \
    [COMPARE_I32_##index] = {STEP_FORMS(STEP_ENTRY, n, e)},

STEPS(DEFINE_STEP)
interp_handler *const interp_step_branch[COMPARE_I64_EQ][4][5] = {STEPS(STEP_ENTRIES)};

/* A load, guarded memory, then a branch on what it gave: immediate or slot c beside it. */
#define LOAD_BRANCHES(M, n, S, T)        \
    M(n, eq, S, T, EQ, l == r)           \
    M(n, ne, S, T, NE, l != r)           \
    M(n, test, S, T, TEST, (l & r) != 0) \
    M(n, not_test, S, T, NOT_TEST, (l & r) == 0)
#define ALL_LOAD_BRANCHES(M)                            \
    LOAD_BRANCHES(M, LOAD_I32_8_U, uint8_t, uint32_t)   \
    LOAD_BRANCHES(M, LOAD_I32_8_S, int8_t, uint32_t)    \
    LOAD_BRANCHES(M, LOAD_I32_16_U, uint16_t, uint32_t) \
    LOAD_BRANCHES(M, LOAD_I32, uint32_t, uint32_t)
#define LOAD_BRANCH(n, name, S, T, index, e, A, B)                               \
    static INTERP_HANDLER(n##_branch_##name##_##A##B)                            \
    {                                                                            \
        S value;                                                                 \
        uint64_t address = INT_A_##A(uint64_t) + pc->more[1];                    \
        __builtin_memcpy(&value, interp_address_of(memory, address), sizeof(S)); \
        T l = (T)value;                                                          \
        T r = STEP_B_##B;                                                        \
        acc = l;                                                                 \
        if (e) {                                                                 \
            INTERP_BRANCH(pc->more[0] >> 32);                                    \
        }                                                                        \
        INTERP_NEXT(32);                                                         \
    }
#define LOAD_BRANCH_ENTRY(n, name, S, T, index, e, A, B)          \
    [n][COMPARE_I32_##index][INTERP_##A][INTERP_##B - INTERP_s] = \
        n##_branch_##name##_##A##B,
#define LOAD_BRANCH_FORMS(F, n, name, S, T, index, e) \
    F(n, name, S, T, index, e, a, s)                  \
    F(n, name, S, T, index, e, a, i)                  \
    F(n, name, S, T, index, e, x, s)                  \
    F(n, name, S, T, index, e, x, i)                  \
    F(n, name, S, T, index, e, y, s)                  \
    F(n, name, S, T, index, e, y, i)                  \
    F(n, name, S, T, index, e, s, s)                  \
    F(n, name, S, T, index, e, s, i)
#define DEFINE_LOAD_BRANCH(n, name, S, T, index, e) \
    LOAD_BRANCH_FORMS(LOAD_BRANCH, n, name, S, T, index, e)
#define LOAD_BRANCH_ENTRIES(n, name, S, T, index, e) \
    LOAD_BRANCH_FORMS(LOAD_BRANCH_ENTRY, n, name, S, T, index, e)

ALL_LOAD_BRANCHES(DEFINE_LOAD_BRANCH)
interp_handler *const interp_load_branch[LOAD_I32 + 1][COMPARE_COUNT][4][2] = {
    ALL_LOAD_BRANCHES(LOAD_BRANCH_ENTRIES)};

/* Two moves to slots, one after the other: a to d, then b to e; immediates behind. */
#define FIRST_a  acc
#define FIRST_x  x
#define FIRST_y  y
#define FIRST_s  frame[pc->a]
#define FIRST_i  (uint64_t)(uint32_t) pc->more[0]
#define SECOND_a acc
#define SECOND_x x
#define SECOND_y y
#define SECOND_s frame[pc->b]
#define SECOND_i (pc->more[0] >> 32)
#define MOVE_TWO(A, B)                     \
    static INTERP_HANDLER(move_two_##A##B) \
    {                                      \
        frame[pc->d] = FIRST_##A;          \
        frame[pc->e] = SECOND_##B;         \
        INTERP_NEXT(24);                   \
    }
#define MOVE_TWO_ENTRY(A, B) [INTERP_##A][INTERP_##B] = move_two_##A##B,
#define MOVE_TWO_B(F, A)     F(A, a) F(A, x) F(A, y) F(A, s) F(A, i)
#define MOVES_TWO(F) \
    MOVE_TWO_B(F, a) MOVE_TWO_B(F, x) MOVE_TWO_B(F, y) MOVE_TWO_B(F, s) MOVE_TWO_B(F, i)

MOVES_TWO(MOVE_TWO)
interp_handler *const interp_move_two[5][5] = {MOVES_TWO(MOVE_TWO_ENTRY)};
