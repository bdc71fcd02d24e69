/**
 * fast_values.h - the fast paths of fast.c that neither branch nor call.
 *
 * Each takes an instruction whole, or returns false with nothing changed but *at.
 */
#ifndef WASM_VALIDATE_FAST_VALUES_H
#define WASM_VALIDATE_FAST_VALUES_H

#include "validate/validator.h"

/** The loop's registers. */
struct cursor {
    const uint8_t *position; /* behind the opcode */
    const uint8_t *end;
    wasm_type *top;        /* one behind the topmost operand */
    const wasm_type *base; /* the innermost block's operands begin here */
};

/** Reads a LEB128 u32 of 1 to 3 bytes; false: longer, or too near the end. */
static inline bool fast_u32(struct cursor *at, uint32_t *out_value)
{
    const uint8_t *p = at->position;
    uint32_t value;

    if (at->end - p < 3) {
        return false;
    }
    value = *p & 0x7F;
    if (*p++ >= 0x80) {
        value |= (uint32_t)(*p & 0x7F) << 7;
        if (*p++ >= 0x80) {
            if (*p >= 0x80) {
                return false;
            }
            value |= (uint32_t)*p++ << 14;
        }
    }
    *out_value = value;
    at->position = p;
    return true;
}

/** Does the entry's signature match the stack's top? Then it is applied. */
static inline bool apply(const struct opcode_entry *entry, struct cursor *at)
{
    uint64_t found = opcode_types_word(at->top[-2], at->top[-1]);

    if (((found ^ entry->expected) & entry->mask) != 0 ||
        at->top - at->base < entry->operand_count) {
        return false;
    }
    at->top -= entry->operand_count;
    *at->top = entry->result;
    at->top += entry->result_count;
    return true;
}

static inline bool apply_access(const struct opcode_entry *entry, struct cursor *at)
{
    const uint8_t *p = at->position;

    if (at->end - p < 8 || *p > entry->size) {
        return false;
    }
    p++;
    while (*p >= 0x80) { /* an offset of at most four bytes is below 2^32 */
        p++;
        if (p - at->position > 4) {
            return false;
        }
    }
    if (!apply(entry, at)) {
        return false;
    }
    at->position = p + 1;
    return true;
}

static inline bool apply_local(const struct wasm_validator *v, enum opcode_class class,
                               struct cursor *at)
{
    uint32_t index;
    wasm_type type;

    if (!fast_u32(at, &index) || index >= LOCALS_EXPANDED || index >= v->local_count) {
        return false;
    }
    type = v->locals[index];
    if (!type_is_defaultable(type)) {
        return false;
    }
    if (class == CLASS_LOCAL_GET) {
        *at->top++ = type;
        return true;
    }
    if (at->top == at->base || at->top[-1] != type) {
        return false;
    }
    at->top -= class == CLASS_LOCAL_SET;
    return true;
}

static inline bool apply_global(const struct wasm_validator *v, enum opcode_class class,
                                struct cursor *at)
{
    const struct wasm_global_type *global;
    uint32_t index;

    if (v->function == WASM_NO_INDEX || !fast_u32(at, &index) ||
        index >= v->module->global_count) {
        return false;
    }
    global = &v->module->globals[index];
    if (global->type == TYPE_V128) {
        return false;
    }
    if (class == CLASS_GLOBAL_GET) {
        *at->top++ = global->type;
        return true;
    }
    if (!global->is_mutable || at->top == at->base || at->top[-1] != global->type) {
        return false;
    }
    at->top--;
    return true;
}

/** i32.const, i64.const: up to the last byte that cannot hold too many bits. */
static inline bool apply_integer(const struct opcode_entry *entry, struct cursor *at)
{
    const uint8_t *p = at->position;
    ptrdiff_t most = entry->size;

    most = at->end - p < most ? at->end - p : most;
    for (const uint8_t *stop = p + most; p < stop;) {
        if (*p++ < 0x80) {
            *at->top++ = entry->result;
            at->position = p;
            return true;
        }
    }
    return false;
}

static inline bool apply_bytes(const struct opcode_entry *entry, struct cursor *at)
{
    if (at->end - at->position < entry->size) {
        return false;
    }
    at->position += entry->size;
    *at->top++ = entry->result;
    return true;
}

/** select without a type, of two equal numbers. */
static inline bool apply_select(struct cursor *at)
{
    wasm_type type = at->top[-2];

    if (at->top - at->base < 3 || at->top[-1] != TYPE_I32 || at->top[-3] != type ||
        type < TYPE_F64 || type > TYPE_I32) {
        return false;
    }
    at->top -= 2;
    return true;
}

#endif
