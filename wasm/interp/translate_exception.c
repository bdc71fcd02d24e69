/**
 * translate_exception.c - try_table, throw, throw_ref (spec 5.4.1), and the legacy try,
 * catch, catch_all, delegate, rethrow.
 *
 * A try costs nothing until something is thrown: its code range and its clauses become catches
 * behind the function's code, innermost first. A clause of try_table leads to a piece of
 * code behind the try's body that does what `br` to the clause's label does. A legacy catch
 * keeps the exception in a slot below its operands, for rethrow and as a root.
 */
#include "translator.h"

static struct interp_catch *add_catch(struct interp_translator *t,
                                      const struct label *label)
{
    struct interp_catch *catch;

    if (!wasm_reserve(t->platform, (void **)&t->catches, &t->catch_capacity,
                      (uint64_t)t->catch_count + 1, sizeof(*catch))) {
        t->failed = true;
        return NULL;
    }
    catch = &t->catches[t->catch_count++];
    *catch = (struct interp_catch){.begin = label->code,
                                   .end = label->code_end,
                                   .target = t->code_size,
                                   .tag = WASM_NO_INDEX,
                                   .depth = (uint32_t)(label - t->labels),
                                   .slot = next_home(t),
                                   .keep_slot = WASM_NO_INDEX,
                                   .refund = t->counts_fuel ? t->units : 0};
    return catch;
}

static const struct wasm_function_type *tag_type(const struct interp_translator *t,
                                                 uint32_t tag)
{
    return &t->module->types[t->module->tags[tag]];
}

static void push_parameters(struct interp_translator *t,
                            const struct wasm_function_type *type)
{
    for (uint32_t i = 0; i < type->parameter_count; i++) {
        push_slot(t, class_of(type->types[i]));
    }
}

/* --- throw ------------------------------------------------------------------------------- */

static void emit_throw(struct interp_translator *t, interp_handler *handler,
                       uint32_t slot, uint64_t object)
{
    uint32_t charge = t->counts_fuel ? t->units : 1;
    uint32_t offset = emit(t, handler, 32);

    op_at(t, offset)->a = (uint16_t)slot;
    op_at(t, offset)->immediate = (int32_t)t->max_slot;
    op_at(t, offset)->more[0] = object;
    op_at(t, offset)->more[1] = charge;
    t->unreachable = true;
}

static void throw_tag(struct interp_translator *t)
{
    uint32_t tag = code_u32(&t->position);
    uint32_t count = tag_type(t, tag)->parameter_count;
    uint32_t base;

    flush(t, t->height - count, true);
    base = count != 0 ? t->operands[t->height - count].home : next_home(t);
    place_operands(t, count, base);
    emit_throw(t, interp_throw, base,
               (uint64_t)(uintptr_t)t->instance->instance->tags[tag]);
}

static void throw_reference(struct interp_translator *t)
{
    struct operand operand = pop(t);

    emit_throw(t, interp_throw_reference, source_in_slot(t, &operand), 0);
}

static void rethrow(struct interp_translator *t)
{
    uint32_t index = code_u32(&t->position);

    emit_throw(t, interp_throw_reference,
               t->labels[t->label_count - 1 - index].exception, 0);
}

/* --- try_table ---------------------------------------------------------------------------- */

/* One clause: its values arrive at the top of the operand stack, then br to its label. */
static void catch_clause(struct interp_translator *t, const uint8_t **position)
{
    const struct label *label = &t->labels[t->label_count - 1];
    uint32_t kind = *(*position)++;
    uint32_t tag = WASM_NO_INDEX;
    uint32_t height = t->height;
    struct interp_catch *catch = add_catch(t, label);

    if (catch == NULL) {
        return;
    }
    if (kind == CATCH_TAG || kind == CATCH_TAG_REF) {
        tag = code_u32(position);
        push_parameters(t, tag_type(t, tag));
    }
    catch->tag = tag;
    catch->wants_values = tag != WASM_NO_INDEX;
    catch->wants_reference = kind == CATCH_TAG_REF || kind == CATCH_ALL_REF;
    if (catch->wants_reference) {
        push_slot(t, CLASS_INTEGER);
    }
    /* Labels of clauses count from outside of the try_table. */
    branch_to(t, code_u32(position) + 1);
    while (t->height > height) {
        pop(t);
    }
}

static uint32_t max_catch_slots(const struct interp_translator *t, uint32_t count,
                                const uint8_t *position)
{
    uint32_t most = 1;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t kind = *position++;
        if (kind == CATCH_TAG || kind == CATCH_TAG_REF) {
            uint32_t slots = tag_type(t, code_u32(&position))->parameter_slots + 1;
            most = slots > most ? slots : most;
        }
        code_u32(&position);
    }
    return most;
}

static void try_table(struct interp_translator *t)
{
    struct label *label = open_block(t, LABEL_TRY_TABLE);
    uint32_t count;

    label->clauses = t->position;
    count = code_u32(&t->position);
    /* A clause's values may be more than the validator's highest operand stack. */
    if (!reserve_operands(t, max_catch_slots(t, count, t->position) + 2)) {
        t->failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kind = *t->position++;
        if (kind == CATCH_TAG || kind == CATCH_TAG_REF) {
            code_u32(&t->position);
        }
        code_u32(&t->position);
    }
    forget_accumulators(t);
}

void end_try_table(struct interp_translator *t)
{
    struct label *label = &t->labels[t->label_count - 1];
    const uint8_t *clauses = label->clauses;
    uint32_t count = code_u32(&clauses);
    bool was_unreachable = t->unreachable;

    if (count == 0) {
        return;
    }
    if (!was_unreachable) {
        leave_block(t);
    }
    label->code_end = t->code_size;
    while (t->height > label->height) {
        pop(t);
    }
    forget_accumulators(t);
    for (uint32_t i = 0; i < count && !t->failed; i++) {
        catch_clause(t, &clauses);
    }
    t->unreachable = true;
}

/* --- Legacy -------------------------------------------------------------------------------- */

/* Tries around this one have the slots before. */
static void legacy_try(struct interp_translator *t)
{
    struct label *label = open_block(t, LABEL_TRY);
    uint32_t slot = t->exception_slots;

    for (uint32_t i = 0; i + 1 < t->label_count; i++) {
        unsigned kind = t->labels[i].kind;
        slot += kind == LABEL_TRY || kind == LABEL_CATCH;
    }
    label->exception = slot;
    forget_accumulators(t);
}

/* The body, or the catch before, is over: what falls out of it jumps to the end. */
static struct label *end_part(struct interp_translator *t)
{
    struct label *label = &t->labels[t->label_count - 1];

    if (!t->unreachable) {
        leave_block(t);
    }
    if (label->kind == LABEL_TRY) {
        label->code_end = t->code_size;
        label->kind = LABEL_CATCH;
    }
    while (t->height > label->height) {
        pop(t);
    }
    forget_accumulators(t);
    t->unreachable = false;
    return label;
}

static void legacy_catch(struct interp_translator *t, bool all)
{
    struct label *label = end_part(t);
    struct interp_catch *catch = add_catch(t, label);
    uint32_t tag;

    if (catch == NULL) {
        return;
    }
    catch->keep_slot = label->exception;
    if (!all) {
        tag = code_u32(&t->position);
        catch->tag = tag;
        catch->wants_values = true;
        push_parameters(t, tag_type(t, tag));
    }
}

static void legacy_delegate(struct interp_translator *t)
{
    uint32_t index = code_u32(&t->position);
    struct label *label = &t->labels[t->label_count - 1];
    struct interp_catch *catch;

    label->code_end = t->code_size;
    catch = add_catch(t, label);
    if (catch != NULL) {
        catch->target = WASM_NO_INDEX;
        catch->refund = t->label_count - 2 - index;
    }
    close_block(t);
}

bool translate_exception(struct interp_translator *t, uint32_t opcode)
{
    switch (opcode) {
    case OP_THROW:
        throw_tag(t);
        return true;
    case OP_THROW_REF:
        throw_reference(t);
        return true;
    case OP_RETHROW:
        rethrow(t);
        return true;
    case OP_TRY_TABLE:
        try_table(t);
        return true;
    case OP_TRY:
        legacy_try(t);
        return true;
    case OP_CATCH:
    case OP_CATCH_ALL:
        legacy_catch(t, opcode == OP_CATCH_ALL);
        return true;
    case OP_DELEGATE:
        legacy_delegate(t);
        return true;
    default:
        return false;
    }
}
