/**
 * translate_numeric.c - numeric instructions on scalars (spec 5.4.7): which table of
 * handlers, which row, and the fusion of comparisons with the branch behind them.
 */
#include "translator.h"

enum numeric_kind {
    NOT_NUMERIC,
    BINARY_INTEGER,
    BINARY_DIVISION,
    UNARY_INTEGER,
    COMPARE_INTEGER,
    COMPARE_SWAPPED, /**< greater, less or equal: operands change places */
    COMPARE_ZERO,
    BINARY_FLOAT,
    BINARY_RARE,
    UNARY_FLOAT,
    COMPARE_REAL,
    COMPARE_REAL_SWAPPED,
    CONVERT_TO_FLOAT,
    CONVERT_TO_INTEGER,
    RETYPE /**< i64.extend_i32_u: registers and slots are zero-extended already */
};

struct numeric {
    uint8_t kind;
    uint8_t op;
};

#define ROW(symbol, kind, op) [OP_##symbol] = {kind, op}
#define COMPARES(N)                                             \
    ROW(I##N##_EQZ, COMPARE_ZERO, COMPARE_I##N##_EQ),           \
        ROW(I##N##_EQ, COMPARE_INTEGER, COMPARE_I##N##_EQ),     \
        ROW(I##N##_NE, COMPARE_INTEGER, COMPARE_I##N##_NE),     \
        ROW(I##N##_LT_S, COMPARE_INTEGER, COMPARE_I##N##_LT_S), \
        ROW(I##N##_LT_U, COMPARE_INTEGER, COMPARE_I##N##_LT_U), \
        ROW(I##N##_GT_S, COMPARE_SWAPPED, COMPARE_I##N##_LT_S), \
        ROW(I##N##_GT_U, COMPARE_SWAPPED, COMPARE_I##N##_LT_U), \
        ROW(I##N##_LE_S, COMPARE_SWAPPED, COMPARE_I##N##_GE_S), \
        ROW(I##N##_LE_U, COMPARE_SWAPPED, COMPARE_I##N##_GE_U), \
        ROW(I##N##_GE_S, COMPARE_INTEGER, COMPARE_I##N##_GE_S), \
        ROW(I##N##_GE_U, COMPARE_INTEGER, COMPARE_I##N##_GE_U)
#define REAL_COMPARES(N)                                               \
    ROW(F##N##_EQ, COMPARE_REAL, FLOAT_COMPARE_F##N##_EQ),             \
        ROW(F##N##_NE, COMPARE_REAL, FLOAT_COMPARE_F##N##_NE),         \
        ROW(F##N##_LT, COMPARE_REAL, FLOAT_COMPARE_F##N##_LT),         \
        ROW(F##N##_GT, COMPARE_REAL_SWAPPED, FLOAT_COMPARE_F##N##_LT), \
        ROW(F##N##_LE, COMPARE_REAL, FLOAT_COMPARE_F##N##_LE),         \
        ROW(F##N##_GE, COMPARE_REAL_SWAPPED, FLOAT_COMPARE_F##N##_LE)
#define INTEGER_ROW(N, op)  ROW(I##N##_##op, BINARY_INTEGER, INTEGER_I##N##_##op)
#define DIVISION_ROW(N, op) ROW(I##N##_##op, BINARY_DIVISION, DIVISION_I##N##_##op)
#define UNARY_ROW(symbol)   ROW(symbol, UNARY_INTEGER, UNARY_##symbol)
#define INTEGERS(N)                                                             \
    UNARY_ROW(I##N##_CLZ), UNARY_ROW(I##N##_CTZ), UNARY_ROW(I##N##_POPCNT),     \
        INTEGER_ROW(N, ADD), INTEGER_ROW(N, SUB), INTEGER_ROW(N, MUL),          \
        DIVISION_ROW(N, DIV_S), DIVISION_ROW(N, DIV_U), DIVISION_ROW(N, REM_S), \
        DIVISION_ROW(N, REM_U), INTEGER_ROW(N, AND), INTEGER_ROW(N, OR),        \
        INTEGER_ROW(N, XOR), INTEGER_ROW(N, SHL), INTEGER_ROW(N, SHR_S),        \
        INTEGER_ROW(N, SHR_U), INTEGER_ROW(N, ROTL), INTEGER_ROW(N, ROTR)
#define FLOAT_ROW(N, op)       ROW(F##N##_##op, BINARY_FLOAT, FLOAT_F##N##_##op)
#define RARE_ROW(N, op)        ROW(F##N##_##op, BINARY_RARE, RARE_F##N##_##op)
#define FLOAT_UNARY_ROW(sym)   ROW(sym, UNARY_FLOAT, FLOAT_UNARY_##sym)
#define TO_FLOAT_ROW(symbol)   ROW(symbol, CONVERT_TO_FLOAT, TO_FLOAT_##symbol)
#define TO_INTEGER_ROW(symbol) ROW(symbol, CONVERT_TO_INTEGER, TO_INTEGER_##symbol)
#define FLOATS(N)                                                                 \
    FLOAT_UNARY_ROW(F##N##_ABS), FLOAT_UNARY_ROW(F##N##_NEG),                     \
        FLOAT_UNARY_ROW(F##N##_CEIL), FLOAT_UNARY_ROW(F##N##_FLOOR),              \
        FLOAT_UNARY_ROW(F##N##_TRUNC), FLOAT_UNARY_ROW(F##N##_NEAREST),           \
        FLOAT_UNARY_ROW(F##N##_SQRT), FLOAT_ROW(N, ADD), FLOAT_ROW(N, SUB),       \
        FLOAT_ROW(N, MUL), FLOAT_ROW(N, DIV), RARE_ROW(N, MIN), RARE_ROW(N, MAX), \
        RARE_ROW(N, COPYSIGN)
#define CONVERSIONS(N, M)                                                             \
    TO_FLOAT_ROW(F##M##_CONVERT_I##N##_S), TO_FLOAT_ROW(F##M##_CONVERT_I##N##_U),     \
        TO_INTEGER_ROW(I##N##_TRUNC_F##M##_S), TO_INTEGER_ROW(I##N##_TRUNC_F##M##_U), \
        TO_INTEGER_ROW(I##N##_TRUNC_SAT_F##M##_S),                                    \
        TO_INTEGER_ROW(I##N##_TRUNC_SAT_F##M##_U)

/* By opcode; the saturating truncations lie at OPCODE_MISC_BASE. */
static const struct numeric numerics[OP_I64_TRUNC_SAT_F64_U + 1] = {
    COMPARES(32),
    COMPARES(64),
    REAL_COMPARES(32),
    REAL_COMPARES(64),
    INTEGERS(32),
    INTEGERS(64),
    FLOATS(32),
    FLOATS(64),
    CONVERSIONS(32, 32),
    CONVERSIONS(32, 64),
    CONVERSIONS(64, 32),
    CONVERSIONS(64, 64),
    UNARY_ROW(I32_WRAP_I64),
    ROW(I64_EXTEND_I32_S, UNARY_INTEGER, UNARY_I64_EXTEND32_S),
    ROW(I64_EXTEND_I32_U, RETYPE, 0),
    FLOAT_UNARY_ROW(F32_DEMOTE_F64),
    FLOAT_UNARY_ROW(F64_PROMOTE_F32),
    TO_INTEGER_ROW(I32_REINTERPRET_F32),
    TO_INTEGER_ROW(I64_REINTERPRET_F64),
    TO_FLOAT_ROW(F32_REINTERPRET_I32),
    TO_FLOAT_ROW(F64_REINTERPRET_I64),
    UNARY_ROW(I32_EXTEND8_S),
    UNARY_ROW(I32_EXTEND16_S),
    UNARY_ROW(I64_EXTEND8_S),
    UNARY_ROW(I64_EXTEND16_S),
    UNARY_ROW(I64_EXTEND32_S),
};

static void binary_division(struct interp_translator *t, unsigned op)
{
    struct pair pair = integer_pair(t, false, op >= DIVISION_I64_DIV_S);

    emit_binary(t, fit(t, CLASS_INTEGER, interp_division[op], &pair), &pair);
}

static void unary_integer(struct interp_translator *t, unsigned op)
{
    struct operand operand = pop(t);
    struct source a = source_in_place(t, &operand);
    uint32_t offset;

    claim_accumulator(t, CLASS_INTEGER);
    offset = emit(t, interp_unary[op][a.place][INTERP_a], 16);
    op_at(t, offset)->a = a.slot;
    push_result(t, CLASS_INTEGER, offset, interp_unary[op][a.place]);
}

static void emit_compare(struct interp_translator *t, struct condition *condition)
{
    struct pair pair;

    if (interp_branch[condition->op][condition->a.place][condition->b.place] == NULL) {
        condition->b =
            force_slot(t, CLASS_INTEGER, condition->b, scratch_slot(t, &condition->a));
    }
    pair = (struct pair){
        .a = condition->a, .b = condition->b, .constant = condition->constant};
    if (!translate_condition(t, condition)) {
        emit_binary(t, fit(t, CLASS_INTEGER, interp_compare[condition->op], &pair),
                    &pair);
    }
}

static void compare_integer(struct interp_translator *t, unsigned op, bool swapped)
{
    bool is_64 = op >= COMPARE_I64_EQ;
    bool symmetric = op % COMPARE_I64_EQ <= COMPARE_I32_NE;
    struct condition condition = {.kind = CONDITION_INTEGER, .op = op};
    struct pair pair;

    if (swapped) {
        /* l > r is r < l; a constant r is then on the left: l >= r + 1. */
        struct operand *r = &t->operands[t->height - 1];
        bool is_signed = op == COMPARE_I32_LT_S || op == COMPARE_I32_GE_S ||
                         op == COMPARE_I64_LT_S || op == COMPARE_I64_GE_S;
        uint64_t most = (is_64 ? UINT64_MAX : UINT32_MAX) >> is_signed;
        if (r->kind == OPERAND_CONSTANT && r->constant != most) {
            r->constant = is_64 ? r->constant + 1 : (uint32_t)(r->constant + 1);
            condition.op = op ^ 1;
            swapped = false;
        }
    }
    pair = integer_pair(t, symmetric, is_64);
    condition.a = pair.a;
    condition.b = pair.b;
    condition.constant = pair.constant;
    if (swapped) {
        if (pair.b.place == INTERP_i) {
            struct operand constant = {.kind = OPERAND_CONSTANT,
                                       .home = (uint16_t)(next_home(t) + 1),
                                       .constant = pair.constant};
            condition.b = source_in_place(t, &constant);
        }
        struct source swap = condition.a;
        condition.a = condition.b;
        condition.b = swap;
    }
    emit_compare(t, &condition);
}

static void compare_zero(struct interp_translator *t, unsigned op)
{
    struct operand operand = pop(t);
    struct condition condition = {.kind = CONDITION_INTEGER,
                                  .op = op,
                                  .a = source_in_place(t, &operand),
                                  .b = {.place = INTERP_i}};

    emit_compare(t, &condition);
}

/* Floats: a constant may be operand b, and then stands behind the operation. */
static struct pair float_pair(struct interp_translator *t, bool immediate)
{
    struct operand r = pop(t);
    struct operand l = pop(t);
    struct pair pair = {.a = source_in_place(t, &l), .constant = r.constant};

    pair.b = immediate ? source_of(t, &r) : source_in_place(t, &r);
    return pair;
}

static uint32_t emit_float_pair(struct interp_translator *t, interp_handler *handler,
                                const struct pair *pair)
{
    bool immediate = pair->b.place == INTERP_i;
    uint32_t offset = emit(t, handler, immediate ? 24 : 16);
    struct interp_op *op = op_at(t, offset);

    op->a = pair->a.slot;
    op->b = pair->b.slot;
    if (immediate) {
        op->more[0] = pair->constant;
    }
    return offset;
}

static void binary_float(struct interp_translator *t, unsigned op)
{
    struct pair pair = float_pair(t, true);
    interp_handler *const *row = fit(t, CLASS_FLOAT, interp_float[op], &pair);

    claim_accumulator(t, CLASS_FLOAT);
    push_result(t, CLASS_FLOAT, emit_float_pair(t, row[INTERP_a], &pair), row);
}

static void binary_rare(struct interp_translator *t, unsigned op)
{
    struct operand r = pop(t);
    struct operand l = pop(t);
    struct pair pair = {.a = source_in_place(t, &l), .b = source_in_place(t, &r)};
    interp_handler *const *row;

    if (pair.a.place != INTERP_a) {
        pair.a = (struct source){.place = INTERP_s, .slot = source_in_slot(t, &l)};
    }
    if (pair.b.place != INTERP_a) {
        pair.b = (struct source){.place = INTERP_s, .slot = source_in_slot(t, &r)};
    }
    row = interp_float_rare[op][pair.a.place][pair.b.place];
    claim_accumulator(t, CLASS_FLOAT);
    push_result(t, CLASS_FLOAT, emit_float_pair(t, row[INTERP_a], &pair), row);
}

/* One operand, from class to class. */
static void convert(struct interp_translator *t, interp_handler *const (*rows)[4],
                    enum operand_class to)
{
    struct operand operand = pop(t);
    struct source a = source_in_place(t, &operand);
    uint32_t offset;

    if (rows[a.place][INTERP_a] == NULL) {
        a = (struct source){.place = INTERP_s, .slot = source_in_slot(t, &operand)};
    }
    claim_accumulator(t, to);
    offset = emit(t, rows[a.place][INTERP_a], 16);
    op_at(t, offset)->a = a.slot;
    push_result(t, to, offset, rows[a.place]);
}

static void compare_float(struct interp_translator *t, unsigned op, bool swapped)
{
    struct pair pair = float_pair(t, !swapped);
    struct condition condition = {.kind = CONDITION_FLOAT,
                                  .op = op,
                                  .a = swapped ? pair.b : pair.a,
                                  .b = swapped ? pair.a : pair.b,
                                  .constant = pair.constant};
    interp_handler *const *row;

    if (interp_float_branch[op][condition.a.place][condition.b.place] == NULL &&
        condition.b.place < INTERP_s) {
        condition.b =
            force_slot(t, CLASS_FLOAT, condition.b, scratch_slot(t, &condition.a));
    }
    if (interp_float_branch[op][condition.a.place][condition.b.place] == NULL) {
        condition.a =
            force_slot(t, CLASS_FLOAT, condition.a, scratch_slot(t, &condition.b));
    }
    if (translate_condition(t, &condition)) {
        return;
    }
    pair.a = condition.a;
    pair.b = condition.b;
    row = fit(t, CLASS_FLOAT, interp_float_compare[op], &pair);
    claim_accumulator(t, CLASS_INTEGER);
    push_result(t, CLASS_INTEGER, emit_float_pair(t, row[INTERP_a], &pair), row);
}

bool translate_numeric(struct interp_translator *t, uint32_t opcode)
{
    struct numeric numeric;

    if (opcode >= sizeof(numerics) / sizeof(numerics[0])) {
        return false;
    }
    numeric = numerics[opcode];
    switch ((enum numeric_kind)numeric.kind) {
    case NOT_NUMERIC:
        return false;
    case BINARY_INTEGER:
        binary_integer(t, numeric.op);
        break;
    case BINARY_DIVISION:
        binary_division(t, numeric.op);
        break;
    case UNARY_INTEGER:
        unary_integer(t, numeric.op);
        break;
    case COMPARE_INTEGER:
        compare_integer(t, numeric.op, false);
        break;
    case COMPARE_SWAPPED:
        compare_integer(t, numeric.op, true);
        break;
    case COMPARE_ZERO:
        compare_zero(t, numeric.op);
        break;
    case BINARY_FLOAT:
        binary_float(t, numeric.op);
        break;
    case BINARY_RARE:
        binary_rare(t, numeric.op);
        break;
    case UNARY_FLOAT:
        convert(t, interp_float_unary[numeric.op], CLASS_FLOAT);
        break;
    case COMPARE_REAL:
        compare_float(t, numeric.op, false);
        break;
    case COMPARE_REAL_SWAPPED:
        compare_float(t, numeric.op, true);
        break;
    case CONVERT_TO_FLOAT:
        convert(t, interp_to_float[numeric.op], CLASS_FLOAT);
        break;
    case CONVERT_TO_INTEGER:
        convert(t, interp_to_integer[numeric.op], CLASS_INTEGER);
        break;
    case RETYPE:
        break;
    }
    return true;
}
