/**
 * translate_control.c - blocks, branches and returns (spec 5.4.1).
 *
 * At a label all parameters or results lie in consecutive slots from label->base on. A
 * forward jump leaves a fixup with its label; when the label's end comes, bind_label()
 * writes distance and charge into the jump.
 */
#include "translator.h"

/* --- Labels ---------------------------------------------------------------------- */

static struct label *push_label(struct interp_translator *t, enum label_kind kind)
{
    struct label *label;

    if (!wasm_reserve(t->platform, (void **)&t->labels, &t->label_capacity,
                      (uint64_t)t->label_count + 1, sizeof(*label))) {
        t->failed = true;
        return &t->labels[t->label_count - 1];
    }
    label = &t->labels[t->label_count++];
    *label = (struct label){.kind = (uint8_t)kind,
                            .fixups = NO_OFFSET,
                            .otherwise = NO_OFFSET,
                            .exception = NO_SLOT};
    return label;
}

/* The label that labelidx @p index names. */
static struct label *label_at(struct interp_translator *t, uint32_t index)
{
    return &t->labels[t->label_count - 1 - index];
}

static uint32_t arity(const struct label *label)
{
    return label->kind == LABEL_LOOP ? label->type.parameter_count
                                     : label->type.result_count;
}

/* wasm_block_type() may leave a pointer into the struct: set it again after a copy. */
static const wasm_type *results_of(const struct label *label)
{
    return label->type.result_count == 1 && label->type.single != TYPE_BOTTOM
               ? &label->type.single
               : label->type.results;
}

static void push_slots(struct interp_translator *t, const wasm_type *types,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        push_slot(t, class_of(types[i]));
    }
}

/* Cuts the operand stack to @p height; what is above is not used any more. */
static void drop_to(struct interp_translator *t, uint32_t height)
{
    while (t->height > height) {
        pop(t);
    }
}

/* --- Conditional and unconditional branches ---------------------------------------- */

/* Are the top operands, all in slots, where @p label wants them? */
static bool is_placed(const struct interp_translator *t, const struct label *label)
{
    uint32_t count = arity(label);

    return count == 0 || t->operands[t->height - count].home == label->base;
}

static void emit_jump(struct interp_translator *t, struct label *label)
{
    uint32_t offset = emit(t, interp_jump, 24);

    link_jump(t, label, offset, offset + 16, false);
}

/* The way to a label, values included. */
static void emit_branch(struct interp_translator *t, struct label *label)
{
    if (label->kind == LABEL_FUNCTION) {
        emit_return(t);
        return;
    }
    place_operands(t, arity(label), label->base);
    emit_jump(t, label);
}

/* Branches to @p label when @p condition holds; otherwise goes on with the same operands. */
static void emit_branch_if(struct interp_translator *t, struct condition *condition,
                           struct label *label)
{
    uint32_t count = arity(label);
    uint32_t list = NO_OFFSET;
    uint32_t field;
    uint32_t offset;

    if (count != 0) {
        flush(t, t->height - count, true);
    }
    if (label->kind != LABEL_FUNCTION && is_placed(t, label)) {
        offset = emit_condition(t, condition, &field);
        link_jump(t, label, offset, field, false);
        return;
    }
    negate(condition);
    offset = emit_condition(t, condition, &field);
    add_fixup(t, &list,
              &(struct fixup){.op = offset, .field = field, .units = t->units});
    emit_branch(t, label);
    bind_list(t, &list);
    t->last = NO_OFFSET;
}

static void begin_if(struct interp_translator *t, struct condition *condition);

bool translate_condition(struct interp_translator *t, struct condition *condition)
{
    const uint8_t *position = t->position;
    uint32_t consumed = 1;
    bool negated = false;

    while (*position == OP_I32_EQZ) {
        position++;
        consumed++;
        negated = !negated;
    }
    if (*position != OP_BR_IF && *position != OP_IF) {
        return false;
    }
    if (negated) {
        negate(condition);
    }
    t->position = position + 1;
    t->units += consumed;
    if (*position == OP_BR_IF) {
        emit_branch_if(t, condition, label_at(t, code_u32(&t->position)));
    } else {
        begin_if(t, condition);
    }
    return true;
}

/* The top operand, an i32, as a condition. */
static struct condition pop_condition(struct interp_translator *t)
{
    struct operand operand = pop(t);

    return (struct condition){.kind = CONDITION_INTEGER,
                              .op = COMPARE_I32_NE,
                              .a = source_in_place(t, &operand),
                              .b = {.place = INTERP_i}};
}

/* --- Blocks -------------------------------------------------------------------------- */

/* Opens a block: what lies below its parameters is settled, they are in their slots. */
static struct label *begin_block(struct interp_translator *t, enum label_kind kind,
                                 uint32_t settled)
{
    struct label *label = push_label(t, kind);

    wasm_block_type(t->module, &t->position, &label->type);
    label->height = t->height - label->type.parameter_count;
    flush(t, settled, false);
    flush(t, label->height, true);
    label->base = label->type.parameter_count != 0 ? t->operands[label->height].home
                                                   : next_home(t);
    label->units = t->units;
    label->code = t->code_size;
    return label;
}

/* Operands below this height are settled already. */
static uint32_t settled_height(const struct interp_translator *t)
{
    return t->labels[t->label_count - 1].height;
}

static void begin_loop(struct interp_translator *t)
{
    begin_block(t, LABEL_LOOP, settled_height(t));
    forget_accumulators(t);
}

static void begin_if(struct interp_translator *t, struct condition *condition)
{
    struct label *label = begin_block(t, LABEL_IF, settled_height(t));
    uint32_t field;
    uint32_t offset;

    negate(condition);
    offset = emit_condition(t, condition, &field);
    add_fixup(t, &label->otherwise,
              &(struct fixup){.op = offset, .field = field, .units = t->units});
}

static void begin_else(struct interp_translator *t)
{
    struct label *label = label_at(t, 0);

    if (!t->unreachable) {
        leave_block(t);
    }
    t->unreachable = false;
    drop_to(t, label->height);
    bind_list(t, &label->otherwise);
    forget_accumulators(t);
    push_slots(t, label->type.parameters, label->type.parameter_count);
    label->kind = LABEL_ELSE;
}

struct label *open_block(struct interp_translator *t, enum label_kind kind)
{
    return begin_block(t, kind, settled_height(t));
}

void leave_block(struct interp_translator *t)
{
    struct label *label = label_at(t, 0);

    place_operands(t, label->type.result_count, label->base);
    emit_jump(t, label);
}

void branch_to(struct interp_translator *t, uint32_t index)
{
    emit_branch(t, label_at(t, index));
}

void branch_if(struct interp_translator *t, struct condition *condition, uint32_t index)
{
    emit_branch_if(t, condition, label_at(t, index));
}

/* The end of a block: where jumps meet what falls through, all results are in slots. */
void close_block(struct interp_translator *t)
{
    struct label *label = label_at(t, 0);
    bool joined = label->fixups != NO_OFFSET || label->otherwise != NO_OFFSET;

    if (joined) {
        if (!t->unreachable) {
            place_operands(t, label->type.result_count, label->base);
        }
        drop_to(t, label->height);
        bind_list(t, &label->otherwise);
        bind_label(t, label);
        t->unreachable = false;
        push_slots(t, results_of(label), label->type.result_count);
    } else if (t->unreachable) {
        drop_to(t, label->height);
    }
    t->label_count--;
}

/* --- The function's own label, and returns ------------------------------------------ */

void begin_function(struct interp_translator *t)
{
    struct label *label = push_label(t, LABEL_FUNCTION);

    label->type.results = t->type->types + t->type->parameter_count;
    label->type.result_count = t->type->result_count;
}

/* One result goes from wherever it is. */
static void return_one(struct interp_translator *t)
{
    const struct operand *operand = &t->operands[t->height - 1];
    struct source source = source_in_place(t, operand);
    interp_handler *handler = operand->class == CLASS_FLOAT
                                  ? interp_return_float[source.place]
                                  : interp_return_integer[source.place];
    uint32_t offset = emit(t, handler, 16);

    op_at(t, offset)->a = source.slot;
}

void emit_return(struct interp_translator *t)
{
    uint32_t units = t->units;
    uint32_t count = t->type->result_count;
    const struct operand *top = t->height != 0 ? &t->operands[t->height - 1] : NULL;

    if (count == 1 && top != NULL && top->class != CLASS_VECTOR) {
        return_one(t);
    } else {
        /* Through the operands' own slots, as a result may be a parameter's place. */
        flush(t, t->height - count, true);
        place_operands(t, count, 0);
        emit(t, interp_return, 16);
    }
    op_at(t, t->last)->c = (uint16_t)t->link_slot;
    op_at(t, t->last)->immediate = (int32_t)(t->counts_fuel ? units : 0);
}

/* --- br_table ------------------------------------------------------------------------ */

/* A table's entry for a label whose values are elsewhere leads to code behind the table. */
static void emit_detour(struct interp_translator *t, uint32_t table, uint32_t field,
                        struct label *label)
{
    *(uint64_t *)(t->code + field) = entry_word((int64_t)t->code_size - table, 0);
    emit_branch(t, label);
}

static void br_table(struct interp_translator *t)
{
    struct operand index = pop(t);
    uint32_t count = code_u32(&t->position);
    const uint8_t *targets = t->position;
    struct source source;
    uint32_t table;

    for (uint32_t i = 0; i < count; i++) {
        code_u32(&t->position);
    }
    source = source_in_place(t, &index);
    flush(t, t->height - arity(label_at(t, code_u32(&t->position))), true);
    table = emit(t, interp_br_table[source.place], 16 + 8 * (count + 1));
    if (t->failed) {
        return;
    }
    op_at(t, table)->a = source.slot;
    op_at(t, table)->immediate = (int32_t)count;
    for (uint32_t i = 0; i <= count && !t->failed; i++) {
        struct label *label = label_at(t, code_u32(&targets));
        uint32_t field = table + 16 + 8 * i;
        if (label->kind == LABEL_FUNCTION || !is_placed(t, label)) {
            emit_detour(t, table, field, label);
        } else {
            link_jump(t, label, table, field, true);
        }
    }
    t->unreachable = true;
}

bool translate_control(struct interp_translator *t, uint32_t opcode)
{
    struct condition condition;

    switch (opcode) {
    case OP_UNREACHABLE:
        emit(t, interp_trap_unreachable, 16);
        t->unreachable = true;
        return true;
    case OP_NOP:
        return true;
    case OP_BLOCK:
        begin_block(t, LABEL_BLOCK, settled_height(t));
        return true;
    case OP_LOOP:
        begin_loop(t);
        return true;
    case OP_IF:
        condition = pop_condition(t);
        begin_if(t, &condition);
        return true;
    case OP_ELSE:
        begin_else(t);
        return true;
    case OP_END:
        if (label_at(t, 0)->kind == LABEL_TRY_TABLE) {
            end_try_table(t);
        }
        close_block(t);
        return true;
    case OP_BR:
        emit_branch(t, label_at(t, code_u32(&t->position)));
        t->unreachable = true;
        return true;
    case OP_BR_IF:
        condition = pop_condition(t);
        emit_branch_if(t, &condition, label_at(t, code_u32(&t->position)));
        return true;
    case OP_BR_TABLE:
        br_table(t);
        return true;
    case OP_RETURN:
        emit_return(t);
        t->unreachable = true;
        return true;
    default:
        return false;
    }
}
