/**
 * translate_branch.c - the branch operations themselves: conditions, jumps whose targets are
 * not known yet, and what a taken branch pays.
 */
#include "translator.h"

/* --- Fixups and labels ------------------------------------------------------------- */

uint32_t charge_to(const struct interp_translator *t, uint32_t units, bool backward)
{
    return t->counts_fuel ? t->units - units : backward;
}

uint32_t charge_all(struct interp_translator *t)
{
    uint32_t charge = t->counts_fuel ? t->units : 1;

    t->units = 0;
    return charge;
}

uint64_t entry_word(int64_t jump, uint32_t charge)
{
    return (uint64_t)charge << 32 | (uint32_t)(int32_t)jump;
}

/* Writes where a jump goes and what it pays. */
static void write_jump(struct interp_translator *t, const struct fixup *fixup,
                       uint32_t target, uint32_t charge)
{
    int64_t jump = (int64_t)target - (int64_t)fixup->op;
    uint64_t *field = (uint64_t *)(t->code + fixup->field);

    if (fixup->is_entry) {
        *field = entry_word(jump, charge);
        return;
    }
    op_at(t, fixup->op)->jump = (int32_t)jump;
    *field = (uint64_t)charge << 32 | (uint32_t)*field;
}

void add_fixup(struct interp_translator *t, uint32_t *list, const struct fixup *fixup)
{
    if (!wasm_reserve(t->platform, (void **)&t->fixups, &t->fixup_capacity,
                      (uint64_t)t->fixup_count + 1, sizeof(*fixup))) {
        t->failed = true;
        return;
    }
    t->fixups[t->fixup_count] = *fixup;
    t->fixups[t->fixup_count].next = *list;
    *list = t->fixup_count++;
}

void bind_list(struct interp_translator *t, uint32_t *list)
{
    while (*list != NO_OFFSET && !t->failed) {
        const struct fixup *fixup = &t->fixups[*list];
        uint32_t charge = t->counts_fuel ? fixup->units - t->units : 0;
        write_jump(t, fixup, t->code_size, charge);
        *list = fixup->next;
    }
}

void bind_label(struct interp_translator *t, struct label *label)
{
    bind_list(t, &label->fixups);
    forget_accumulators(t);
}

/* The jump of the operation at @p op, with the charge at @p field, goes to @p label. */
void link_jump(struct interp_translator *t, struct label *label, uint32_t op,
               uint32_t field, bool is_entry)
{
    struct fixup fixup = {
        .op = op, .field = field, .units = t->units, .is_entry = is_entry};

    if (label->kind == LABEL_LOOP) {
        write_jump(t, &fixup, label->code, charge_to(t, label->units, true));
    } else {
        add_fixup(t, &label->fixups, &fixup);
    }
}

/* Is @p source the local that the last operation, a step, changed? */
static bool reads_step(const struct interp_translator *t, const struct recent *step,
                       const struct source *source)
{
    if (step->a.place == INTERP_s) {
        return source->slot == step->slot &&
               (source->place == INTERP_s ||
                (source->place == INTERP_a && t->copy[CLASS_INTEGER] == step->slot));
    }
    return source->place == step->a.place;
}

/* The branch joined with what the last operation was, if there is such a handler. */
static interp_handler *join_condition(struct interp_translator *t,
                                      const struct condition *condition,
                                      struct recent *out_first)
{
    const struct recent *first;
    interp_handler *handler = NULL;
    enum interp_place b = condition->b.place;

    if (condition->kind != CONDITION_INTEGER || t->memory != &interp_memory_guarded) {
        return NULL;
    }
    first = recent_operation(t, RECENT_STEP);
    if (first != NULL && condition->op < COMPARE_I64_EQ &&
        reads_step(t, first, &condition->a)) {
        handler = interp_step_branch[condition->op][first->a.place][b];
    }
    if (first == NULL) {
        first = recent_result(t, RECENT_LOAD, &condition->a);
        if (first != NULL && b >= INTERP_s && first->op <= LOAD_I32 &&
            first->a.place < INTERP_i) {
            handler = interp_load_branch[first->op][condition->op][first->a.place]
                                        [b - INTERP_s];
        }
    }
    if (handler != NULL) {
        *out_first = *first;
    }
    return handler;
}

static bool emit_joined(struct interp_translator *t, const struct condition *condition,
                        uint32_t *out_offset)
{
    struct recent first;
    interp_handler *handler = join_condition(t, condition, &first);
    struct interp_op *op;

    if (handler == NULL) {
        return false;
    }
    take_back(t);
    *out_offset = emit(t, handler, 32);
    op = op_at(t, *out_offset);
    op->a = first.a.slot;
    op->c = condition->b.slot;
    op->more[0] = (uint32_t)condition->constant;
    op->more[1] = first.kind == RECENT_STEP ? first.constant : first.memory_offset;
    t->recent.kind = RECENT_NONE;
    return true;
}

/* The operation that branches when @p condition holds; its jump is not set yet. */
uint32_t emit_condition(struct interp_translator *t, const struct condition *condition,
                        uint32_t *field)
{
    enum interp_place a = condition->a.place;
    enum interp_place b = condition->b.place;
    bool immediate = condition->kind <= CONDITION_FLOAT && b == INTERP_i;
    uint32_t size = condition->kind == CONDITION_FLOAT && immediate ? 32 : 24;
    interp_handler *handler;
    uint32_t offset;

    if (emit_joined(t, condition, &offset)) {
        *field = offset + 16;
        return offset;
    }
    switch (condition->kind) {
    case CONDITION_INTEGER:
        handler = interp_branch[condition->op][a][b];
        break;
    case CONDITION_FLOAT:
        handler = interp_float_branch[condition->op][a][b];
        break;
    case CONDITION_NULL:
        handler = interp_br_on_null;
        break;
    default:
        handler = interp_br_on_non_null;
        break;
    }
    offset = emit(t, handler, size);
    op_at(t, offset)->a = condition->a.slot;
    op_at(t, offset)->c = condition->b.slot;
    if (immediate) {
        op_at(t, offset)->more[size == 32] =
            size == 32 ? condition->constant : (uint32_t)condition->constant;
    }
    *field = offset + 16;
    return offset;
}

void negate(struct condition *condition)
{
    static const uint8_t floats[FLOAT_COMPARE_COUNT] = {
        [FLOAT_COMPARE_F32_EQ] = FLOAT_COMPARE_F32_NE,
        [FLOAT_COMPARE_F32_NE] = FLOAT_COMPARE_F32_EQ,
        [FLOAT_COMPARE_F32_LT] = FLOAT_COMPARE_F32_NOT_LT,
        [FLOAT_COMPARE_F32_LE] = FLOAT_COMPARE_F32_NOT_LE,
        [FLOAT_COMPARE_F64_EQ] = FLOAT_COMPARE_F64_NE,
        [FLOAT_COMPARE_F64_NE] = FLOAT_COMPARE_F64_EQ,
        [FLOAT_COMPARE_F64_LT] = FLOAT_COMPARE_F64_NOT_LT,
        [FLOAT_COMPARE_F64_LE] = FLOAT_COMPARE_F64_NOT_LE,
        [FLOAT_COMPARE_F32_NOT_LT] = FLOAT_COMPARE_F32_LT,
        [FLOAT_COMPARE_F32_NOT_LE] = FLOAT_COMPARE_F32_LE,
        [FLOAT_COMPARE_F64_NOT_LT] = FLOAT_COMPARE_F64_LT,
        [FLOAT_COMPARE_F64_NOT_LE] = FLOAT_COMPARE_F64_LE,
    };

    switch (condition->kind) {
    case CONDITION_INTEGER:
        condition->op ^= 1;
        break;
    case CONDITION_FLOAT:
        condition->op = floats[condition->op];
        break;
    case CONDITION_NULL:
        condition->kind = CONDITION_NOT_NULL;
        break;
    default:
        condition->kind = CONDITION_NULL;
        break;
    }
}
