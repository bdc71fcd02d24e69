/**
 * body.c - the loop over a body's instructions.
 *
 * The fast paths keep position and stack top in registers, and take an instruction when one
 * comparison of 64 bits says that the two topmost types are what it wants; anything unusual
 * (other types, unreachable code, long integers, another memory) goes to validate_instruction(),
 * which knows every instruction and is the plain twin of the fast paths.
 */
#include "validate/validator.h"

/** Types as the two-word comparison sees them: the topmost in the high half. */
static uint64_t types_word(uint64_t below, uint64_t top)
{
    return below | top << 32;
}

/** Fills what a fixed signature of at most two operands expects. */
static void set_expected(struct opcode_entry *entry,
                         const struct wasm_signature_info *signature)
{
    uint8_t types[2] = {0, 0};
    uint32_t count = signature->operand_count;

    for (uint32_t i = 0; i < count; i++) {
        uint8_t type = signature->operands[i];

        types[2 - count + i] = type == TYPE_ADDRESS ? (uint8_t)TYPE_I32 : type;
    }
    entry->expected = types_word(types[0], types[1]);
    entry->mask = types_word(count > 1 ? UINT32_MAX : 0, count > 0 ? UINT32_MAX : 0);
    entry->operand_count = (uint8_t)count;
    entry->result_count = signature->result_count;
    entry->result = signature->result;
}

static enum opcode_class classify(const struct wasm_validator *v, uint32_t opcode)
{
    const struct wasm_opcode_info *info = &wasm_opcodes[opcode];
    const struct wasm_module *module = v->module;

    if (opcode == OPCODE_PREFIX_MISC || opcode == OPCODE_PREFIX_VECTOR) {
        return CLASS_PREFIX;
    }
    if (info->name == NULL) {
        return CLASS_UNKNOWN;
    }
    if ((info->feature & ~module->engine->features) != 0) {
        return CLASS_REFUSED;
    }
    switch (info->immediate) {
    case IMMEDIATE_LOCAL:
        return (enum opcode_class)(CLASS_LOCAL_GET + (opcode - OP_LOCAL_GET));
    case IMMEDIATE_I32:
        return CLASS_I32_CONST;
    case IMMEDIATE_I64:
        return CLASS_I64_CONST;
    case IMMEDIATE_NONE:
        return info->signature != SIGNATURE_SPECIAL &&
                       wasm_signatures[info->signature].operand_count <= 2
                   ? CLASS_SIMPLE
                   : CLASS_HANDLER;
    default:
        break;
    }
    if (info->immediate >= IMMEDIATE_MEMARG_8 &&
        info->immediate <= IMMEDIATE_MEMARG_128 && module->memory_count > 0 &&
        !module->memories[0].is_64) {
        return CLASS_MEMARG;
    }
    return CLASS_HANDLER;
}

void validate_build_entries(struct wasm_validator *v)
{
    for (uint32_t opcode = 0; opcode < OPCODE_LIMIT; opcode++) {
        const struct wasm_opcode_info *info = &wasm_opcodes[opcode];
        struct opcode_entry *entry = &v->entries[opcode];

        entry->class = (uint8_t)classify(v, opcode);
        entry->feature = info->feature;
        if (entry->class == CLASS_SIMPLE || entry->class == CLASS_MEMARG) {
            set_expected(entry, &wasm_signatures[info->signature]);
        }
        if (entry->class == CLASS_MEMARG) {
            entry->alignment = (uint8_t)(info->immediate - IMMEDIATE_MEMARG_8);
        }
    }
}

/** Reads a sub-opcode. False: malformed, or there is none of that number. */
static bool read_prefixed(struct wasm_validator *v, uint32_t prefix,
                          uint32_t *out_opcode)
{
    bool is_misc = prefix == OPCODE_PREFIX_MISC;
    uint32_t sub;

    if (!validate_u32(v, &sub)) {
        return false;
    }
    if (sub >=
        (is_misc ? (uint32_t)OPCODE_MISC_COUNT : (uint32_t)OPCODE_VECTOR_COUNT)) {
        return validate_fail(v, WASM_MALFORMED, "illegal opcode 0x%02x %u", prefix,
                             sub);
    }
    *out_opcode = (is_misc ? OPCODE_MISC_BASE : OPCODE_VECTOR_BASE) + sub;
    return true;
}

/** An opcode that is not taken here: says why. */
static bool refuse(struct wasm_validator *v, uint32_t opcode)
{
    v->opcode = opcode;
    if (opcode == OPCODE_PREFIX_GC) {
        return validate_feature(v, WASM_FEATURE_GC);
    }
    if (opcode == OPCODE_PREFIX_THREADS) {
        return validate_feature(v, WASM_FEATURE_THREADS);
    }
    if (wasm_opcodes[opcode].name != NULL) {
        return validate_feature(v, wasm_opcodes[opcode].feature);
    }
    return validate_fail(v, WASM_MALFORMED, "illegal opcode 0x%02x",
                         opcode < 0x100 ? opcode : opcode & 0xFF);
}

/** Skips a LEB128 integer whose first byte is known to be readable; 2 bytes at most. */
static inline const uint8_t *skip_short(const uint8_t *p, const uint8_t *end)
{
    if (*p < 0x80) {
        return p + 1;
    }
    return end - p > 1 && p[1] < 0x80 ? p + 2 : NULL;
}

/** Reads a LEB128 u32 of 1 or 2 bytes; NULL: longer, or the end. */
static inline const uint8_t *read_short(const uint8_t *p, const uint8_t *end,
                                        uint32_t *out_value)
{
    if (p == end) {
        return NULL;
    }
    *out_value = *p & 0x7F;
    if (*p < 0x80) {
        return p + 1;
    }
    if (end - p < 2 || p[1] >= 0x80) {
        return NULL;
    }
    *out_value |= (uint32_t)p[1] << 7;
    return p + 2;
}

/** The loop's registers. */
struct cursor {
    const uint8_t *position;
    wasm_type *top; /* one behind the topmost operand */
};

/** Does the entry's signature match the stack's top? Then it is applied. */
static inline bool apply_fast(const struct opcode_entry *entry, struct cursor *at,
                              const wasm_type *base)
{
    uint64_t found = types_word(at->top[-2], at->top[-1]);

    if (((found ^ entry->expected) & entry->mask) != 0 ||
        at->top - base < entry->operand_count) {
        return false;
    }
    at->top -= entry->operand_count;
    *at->top = entry->result;
    at->top += entry->result_count;
    return true;
}

static inline bool access_fast(const struct opcode_entry *entry, struct cursor *at,
                               const uint8_t *end, const wasm_type *base)
{
    const uint8_t *p = at->position;

    if (end - p < 2 || *p > entry->alignment) {
        return false;
    }
    p++;
    while (*p >= 0x80) { /* an offset of at most four bytes is below 2^32 */
        p++;
        if (p == end || p - at->position > 4) {
            return false;
        }
    }
    if (!apply_fast(entry, at, base)) {
        return false;
    }
    at->position = p + 1;
    return true;
}

static inline bool local_fast(const struct wasm_validator *v, enum opcode_class class,
                              struct cursor *at, const uint8_t *end,
                              const wasm_type *base)
{
    uint32_t index;
    const uint8_t *p = read_short(at->position, end, &index);
    wasm_type type;

    if (p == NULL || index >= LOCALS_EXPANDED || index >= v->local_count) {
        return false;
    }
    type = v->locals[index];
    if (!type_is_defaultable(type)) {
        return false;
    }
    if (class == CLASS_LOCAL_GET) {
        *at->top++ = type;
    } else {
        if (at->top == base || at->top[-1] != type) {
            return false;
        }
        at->top -= class == CLASS_LOCAL_SET;
    }
    at->position = p;
    return true;
}

static inline bool const_fast(struct cursor *at, const uint8_t *end, wasm_type type)
{
    const uint8_t *p = at->position == end ? NULL : skip_short(at->position, end);

    if (p == NULL) {
        return false;
    }
    *at->top++ = type;
    at->position = p;
    return true;
}

/** One instruction by its fast path; false: it has none, or the case is not plain. */
static inline bool step_fast(const struct wasm_validator *v,
                             const struct opcode_entry *entry, struct cursor *at,
                             const uint8_t *end, const wasm_type *base)
{
    switch ((enum opcode_class)entry->class) {
    case CLASS_SIMPLE:
        return apply_fast(entry, at, base);
    case CLASS_MEMARG:
        return access_fast(entry, at, end, base);
    case CLASS_LOCAL_GET:
    case CLASS_LOCAL_SET:
    case CLASS_LOCAL_TEE:
        return local_fast(v, (enum opcode_class)entry->class, at, end, base);
    case CLASS_I32_CONST:
        return const_fast(at, end, TYPE_I32);
    case CLASS_I64_CONST:
        return const_fast(at, end, TYPE_I64);
    default:
        return false;
    }
}

/** One instruction by its handler, at reader.position behind the opcode. */
static bool step_slow(struct wasm_validator *v, uint32_t opcode)
{
    const struct opcode_entry *entry = &v->entries[opcode];

    if (entry->class == CLASS_PREFIX) {
        if (!read_prefixed(v, opcode, &opcode)) {
            return false;
        }
        entry = &v->entries[opcode];
    }
    if (entry->class == CLASS_UNKNOWN || entry->class == CLASS_REFUSED) {
        return refuse(v, opcode);
    }
    v->opcode = opcode;
    v->module->features |= entry->feature;
    if (opcode >= OPCODE_VECTOR_BASE) {
        v->flags |= BODY_VECTORS;
    }
    return validate_instruction(v);
}

/** Runs the fast paths from reader.position as far as they go; gives the next opcode. */
static bool run_fast(struct wasm_validator *v, uint32_t *out_opcode)
{
    const uint8_t *end = v->reader.end;
    const wasm_type *base = v->operands + validate_frame(v)->height;
    struct cursor at = {v->reader.position, v->operands + v->height};
    const wasm_type *limit = v->is_plain ? at.top : v->operands + v->operand_capacity;
    wasm_type *highest = v->operands + v->max_height;
    const uint8_t *start;
    uint32_t features = 0;
    bool touched_memory = false;

    for (;;) {
        const struct opcode_entry *entry;

        start = at.position;
        if (at.top > highest) {
            highest = at.top;
        }
        if (at.position == end || at.top == limit) {
            break;
        }
        entry = &v->entries[*at.position++];
        if (!step_fast(v, entry, &at, end, base)) {
            break;
        }
        features |= entry->feature;
        touched_memory |= entry->class == CLASS_MEMARG;
    }
    v->height = (uint32_t)(at.top - v->operands);
    v->max_height = (uint32_t)(highest - v->operands);
    v->instruction = start;
    v->module->features |= features;
    v->flags |= touched_memory ? BODY_MEMORY : 0;
    if (start == end) {
        return validate_fail(v, WASM_MALFORMED,
                             "unexpected end: `end` expected, the body is over");
    }
    v->reader.position = start + 1;
    *out_opcode = *start;
    return true;
}

bool validate_code(struct wasm_validator *v)
{
    uint32_t opcode;

    while (v->control_count > 0) {
        if (!validate_reserve_operands(v, 8) || !run_fast(v, &opcode) ||
            !step_slow(v, opcode)) {
            return false;
        }
    }
    if (v->height > v->max_height) {
        v->max_height = v->height;
    }
    return true;
}
