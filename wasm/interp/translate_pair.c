/**
 * translate_pair.c - operations with two operands: where both are read, which form there is
 * for that, and chains of two such operations that become one.
 */
#include "translator.h"

static bool fits_immediate(uint64_t constant, bool is_64)
{
    return !is_64 || (int64_t)constant == (int32_t)constant;
}

/* @p source, an operand that is in a register, from a slot instead: @p home if need be. */
struct source force_slot(struct interp_translator *t, enum operand_class class,
                         struct source source, uint32_t home)
{
    uint32_t offset;

    if (source.place == INTERP_a && t->copy[class] == source.slot) {
        return (struct source){.place = INTERP_s, .slot = source.slot};
    }
    offset = emit(t,
                  class == CLASS_FLOAT ? interp_float_move[source.place][INTERP_s]
                                       : interp_move[source.place][INTERP_s],
                  16);
    op_at(t, offset)->d = (uint16_t)home;
    forget_slot(t, home);
    return (struct source){.place = INTERP_s, .slot = (uint16_t)home};
}

struct pair integer_pair(struct interp_translator *t, bool commutative, bool is_64)
{
    struct operand r = pop(t);
    struct operand l = pop(t);
    struct pair pair;

    if (commutative && l.kind == OPERAND_CONSTANT) {
        struct operand swap = l;
        l = r;
        r = swap;
    }
    pair.a = source_in_place(t, &l);
    if (r.kind == OPERAND_CONSTANT && fits_immediate(r.constant, is_64)) {
        pair.b = (struct source){.place = INTERP_i};
    } else {
        pair.b = source_in_place(t, &r);
    }
    pair.constant = r.constant;
    if (pair.a.place == pair.b.place && pair.a.place != INTERP_s) {
        pair.b = force_slot(t, CLASS_INTEGER, pair.b, r.home);
    }
    if (commutative && pair.b.place < pair.a.place) {
        struct source swap = pair.a;
        pair.a = pair.b;
        pair.b = swap;
    }
    return pair;
}

/* Of the two slots that popped operands leave behind one that @p other does not use. */
uint32_t scratch_slot(const struct interp_translator *t, const struct source *other)
{
    uint32_t home = next_home(t);

    return other->place == INTERP_s && other->slot == home ? home + 1 : home;
}

/*
 * Moves operands to slots until @p forms, a table [A][B][result], has a handler for them;
 * they were popped, so the two slots behind the operand stack are theirs.
 */
interp_handler *const *fit(struct interp_translator *t, enum operand_class class,
                           interp_handler *const (*forms)[5][4], struct pair *pair)
{
    if (forms[pair->a.place][pair->b.place][INTERP_a] == NULL &&
        pair->b.place < INTERP_s) {
        pair->b = force_slot(t, class, pair->b, scratch_slot(t, &pair->a));
    }
    if (forms[pair->a.place][pair->b.place][INTERP_a] == NULL) {
        pair->a = force_slot(t, class, pair->a, scratch_slot(t, &pair->b));
    }
    return forms[pair->a.place][pair->b.place];
}

/* Emits a binary operation with the row of handlers @p row; its result is pushed. */
void emit_binary(struct interp_translator *t, interp_handler *const *row,
                 const struct pair *pair)
{
    uint32_t offset;
    struct interp_op *op;

    claim_accumulator(t, CLASS_INTEGER);
    offset = emit(t, row[INTERP_a], 16);
    op = op_at(t, offset);
    op->a = pair->a.slot;
    if (pair->b.place == INTERP_i) {
        op->immediate = (int32_t)(uint32_t)pair->constant;
    } else {
        op->b = pair->b.slot;
    }
    push_result(t, CLASS_INTEGER, offset, row);
}

/* The chain that operation @p first and @p second make, or CHAIN_COUNT. */
static unsigned chain_of(unsigned first, unsigned second)
{
    switch (first * INTEGER_COUNT + second) {
    case INTEGER_I32_SHL *INTEGER_COUNT + INTEGER_I32_ADD:
        return CHAIN_SHL_ADD;
    case INTEGER_I32_ADD *INTEGER_COUNT + INTEGER_I32_ADD:
        return CHAIN_ADD_ADD;
    case INTEGER_I32_MUL *INTEGER_COUNT + INTEGER_I32_ADD:
        return CHAIN_MUL_ADD;
    case INTEGER_I32_SHR_U *INTEGER_COUNT + INTEGER_I32_AND:
        return CHAIN_SHR_AND;
    case INTEGER_I32_XOR *INTEGER_COUNT + INTEGER_I32_XOR:
        return CHAIN_XOR_XOR;
    case INTEGER_I32_ROTL *INTEGER_COUNT + INTEGER_I32_XOR:
        return CHAIN_ROTL_XOR;
    default:
        return CHAIN_COUNT;
    }
}

/* Joins this operation with the last one, whose result is its first operand. */
static bool join_chain(struct interp_translator *t, unsigned op,
                       const struct pair *pair)
{
    const struct recent *first = recent_result(t, RECENT_INTEGER, &pair->a);
    interp_handler *const *row;
    unsigned chain;
    uint32_t offset;
    struct interp_op *fused;

    if (first == NULL || first->b.place < INTERP_s) {
        return false;
    }
    chain = chain_of(first->op, op);
    if (chain == CHAIN_COUNT) {
        return false;
    }
    row = interp_chain[chain][first->a.place][first->b.place - INTERP_s][pair->b.place];
    if (row[INTERP_a] == NULL) {
        return false;
    }
    take_back(t);
    offset = emit(t, row[INTERP_a], 24);
    fused = op_at(t, offset);
    fused->a = first->a.slot;
    fused->b = first->b.slot;
    fused->e = pair->b.slot;
    fused->more[0] = (uint32_t)first->constant | (uint64_t)(uint32_t)pair->constant
                                                     << 32;
    push_result(t, CLASS_INTEGER, offset, row);
    t->recent.kind = RECENT_NONE;
    return true;
}

void binary_integer(struct interp_translator *t, unsigned op)
{
    bool commutative = interp_is_commutative(op);
    struct pair pair = integer_pair(t, commutative, op >= INTEGER_I64_ADD);

    if (op == INTEGER_I32_AND) {
        struct condition condition = {.kind = CONDITION_INTEGER,
                                      .op = COMPARE_I32_TEST,
                                      .a = pair.a,
                                      .b = pair.b,
                                      .constant = pair.constant};
        if (translate_condition(t, &condition)) {
            return;
        }
    }
    if (join_chain(t, op, &pair)) {
        return;
    }
    emit_binary(t, fit(t, CLASS_INTEGER, interp_integer[op], &pair), &pair);
    t->recent =
        (struct recent){.kind = op < INTEGER_I64_ADD ? RECENT_INTEGER : RECENT_NONE,
                        .offset = t->last,
                        .op = (uint8_t)op,
                        .a = pair.a,
                        .b = pair.b,
                        .constant = pair.constant};
}
