/**
 * fast.c - the validator's fast paths.
 *
 * Position and stack top stay in registers, and an instruction is taken when one comparison of
 * 64 bits says that the two topmost types are what it wants. Blocks without values,
 * branches that carry none and plain calls are taken too. Anything else (other types,
 * unreachable code, long integers, another memory) is left where it is, for body.c.
 * wasm_validator_set_plain() switches all of it off; both ways must agree.
 */
#include "validate/fast_control.h"

enum {
    STRETCH = 4096 /* bytes of code between two looks at the operands' room */
};

/** Vector instructions without other immediates than a memarg. */
static inline bool apply_prefixed(const struct wasm_validator *v, uint32_t prefix,
                                  struct cursor *at, uint32_t *notes)
{
    const struct opcode_entry *entry;
    uint32_t sub;
    bool done;

    if (prefix != OPCODE_PREFIX_VECTOR || !fast_u32(at, &sub) ||
        sub >= OPCODE_VECTOR_COUNT) {
        return false;
    }
    entry = &v->entries[OPCODE_VECTOR_BASE + sub];
    if (opcode_class_of(entry) == CLASS_SIMPLE) {
        done = apply(entry, at);
    } else {
        done = opcode_class_of(entry) == CLASS_MEMARG && apply_access(entry, at);
    }
    *notes |= done ? entry->notes : 0;
    return done;
}

/** The instruction @p opcode; false: it is not for a fast path, and nothing changed but *at. */
static inline bool step(struct wasm_validator *v, uint32_t opcode, struct cursor *at,
                        uint32_t *notes)
{
    const struct opcode_entry *entry = &v->entries[opcode];
    enum opcode_class class = opcode_class_of(entry);

    switch (class) {
    case CLASS_SIMPLE:
        return apply(entry, at);
    case CLASS_MEMARG:
        return apply_access(entry, at);
    case CLASS_LOCAL_GET:
        return apply_local(v, CLASS_LOCAL_GET, at);
    case CLASS_LOCAL_SET:
    case CLASS_LOCAL_TEE:
        return apply_local(v, class, at);
    case CLASS_GLOBAL_GET:
    case CLASS_GLOBAL_SET:
        return apply_global(v, class, at);
    case CLASS_INTEGER:
        return apply_integer(entry, at);
    case CLASS_BYTES:
        return apply_bytes(entry, at);
    case CLASS_DROP:
        at->top--;
        return at->top >= at->base;
    case CLASS_BLOCK:
        return apply_block(v, opcode, at);
    case CLASS_ELSE:
        return apply_else(v, at);
    case CLASS_END:
        return apply_end(v, at);
    case CLASS_BR:
    case CLASS_BR_IF:
        return apply_branch(v, class, at);
    case CLASS_RETURN:
        return apply_return(v, at);
    case CLASS_CALL:
        return apply_call(v, at);
    case CLASS_CALL_INDIRECT:
        return apply_call_indirect(v, at);
    case CLASS_SELECT:
        return apply_select(at);
    case CLASS_PREFIX:
        return apply_prefixed(v, opcode, at, notes);
    default:
        return false;
    }
}

/** Takes instructions up to @p stop or one that is not for here; gives where that begins. */
static const uint8_t *run(struct wasm_validator *v, const uint8_t *stop)
{
    struct cursor at = {.position = v->reader.position,
                        .end = v->reader.end,
                        .top = v->operands + v->height,
                        .base = v->operands + validate_frame(v)->height};
    wasm_type *highest = v->operands + v->max_height;
    const uint8_t *start;
    wasm_type *top;
    uint32_t notes = 0;

    for (;;) {
        uint32_t opcode;

        start = at.position;
        top = at.top;
        if (top > highest) {
            highest = top;
        }
        if (start >= stop) {
            break;
        }
        opcode = *at.position++;
        if (!step(v, opcode, &at, &notes)) {
            break;
        }
        notes |= v->entries[opcode].notes;
    }
    v->height = (uint32_t)(top - v->operands);
    v->max_height = (uint32_t)(highest - v->operands);
    v->module->features |= notes & 0xFFFF;
    v->flags |= notes >> 16 & 0xFF;
    return start;
}

bool validate_run_fast(struct wasm_validator *v, uint32_t *out_opcode)
{
    const uint8_t *end = v->reader.end;
    const uint8_t *start = v->reader.position;
    const uint8_t *stop;

    do {
        /* Each byte of code adds one operand at most. */
        stop = end - start > STRETCH ? start + STRETCH : end;
        if (!validate_reserve_operands(v, STRETCH + 1)) {
            return false;
        }
        v->reader.position = start;
        start = run(v, v->is_plain ? start : stop);
    } while (start >= stop && stop < end && !v->is_plain);
    v->instruction = start;
    if (start == end) {
        return validate_fail(v, WASM_MALFORMED,
                             "unexpected end: `end` expected, the body is over");
    }
    v->reader.position = start + 1;
    *out_opcode = *start;
    return true;
}
