/**
 * fast_control.h - the fast paths of fast.c for blocks, branches and calls: those that carry no
 * value, or one of exactly the type that is wanted.
 *
 * Each takes an instruction whole, or returns false with nothing changed but *at.
 */
#ifndef WASM_VALIDATE_FAST_CONTROL_H
#define WASM_VALIDATE_FAST_CONTROL_H

#include "validate/fast_values.h"

/** Is the list empty, or the one type on top? */
static inline bool carries(const struct type_list *list, const struct cursor *at)
{
    return list->count == 0 || (list->count == 1 && at->top > at->base &&
                                at->top[-1] == type_list_at(list, 0));
}

/** The rest of the block cannot be reached. */
static inline void leave(struct wasm_validator *v, struct cursor *at)
{
    at->top = v->operands + validate_frame(v)->height;
    validate_frame(v)->is_unreachable = true;
}

/** A block without parameters, with no result or a number. */
static inline bool apply_block(struct wasm_validator *v, uint32_t opcode,
                               struct cursor *at)
{
    struct type_list results = {0};
    uint8_t type;

    if (at->end - at->position < 1 || v->control_count == v->control_capacity) {
        return false;
    }
    type = *at->position++;
    if (type >= TYPE_F64 && type <= TYPE_I32) {
        results = type_list_of(type);
    } else if (type != 0x40) {
        return false;
    }
    if (opcode == OP_IF) {
        if (at->top == at->base || at->top[-1] != TYPE_I32) {
            return false;
        }
        at->top--;
    }
    at->base = at->top;
    v->controls[v->control_count++] = (struct control_frame){
        .results = results,
        .height = (uint32_t)(at->top - v->operands),
        .init_height = v->init_count,
        .opcode = (uint16_t)opcode,
    };
    if (v->control_count > v->max_controls) {
        v->max_controls = v->control_count;
    }
    return true;
}

/** Does the innermost block end here with what it promised? Not the function itself. */
static inline bool ends_plainly(const struct wasm_validator *v, const struct cursor *at,
                                const struct control_frame *frame)
{
    return v->control_count > 1 && frame->init_height == v->init_count &&
           at->top == at->base + frame->results.count && carries(&frame->results, at);
}

static inline bool apply_end(struct wasm_validator *v, struct cursor *at)
{
    const struct control_frame *frame = validate_frame(v);

    if (!ends_plainly(v, at, frame)) {
        return false;
    }
    if (frame->opcode == OP_IF &&
        (frame->parameters.count != 0 || frame->results.count != 0)) {
        return false; /* without else the parameters must do as results */
    }
    v->control_count--;
    at->base = v->operands + frame[-1].height;
    return true;
}

static inline bool apply_else(struct wasm_validator *v, struct cursor *at)
{
    struct control_frame *frame = validate_frame(v);

    if (frame->opcode != OP_IF || frame->parameters.count != 0 ||
        !ends_plainly(v, at, frame)) {
        return false;
    }
    frame->opcode = OP_ELSE;
    frame->is_unreachable = false;
    at->top -= frame->results.count;
    return true;
}

static inline bool apply_branch(struct wasm_validator *v, enum opcode_class class,
                                struct cursor *at)
{
    const struct control_frame *target;
    uint32_t label;

    if (!fast_u32(at, &label) || label >= v->control_count) {
        return false;
    }
    if (class == CLASS_BR_IF) {
        if (at->top == at->base || at->top[-1] != TYPE_I32) {
            return false;
        }
        at->top--;
    }
    target = &v->controls[v->control_count - 1 - label];
    if (!carries(target->opcode == OP_LOOP ? &target->parameters : &target->results,
                 at)) {
        return false;
    }
    if (class == CLASS_BR) {
        leave(v, at);
    }
    return true;
}

static inline bool apply_return(struct wasm_validator *v, struct cursor *at)
{
    if (!carries(&v->results, at)) {
        return false;
    }
    leave(v, at);
    return true;
}

/** Arguments of exactly the parameters' types off, the result on. */
static inline bool apply_function(const struct wasm_function_type *type,
                                  struct cursor *at)
{
    const wasm_type *arguments;

    if (type->result_count > 1 || type->result_slots > 1 ||
        at->top - at->base < (ptrdiff_t)type->parameter_count) {
        return false;
    }
    arguments = at->top - type->parameter_count;
    for (uint32_t i = 0; i < type->parameter_count; i++) {
        if (arguments[i] != type->types[i]) {
            return false;
        }
    }
    at->top -= type->parameter_count;
    if (type->result_count > 0) {
        *at->top++ = type->types[type->parameter_count];
    }
    return true;
}

static inline bool apply_call(const struct wasm_validator *v, struct cursor *at)
{
    uint32_t index;

    return fast_u32(at, &index) && index < v->module->function_count &&
           apply_function(module_function_type(v->module, index), at);
}

/** Through a 32-bit table of funcref; before reference types the index is one zero byte. */
static inline bool apply_call_indirect(const struct wasm_validator *v,
                                       struct cursor *at)
{
    const struct wasm_module *module = v->module;
    uint32_t type;
    uint32_t table;

    if ((module->engine->features & WASM_FEATURE_REFERENCE_TYPES) == 0 ||
        !fast_u32(at, &type) || type >= module->type_count || !fast_u32(at, &table) ||
        table >= module->table_count || module->tables[table].limits.is_64 ||
        module->tables[table].element != TYPE_FUNCREF || at->top == at->base ||
        at->top[-1] != TYPE_I32) {
        return false;
    }
    at->top--;
    return apply_function(&module->types[type], at);
}

#endif
