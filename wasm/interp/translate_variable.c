/**
 * translate_variable.c - locals, globals, constants, drop and select (spec 5.4.3, 5.4.4).
 *
 * local.get emits nothing: the operand is the local. local.set sends the result of the
 * operation before it straight to the local when it can. A local that is still on the
 * operand stack when it changes is first put into its operands' slots.
 */
#include "translator.h"

static void push_local(struct interp_translator *t, uint32_t index)
{
    struct local *local = &t->locals[index];

    push_slot(t, local->class);
    t->operands[t->height - 1].kind = OPERAND_LOCAL;
    t->operands[t->height - 1].local = index;
    local->aliases++;
}

void translate_local_get(struct interp_translator *t, uint32_t index)
{
    push_local(t, index);
}

/* Operands that are still the local get slots of their own. */
static void separate_aliases(struct interp_translator *t, uint32_t index)
{
    for (uint32_t i = t->height; t->locals[index].aliases != 0; i--) {
        struct operand *operand = &t->operands[i - 1];
        if (operand->kind == OPERAND_LOCAL && operand->local == index) {
            move_to_slot(t, operand, operand->home);
            operand->kind = OPERAND_SLOT;
            t->locals[index].aliases--;
        }
    }
}

/* Was the operation that now goes to @p local "local plus an immediate"? */
static void note_step(struct interp_translator *t, const struct local *local)
{
    struct recent *recent = &t->recent;
    bool is_step = recent->kind == RECENT_INTEGER && recent->offset == t->last &&
                   recent->op == INTEGER_I32_ADD && recent->b.place == INTERP_i &&
                   recent->a.place == local->place &&
                   (local->place != INTERP_s || recent->a.slot == local->slot);

    recent->kind = is_step ? RECENT_STEP : RECENT_NONE;
    recent->slot = local->slot;
}

/* The last operation's result goes to the local instead of the accumulator. */
static bool fuse_result(struct interp_translator *t, const struct operand *operand,
                        const struct local *local)
{
    const struct producer *producer = &t->producer[operand->class];
    struct interp_op *op;

    if (operand->kind != OPERAND_ACCUMULATOR || producer->offset != t->last ||
        producer->row == NULL || producer->row[local->place] == NULL) {
        return false;
    }
    op = op_at(t, t->last);
    op->handler = producer->row[local->place];
    op->d = local->slot;
    note_step(t, local);
    if (local->place == INTERP_s) {
        forget_slot(t, local->slot);
        t->copy[operand->class] = local->slot;
    }
    return true;
}

static void move_to_register(struct interp_translator *t, const struct operand *operand,
                             const struct local *local)
{
    struct source source = source_of(t, operand);
    uint32_t offset;

    if (operand->kind != OPERAND_CONSTANT) {
        if (source.place == local->place) {
            return;
        }
        offset = emit(t,
                      operand->class == CLASS_FLOAT
                          ? interp_float_move[source.place][local->place]
                          : interp_move[source.place][local->place],
                      16);
        op_at(t, offset)->a = source.slot;
    } else if (operand->class == CLASS_INTEGER && operand->constant <= UINT32_MAX) {
        offset = emit(t, interp_move[INTERP_i][local->place], 16);
        op_at(t, offset)->immediate = (int32_t)(uint32_t)operand->constant;
    } else {
        offset =
            emit(t,
                 operand->class == CLASS_FLOAT ? interp_float_constant[local->place]
                                               : interp_constant[local->place],
                 24);
        op_at(t, offset)->more[0] = operand->constant;
    }
}

static void assign(struct interp_translator *t, const struct operand *operand,
                   uint32_t index)
{
    struct local *local = &t->locals[index];

    if (local->aliases != 0) {
        separate_aliases(t, index);
    }
    if (operand->class != CLASS_VECTOR && fuse_result(t, operand, local)) {
        return;
    }
    if (local->place != INTERP_s) {
        move_to_register(t, operand, local);
        return;
    }
    move_to_slot(t, operand, local->slot);
    if (operand->kind == OPERAND_ACCUMULATOR) {
        t->copy[operand->class] = local->slot;
    }
}

static bool is_same_local(const struct operand *operand, uint32_t index)
{
    return operand->kind == OPERAND_LOCAL && operand->local == index;
}

void translate_local_set(struct interp_translator *t, uint32_t index)
{
    struct operand operand = pop(t);

    if (!is_same_local(&operand, index)) {
        assign(t, &operand, index);
    }
}

void translate_local_tee(struct interp_translator *t, uint32_t index)
{
    struct operand operand = pop(t);

    if (!is_same_local(&operand, index)) {
        assign(t, &operand, index);
    }
    push_local(t, index);
}

/* --- Globals --------------------------------------------------------------------------- */

static void global_get(struct interp_translator *t)
{
    struct wasm_global *global = t->instance->instance->globals[code_u32(&t->position)];
    enum operand_class class = class_of(global->type);
    uint32_t offset;

    if (class == CLASS_VECTOR) {
        offset = emit(t, interp_global_get_vector, 24);
        op_at(t, offset)->d = (uint16_t)next_home(t);
        op_at(t, offset)->more[0] = (uint64_t)(uintptr_t)&global->value;
        forget_slot(t, next_home(t));
        push_slot(t, class);
        return;
    }
    interp_handler *const *row =
        class == CLASS_FLOAT ? interp_global_get_float : interp_global_get;
    claim_accumulator(t, class);
    offset = emit(t, row[INTERP_a], 24);
    op_at(t, offset)->more[0] = (uint64_t)(uintptr_t)&global->value;
    push_result(t, class, offset, row);
}

static void global_set(struct interp_translator *t)
{
    struct wasm_global *global = t->instance->instance->globals[code_u32(&t->position)];
    struct operand operand = pop(t);
    struct source source;
    interp_handler *handler;
    uint32_t offset;

    if (operand.class == CLASS_VECTOR) {
        source.slot = source_in_slot(t, &operand);
        handler = interp_global_set_vector;
    } else if (operand.class == CLASS_INTEGER && operand.constant <= UINT32_MAX) {
        source = source_of(t, &operand);
        handler = interp_global_set[source.place];
    } else {
        source = source_in_place(t, &operand);
        handler = operand.class == CLASS_FLOAT ? interp_global_set_float[source.place]
                                               : interp_global_set[source.place];
    }
    offset = emit(t, handler, 24);
    op_at(t, offset)->a = source.slot;
    op_at(t, offset)->more[0] = (uint64_t)(uintptr_t)&global->value;
    if (operand.kind == OPERAND_CONSTANT) {
        op_at(t, offset)->immediate = (int32_t)(uint32_t)operand.constant;
    }
}

/* --- Constants, drop, select ------------------------------------------------------------- */

static void constant(struct interp_translator *t, uint32_t opcode)
{
    uint32_t word;
    uint64_t quad;

    switch (opcode) {
    case OP_I32_CONST:
        push_constant(t, CLASS_INTEGER, (uint32_t)code_s64(&t->position));
        break;
    case OP_I64_CONST:
        push_constant(t, CLASS_INTEGER, (uint64_t)code_s64(&t->position));
        break;
    case OP_F32_CONST:
        __builtin_memcpy(&word, t->position, 4);
        t->position += 4;
        push_constant(t, CLASS_FLOAT, word);
        break;
    default:
        __builtin_memcpy(&quad, t->position, 8);
        t->position += 8;
        push_constant(t, CLASS_FLOAT, quad);
        break;
    }
}

static void select_vector(struct interp_translator *t, const struct operand *condition)
{
    uint16_t slot = source_in_slot(t, condition);
    struct operand r = pop(t);
    struct operand l = pop(t);
    uint16_t a = source_in_slot(t, &l);
    uint16_t b = source_in_slot(t, &r);
    uint32_t offset = emit(t, interp_select_vector, 24);

    op_at(t, offset)->a = a;
    op_at(t, offset)->b = b;
    op_at(t, offset)->d = l.home;
    op_at(t, offset)->more[0] = slot;
    forget_slot(t, l.home);
    push_slot(t, CLASS_VECTOR);
}

void translate_select(struct interp_translator *t)
{
    struct operand condition = pop(t);
    enum operand_class class = t->operands[t->height - 1].class;
    struct source a;
    struct source b;
    struct source c;
    interp_handler *const *row;
    uint32_t offset;

    if (class == CLASS_VECTOR) {
        select_vector(t, &condition);
        return;
    }
    struct operand r = pop(t);
    struct operand l = pop(t);
    c = source_in_place(t, &condition);
    if (c.place != INTERP_a) {
        c = (struct source){.place = INTERP_s, .slot = source_in_slot(t, &condition)};
    }
    a = source_in_place(t, &l);
    b = source_in_place(t, &r);
    if (class == CLASS_FLOAT) {
        if (a.place != INTERP_a) {
            a = (struct source){.place = INTERP_s, .slot = source_in_slot(t, &l)};
        }
        if (b.place != INTERP_a) {
            b = (struct source){.place = INTERP_s, .slot = source_in_slot(t, &r)};
        }
        row = interp_float_select[a.place][b.place][c.place];
    } else {
        row = interp_select[a.place][b.place][c.place];
    }
    claim_accumulator(t, class);
    offset = emit(t, row[INTERP_a], 24);
    op_at(t, offset)->a = a.slot;
    op_at(t, offset)->b = b.slot;
    op_at(t, offset)->more[0] = c.slot;
    push_result(t, class, offset, row);
}

bool translate_variable(struct interp_translator *t, uint32_t opcode)
{
    switch (opcode) {
    case OP_LOCAL_GET:
        translate_local_get(t, code_u32(&t->position));
        return true;
    case OP_LOCAL_SET:
        translate_local_set(t, code_u32(&t->position));
        return true;
    case OP_LOCAL_TEE:
        translate_local_tee(t, code_u32(&t->position));
        return true;
    case OP_GLOBAL_GET:
        global_get(t);
        return true;
    case OP_GLOBAL_SET:
        global_set(t);
        return true;
    case OP_I32_CONST:
    case OP_I64_CONST:
    case OP_F32_CONST:
    case OP_F64_CONST:
        constant(t, opcode);
        return true;
    case OP_DROP:
        pop(t);
        return true;
    case OP_SELECT_T:
        wasm_skip_immediates(t->module, opcode, &t->position);
        translate_select(t);
        return true;
    case OP_SELECT:
        translate_select(t);
        return true;
    default:
        return false;
    }
}
