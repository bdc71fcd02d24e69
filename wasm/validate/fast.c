/**
 * fast.c - the validator's fast paths.
 *
 * Position and stack top stay in registers, and an instruction is taken when one comparison of
 * 64 bits says that the two topmost types are what it wants. Blocks without values,
 * branches that carry none and plain calls are taken too. Anything else (other types,
 * unreachable code, long integers, another memory) is left where it is, for body.c.
 * wasm_validator_set_plain() switches all of it off; both ways must agree.
 */
#include "validate/validator.h"

enum {
    STRETCH = 4096 /* bytes of code between two looks at the operands' room */
};

/* --- The paths ------------------------------------------------------------------ */

/** The loop's registers. */
struct cursor {
    const uint8_t *position; /* behind the opcode */
    const uint8_t *end;
    wasm_type *top;        /* one behind the topmost operand */
    const wasm_type *base; /* the innermost block's operands begin here */
};

/** Reads a LEB128 u32 of 1 or 2 bytes; false: longer, or the end. */
static inline bool read_short(struct cursor *at, uint32_t *out_value)
{
    const uint8_t *p = at->position;

    if (at->end - p < 2) {
        return false;
    }
    *out_value = *p & 0x7F;
    if (*p >= 0x80) {
        p++;
        if (*p >= 0x80) {
            return false;
        }
        *out_value |= (uint32_t)*p << 7;
    }
    at->position = p + 1;
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

    if (!read_short(at, &index) || index >= LOCALS_EXPANDED ||
        index >= v->local_count) {
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

    if (v->function == WASM_NO_INDEX || !read_short(at, &index) ||
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

static inline bool apply_integer(const struct opcode_entry *entry, struct cursor *at)
{
    const uint8_t *p = at->position;

    if (at->end - p < 4) {
        return false;
    }
    for (int i = 0; i < 4; i++) { /* fewer bytes than either integer may have */
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

/** A block without parameters and results. */
static inline bool apply_block(struct wasm_validator *v, uint32_t opcode,
                               struct cursor *at)
{
    if (at->end - at->position < 1 || *at->position != 0x40 ||
        v->control_count == v->control_capacity) {
        return false;
    }
    if (opcode == OP_IF) {
        if (at->top == at->base || at->top[-1] != TYPE_I32) {
            return false;
        }
        at->top--;
    }
    at->position++;
    at->base = at->top;
    v->controls[v->control_count++] = (struct control_frame){
        .height = (uint32_t)(at->top - v->operands),
        .init_height = v->init_count,
        .opcode = (uint16_t)opcode,
    };
    if (v->control_count > v->max_controls) {
        v->max_controls = v->control_count;
    }
    return true;
}

/** May the innermost block end here with nothing to check? Not the function itself. */
static inline bool ends_plainly(const struct wasm_validator *v, const struct cursor *at,
                                const struct control_frame *frame)
{
    return v->control_count > 1 && at->top == at->base && frame->results.count == 0 &&
           frame->parameters.count == 0 && frame->init_height == v->init_count;
}

static inline bool apply_end(struct wasm_validator *v, struct cursor *at)
{
    const struct control_frame *frame = validate_frame(v);

    if (!ends_plainly(v, at, frame)) {
        return false;
    }
    v->control_count--;
    at->base = v->operands + frame[-1].height;
    return true;
}

static inline bool apply_else(struct wasm_validator *v, const struct cursor *at)
{
    struct control_frame *frame = validate_frame(v);

    if (frame->opcode != OP_IF || !ends_plainly(v, at, frame)) {
        return false;
    }
    frame->opcode = OP_ELSE;
    frame->is_unreachable = false;
    return true;
}

/** A branch that carries nothing. */
static inline bool apply_branch(struct wasm_validator *v, enum opcode_class class,
                                struct cursor *at)
{
    const struct control_frame *target;
    uint32_t label;

    if (!read_short(at, &label) || label >= v->control_count) {
        return false;
    }
    target = &v->controls[v->control_count - 1 - label];
    if ((target->opcode == OP_LOOP ? target->parameters.count
                                   : target->results.count) != 0) {
        return false;
    }
    if (class == CLASS_BR_IF) {
        if (at->top == at->base || at->top[-1] != TYPE_I32) {
            return false;
        }
        at->top--;
        return true;
    }
    at->top = v->operands + validate_frame(v)->height;
    validate_frame(v)->is_unreachable = true;
    return true;
}

/** A call whose arguments have exactly the types of the parameters. */
static inline bool apply_call(const struct wasm_validator *v, struct cursor *at)
{
    const struct wasm_function_type *type;
    uint32_t index;
    const wasm_type *arguments;

    if (!read_short(at, &index) || index >= v->module->function_count) {
        return false;
    }
    type = module_function_type(v->module, index);
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
    *at->top =
        type->types[type->parameter_count]; /* a word of the list, or behind it */
    at->top += type->result_count;
    return true;
}

/** Vector instructions without other immediates than a memarg. */
static inline bool apply_prefixed(const struct wasm_validator *v, uint32_t prefix,
                                  struct cursor *at, uint32_t *notes)
{
    const struct opcode_entry *entry;
    uint32_t sub;
    bool done;

    if (prefix != OPCODE_PREFIX_VECTOR || !read_short(at, &sub) ||
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
    case CLASS_CALL:
        return apply_call(v, at);
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
