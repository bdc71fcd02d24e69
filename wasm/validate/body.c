/**
 * body.c - the loop over a body's instructions, and the long way of each.
 *
 * What the fast paths (fast.c) do not take goes to validate_instruction(), which knows every
 * instruction and is their plain twin.
 */
#include "validate/validator.h"

/** Reads a sub-opcode. False: malformed, or there is none of that number. */
static bool read_prefixed(struct wasm_validator *v, uint32_t prefix,
                          uint32_t *out_opcode)
{
    bool is_misc = prefix == OPCODE_PREFIX_MISC;
    uint32_t sub;

    if (!reader_u32(&v->reader, &sub)) {
        return validate_fail(
            v, WASM_MALFORMED,
            "unexpected end or bad integer: opcode behind 0x%02x expected", prefix);
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

/** One instruction by its handler, at reader.position behind the opcode. */
static bool step_slow(struct wasm_validator *v, uint32_t opcode)
{
    const struct opcode_entry *entry = &v->entries[opcode];

    if (opcode_class_of(entry) == CLASS_PREFIX) {
        if (!read_prefixed(v, opcode, &opcode)) {
            return false;
        }
        entry = &v->entries[opcode];
    }
    if (opcode_class_of(entry) <= CLASS_REFUSED) {
        return refuse(v, opcode);
    }
    v->opcode = opcode;
    v->module->features |= entry->notes & 0xFFFF;
    if (opcode >= OPCODE_VECTOR_BASE) {
        v->flags |= BODY_VECTORS;
    }
    return validate_instruction(v);
}

bool validate_code(struct wasm_validator *v)
{
    uint32_t opcode;

    while (v->control_count > 0) {
        if (!validate_run_fast(v, &opcode) || !step_slow(v, opcode)) {
            return false;
        }
    }
    if (v->height > v->max_height) {
        v->max_height = v->height;
    }
    return true;
}
