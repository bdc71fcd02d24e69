/**
 * translate_reference.c - reference instructions (spec 5.4.2). A reference is a 64-bit
 * integer to the machine, null is 0.
 */
#include "translator.h"

/* The top operand, in its home slot and still on the stack. */
static uint16_t top_in_slot(struct interp_translator *t)
{
    flush(t, t->height - 1, true);
    return t->operands[t->height - 1].home;
}

static void br_on_null(struct interp_translator *t)
{
    struct condition condition = {.kind = CONDITION_NULL};

    condition.a.slot = top_in_slot(t);
    pop(t);
    branch_if(t, &condition, code_u32(&t->position));
    push_slot(t, CLASS_INTEGER);
}

static void br_on_non_null(struct interp_translator *t)
{
    struct condition condition = {.kind = CONDITION_NOT_NULL};

    condition.a.slot = top_in_slot(t);
    branch_if(t, &condition, code_u32(&t->position));
    pop(t);
}

static void as_non_null(struct interp_translator *t)
{
    uint16_t slot = top_in_slot(t);
    uint32_t offset = emit(t, interp_check_null, 16);

    op_at(t, offset)->a = slot;
}

bool translate_reference(struct interp_translator *t, uint32_t opcode)
{
    uint32_t index;

    switch (opcode) {
    case OP_REF_NULL:
        wasm_skip_immediates(t->module, opcode, &t->position);
        push_constant(t, CLASS_INTEGER, 0);
        return true;
    case OP_REF_IS_NULL:
        return translate_numeric(t, OP_I64_EQZ);
    case OP_REF_FUNC:
        index = code_u32(&t->position);
        push_constant(t, CLASS_INTEGER,
                      (uint64_t)(uintptr_t)t->instance->instance->functions[index]);
        return true;
    case OP_REF_AS_NON_NULL:
        as_non_null(t);
        return true;
    case OP_BR_ON_NULL:
        br_on_null(t);
        return true;
    case OP_BR_ON_NON_NULL:
        br_on_non_null(t);
        return true;
    default:
        return false;
    }
}
