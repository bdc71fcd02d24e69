/**
 * emit.c - the translator's lower half: code buffer, operand stack, accumulators.
 *
 * See translator.h for the invariants. When memory runs out `failed` is set, the buffer is
 * started over so that writing stays safe, and the translation ends at the next instruction.
 */
#include "translator.h"

enum { CODE_MINIMUM = 4096, CODE_MAXIMUM = 1 << 30 };

uint32_t emit(struct interp_translator *t, interp_handler *handler, uint32_t size)
{
    uint32_t offset = t->code_size;
    struct interp_op *op;

    if (offset + size > t->code_capacity &&
        (offset + size > CODE_MAXIMUM ||
         !wasm_reserve(t->platform, (void **)&t->code, &t->code_capacity,
                       offset + size + CODE_MINIMUM, 1))) {
        t->failed = true;
        offset = 0;
    }
    if (offset <= t->locate_target && t->locate_target != NO_OFFSET) {
        t->located = t->instruction;
    }
    op = op_at(t, offset);
    op->handler = handler;
    for (uint32_t i = 8; i < size && i < t->code_capacity; i += 8) {
        *(uint64_t *)(t->code + offset + i) = 0;
    }
    t->code_size = offset + size;
    t->last = offset;
    return offset;
}

const struct recent *recent_operation(const struct interp_translator *t, unsigned kind)
{
    const struct recent *recent = &t->recent;

    return recent->kind == kind && recent->offset == t->last ? recent : NULL;
}

const struct recent *recent_result(const struct interp_translator *t, unsigned kind,
                                   const struct source *source)
{
    const struct recent *recent = recent_operation(t, kind);

    return recent != NULL && source->place == INTERP_a && source->is_fresh ? recent
                                                                           : NULL;
}

void take_back(struct interp_translator *t)
{
    t->code_size = t->last;
}

enum operand_class class_of(wasm_type type)
{
    switch (type & 0xFF) {
    case TYPE_F32:
    case TYPE_F64:
        return CLASS_FLOAT;
    case TYPE_V128:
        return CLASS_VECTOR;
    default:
        return CLASS_INTEGER;
    }
}

uint32_t next_home(const struct interp_translator *t)
{
    const struct operand *top;

    if (t->height == 0) {
        return t->first_operand;
    }
    top = &t->operands[t->height - 1];
    return top->home + (top->class == CLASS_VECTOR ? 2u : 1u);
}

static struct operand *push(struct interp_translator *t, enum operand_kind kind,
                            enum operand_class class)
{
    uint32_t home = next_home(t);
    struct operand *operand = &t->operands[t->height++];

    if (home + 2 > t->max_slot) {
        t->max_slot = home + 2;
    }
    operand->kind = (uint8_t)kind;
    operand->class = (uint8_t) class;
    operand->home = (uint16_t)home;
    return operand;
}

void push_slot(struct interp_translator *t, enum operand_class class)
{
    push(t, OPERAND_SLOT, class);
}

void push_constant(struct interp_translator *t, enum operand_class class,
                   uint64_t constant)
{
    push(t, OPERAND_CONSTANT, class)->constant = constant;
}

void push_result(struct interp_translator *t, enum operand_class class, uint32_t offset,
                 interp_handler *const *row)
{
    push(t, OPERAND_ACCUMULATOR, class);
    t->occupant[class] = t->height - 1;
    t->copy[class] = NO_SLOT;
    t->producer[class] = (struct producer){.offset = offset, .row = row};
}

struct operand pop(struct interp_translator *t)
{
    struct operand operand = t->operands[--t->height];

    if (operand.kind == OPERAND_LOCAL) {
        t->locals[operand.local].aliases--;
    } else if (operand.kind == OPERAND_ACCUMULATOR) {
        t->occupant[operand.class] = NO_OFFSET;
    }
    return operand;
}

static struct source slot_source(const struct interp_translator *t, unsigned class,
                                 uint32_t slot)
{
    bool copied = class != CLASS_VECTOR && t->copy[class] == slot;

    return (struct source){.place = copied ? INTERP_a : INTERP_s,
                           .slot = (uint16_t)slot};
}

struct source source_of(struct interp_translator *t, const struct operand *operand)
{
    const struct local *local;

    switch (operand->kind) {
    case OPERAND_CONSTANT:
        return (struct source){.place = INTERP_i, .slot = operand->home};
    case OPERAND_ACCUMULATOR:
        return (struct source){
            .place = INTERP_a,
            .slot = operand->home,
            .is_fresh = t->producer[operand->class].offset == t->last};
    case OPERAND_SLOT:
        return slot_source(t, operand->class, operand->home);
    default:
        local = &t->locals[operand->local];
        if (local->place == INTERP_s) {
            return slot_source(t, operand->class, local->slot);
        }
        return (struct source){.place = local->place, .slot = local->slot};
    }
}

struct source source_in_place(struct interp_translator *t,
                              const struct operand *operand)
{
    if (operand->kind != OPERAND_CONSTANT) {
        return source_of(t, operand);
    }
    move_to_slot(t, operand, operand->home);
    return (struct source){.place = INTERP_s, .slot = operand->home};
}

uint16_t source_in_slot(struct interp_translator *t, const struct operand *operand)
{
    struct source source = source_of(t, operand);

    if (operand->kind == OPERAND_SLOT) {
        return operand->home;
    }
    if (operand->kind == OPERAND_LOCAL && t->locals[operand->local].place == INTERP_s) {
        return source.slot;
    }
    move_to_slot(t, operand, operand->home);
    return operand->home;
}

void forget_slot(struct interp_translator *t, uint32_t slot)
{
    for (unsigned class = 0; class < 2; class ++) {
        if (t->copy[class] == slot) {
            t->copy[class] = NO_SLOT;
        }
    }
}

void forget_accumulators(struct interp_translator *t)
{
    t->copy[CLASS_INTEGER] = NO_SLOT;
    t->copy[CLASS_FLOAT] = NO_SLOT;
    t->last = NO_OFFSET;
}

static uint32_t emit_constant(struct interp_translator *t,
                              const struct operand *operand)
{
    uint32_t offset;

    if (operand->constant <= UINT32_MAX) {
        offset = emit(t, interp_move[INTERP_i][INTERP_s], 16);
        op_at(t, offset)->immediate = (int32_t)(uint32_t)operand->constant;
        return offset;
    }
    offset = emit(t, interp_constant[INTERP_s], 24);
    op_at(t, offset)->more[0] = operand->constant;
    return offset;
}

/* The result of the operation that filled the accumulator goes to @p slot as well. */
static bool retarget(struct interp_translator *t, unsigned class, uint32_t slot)
{
    const struct producer *producer = &t->producer[class];
    struct interp_op *op;

    if (producer->row == NULL || producer->row[INTERP_s] == NULL) {
        return false;
    }
    op = op_at(t, producer->offset);
    op->handler = producer->row[INTERP_s];
    op->d = (uint16_t)slot;
    return true;
}

/* A second move right behind one joins it. */
static bool join_moves(struct interp_translator *t, const struct source *source,
                       uint64_t constant, uint32_t slot)
{
    const struct recent *first = recent_operation(t, RECENT_MOVE);
    interp_handler *handler;
    uint64_t immediates;
    uint32_t offset;

    if (first == NULL || interp_move_two[first->a.place][source->place] == NULL) {
        return false;
    }
    handler = interp_move_two[first->a.place][source->place];
    immediates = (first->a.place == INTERP_i ? first->constant : 0) |
                 (source->place == INTERP_i ? constant << 32 : 0);
    take_back(t);
    offset = emit(t, handler, 24);
    op_at(t, offset)->a = first->a.slot;
    op_at(t, offset)->d = (uint16_t)first->slot;
    op_at(t, offset)->b = source->slot;
    op_at(t, offset)->e = (uint16_t)slot;
    op_at(t, offset)->more[0] = immediates;
    t->recent.kind = RECENT_NONE;
    forget_slot(t, slot);
    return true;
}

static void note_move(struct interp_translator *t, const struct source *source,
                      uint64_t constant, uint32_t slot)
{
    t->recent = (struct recent){.kind = RECENT_MOVE,
                                .offset = t->last,
                                .a = *source,
                                .constant = constant,
                                .slot = slot};
}

/* Emits the move of an operand that @p source says where to find; its offset. */
static uint32_t emit_move(struct interp_translator *t, const struct operand *operand,
                          const struct source *source)
{
    if (operand->kind == OPERAND_CONSTANT) {
        return emit_constant(t, operand);
    }
    if (operand->class == CLASS_VECTOR) {
        return emit(t, interp_move_vector, 16);
    }
    if (operand->class == CLASS_FLOAT && source->place != INTERP_s) {
        return emit(t, interp_float_move[source->place][INTERP_s], 16);
    }
    return emit(t, interp_move[source->place][INTERP_s], 16);
}

void move_to_slot(struct interp_translator *t, const struct operand *operand,
                  uint32_t slot)
{
    struct source source = source_of(t, operand);
    bool is_wide = operand->kind == OPERAND_CONSTANT && operand->constant > UINT32_MAX;
    bool is_plain = operand->class == CLASS_INTEGER ||
                    (operand->class == CLASS_FLOAT && source.place >= INTERP_s);
    bool is_home = operand->kind == OPERAND_ACCUMULATOR && slot == operand->home;
    uint32_t offset;

    if (is_home) {
        is_plain = is_plain && t->producer[operand->class].row == NULL;
    }
    if (is_plain && !is_wide && join_moves(t, &source, operand->constant, slot)) {
        return;
    }
    if (is_home && retarget(t, operand->class, slot)) {
        forget_slot(t, slot);
        t->copy[operand->class] = slot;
        return;
    }
    offset = emit_move(t, operand, &source);
    op_at(t, offset)->a = source.slot;
    op_at(t, offset)->d = (uint16_t)slot;
    forget_slot(t, slot);
    if (is_plain && !is_wide) {
        note_move(t, &source, operand->constant, slot);
    }
}

/* Puts operand @p index into its home for good. */
static void settle(struct interp_translator *t, uint32_t index)
{
    struct operand *operand = &t->operands[index];

    move_to_slot(t, operand, operand->home);
    if (operand->kind == OPERAND_LOCAL) {
        t->locals[operand->local].aliases--;
    } else if (operand->kind == OPERAND_ACCUMULATOR) {
        t->occupant[operand->class] = NO_OFFSET;
    }
    operand->kind = OPERAND_SLOT;
}

void claim_accumulator(struct interp_translator *t, enum operand_class class)
{
    if (t->occupant[class] != NO_OFFSET) {
        settle(t, t->occupant[class]);
    }
    t->copy[class] = NO_SLOT;
}

void vacate(struct interp_translator *t)
{
    for (unsigned class = 0; class < 2; class ++) {
        if (t->occupant[class] != NO_OFFSET) {
            settle(t, t->occupant[class]);
        }
    }
}

void flush(struct interp_translator *t, uint32_t from, bool all)
{
    for (uint32_t i = from; i < t->height; i++) {
        unsigned kind = t->operands[i].kind;
        if (kind != OPERAND_SLOT && (all || kind != OPERAND_CONSTANT)) {
            settle(t, i);
        }
    }
}

void place_operands(struct interp_translator *t, uint32_t count, uint32_t base)
{
    uint32_t slot = base;

    for (uint32_t i = t->height - count; i < t->height; i++) {
        struct operand *operand = &t->operands[i];
        if (operand->home == slot && operand->kind != OPERAND_SLOT) {
            settle(t, i);
        } else if (operand->home != slot) {
            move_to_slot(t, operand, slot);
        }
        slot += operand->class == CLASS_VECTOR ? 2 : 1;
    }
}
