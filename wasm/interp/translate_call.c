/**
 * translate_call.c - calls of all kinds (spec 4.4.8).
 *
 * Arguments are put into consecutive slots at the top of the operand stack; there the callee's
 * frame begins. The room that the link needs behind them counts as part of this frame.
 */
#include "translator.h"

/* A call's place: its first argument's slot, the link's slot, both in this frame. */
struct call {
    const struct wasm_function_type *type;
    uint32_t base;
    uint32_t link;
};

/* Settles the arguments, which stay on the operand stack. */
static struct call prepare_call(struct interp_translator *t,
                                const struct wasm_function_type *type)
{
    uint32_t count = type->parameter_count;
    struct call call = {.type = type};

    vacate(t);
    call.base = count != 0 ? t->operands[t->height - count].home : next_home(t);
    place_operands(t, count, call.base);
    call.link = call.base + interp_link_slot(type);
    if (call.link + INTERP_LINK_SLOTS > t->max_slot) {
        t->max_slot = call.link + INTERP_LINK_SLOTS;
    }
    return call;
}

static void finish_call(struct interp_translator *t, const struct call *call)
{
    const struct wasm_function_type *type = call->type;

    for (uint32_t i = 0; i < type->parameter_count; i++) {
        pop(t);
    }
    forget_accumulators(t);
    for (uint32_t i = 0; i < type->result_count; i++) {
        push_slot(t, class_of(type->types[type->parameter_count + i]));
    }
    if (type->result_count == 1) {
        const struct operand *result = &t->operands[t->height - 1];
        if (result->class != CLASS_VECTOR) {
            t->copy[result->class] = result->home;
        }
    }
}

static struct interp_op *emit_call(struct interp_translator *t, interp_handler *handler,
                                   uint32_t size, const struct call *call)
{
    uint32_t charge = charge_all(t);
    struct interp_op *op = op_at(t, emit(t, handler, size));

    op->a = (uint16_t)call->base;
    op->c = (uint16_t)call->link;
    op->immediate = (int32_t)charge;
    op->more[1] = (uint64_t)(uintptr_t)t->function;
    return op;
}

static void call_direct(struct interp_translator *t)
{
    uint32_t index = code_u32(&t->position);
    struct wasm_function *callee = t->instance->instance->functions[index];
    struct call call = prepare_call(t, module_function_type(t->module, index));
    bool own = callee->instance == t->instance->instance;
    struct interp_op *op =
        emit_call(t, own ? interp_call : interp_call_import, 32, &call);

    op->more[0] = (uint64_t)(uintptr_t)callee;
    finish_call(t, &call);
}

static void call_indirect(struct interp_translator *t)
{
    const struct wasm_instance *instance = t->instance->instance;
    uint32_t type_index = code_u32(&t->position);
    uint32_t table = code_u32(&t->position);
    struct operand operand = pop(t);
    struct source index = source_in_place(t, &operand);
    struct call call;
    struct interp_op *op;

    /* Arguments move without touching the accumulator, which may hold the index. */
    call = prepare_call(t, &t->module->types[type_index]);
    op = emit_call(t, interp_call_indirect[index.place], 48, &call);
    op->more[0] = index.slot;
    op->more[2] = (uint64_t)(uintptr_t)instance->tables[table];
    op->more[3] = instance->type_ids[type_index];
    finish_call(t, &call);
}

static void call_reference(struct interp_translator *t)
{
    uint32_t type_index = code_u32(&t->position);
    struct operand operand = pop(t);
    uint16_t slot = source_in_slot(t, &operand);
    struct call call = prepare_call(t, &t->module->types[type_index]);

    emit_call(t, interp_call_reference, 32, &call)->more[0] = slot;
    finish_call(t, &call);
}

/* Tail calls: the link is this function's own; arguments move to the frame's beginning. */
static struct interp_op *emit_return_call(struct interp_translator *t,
                                          interp_handler *handler, uint32_t size,
                                          const struct wasm_function_type *type)
{
    struct call call = prepare_call(t, type);
    struct interp_op *op = emit_call(t, handler, size, &call);
    uint32_t needed = interp_link_slot(type) + INTERP_LINK_SLOTS;

    if (needed > t->max_slot) {
        t->max_slot = needed;
    }
    op->c = (uint16_t)t->link_slot;
    t->unreachable = true;
    return op;
}

static void return_call(struct interp_translator *t, uint32_t opcode)
{
    const struct wasm_instance *instance = t->instance->instance;
    uint32_t index = code_u32(&t->position);
    uint32_t table;
    struct operand operand;
    uint16_t slot;
    struct interp_op *op;

    if (opcode == OP_RETURN_CALL) {
        op = emit_return_call(t, interp_return_call, 32,
                              module_function_type(t->module, index));
        op->more[0] = (uint64_t)(uintptr_t)instance->functions[index];
        return;
    }
    table = opcode == OP_RETURN_CALL_INDIRECT ? code_u32(&t->position) : 0;
    operand = pop(t);
    slot = source_in_slot(t, &operand);
    if (opcode == OP_RETURN_CALL_REF) {
        op = emit_return_call(t, interp_return_call_reference, 32,
                              &t->module->types[index]);
    } else {
        op = emit_return_call(t, interp_return_call_indirect, 48,
                              &t->module->types[index]);
        op->more[2] = (uint64_t)(uintptr_t)instance->tables[table];
        op->more[3] = instance->type_ids[index];
    }
    op->more[0] = slot;
}

bool translate_call(struct interp_translator *t, uint32_t opcode)
{
    switch (opcode) {
    case OP_CALL:
        call_direct(t);
        return true;
    case OP_CALL_INDIRECT:
        call_indirect(t);
        return true;
    case OP_CALL_REF:
        call_reference(t);
        return true;
    case OP_RETURN_CALL:
    case OP_RETURN_CALL_INDIRECT:
    case OP_RETURN_CALL_REF:
        return_call(t, opcode);
        return true;
    default:
        return false;
    }
}
