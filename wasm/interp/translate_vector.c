/**
 * translate_vector.c - SIMD instructions (spec 5.4.8). Operands and results are in slots;
 * which types they have is the opcode table's to say.
 */
#include "forms_vector.h"
#include "ops_bulk.h"
#include "translator.h"

/* Pushes a result that the operation leaves in its home slot. */
static void push_stored(struct interp_translator *t, wasm_type type, uint32_t home)
{
    forget_slot(t, home);
    forget_slot(t, home + 1);
    push_slot(t, class_of(type));
}

static void constant(struct interp_translator *t)
{
    uint32_t home = next_home(t);
    uint32_t offset = emit(t, interp_constant_vector, 32);

    op_at(t, offset)->d = (uint16_t)home;
    __builtin_memcpy(op_at(t, offset)->more, t->position, 16);
    t->position += 16;
    push_stored(t, TYPE_V128, home);
}

/* Bytes that a memory instruction accesses. */
static uint32_t access_size(unsigned immediate)
{
    switch (immediate) {
    case IMMEDIATE_MEMARG_8:
    case IMMEDIATE_MEMARG_LANE_8:
        return 1;
    case IMMEDIATE_MEMARG_16:
    case IMMEDIATE_MEMARG_LANE_16:
        return 2;
    case IMMEDIATE_MEMARG_32:
    case IMMEDIATE_MEMARG_LANE_32:
        return 4;
    case IMMEDIATE_MEMARG_64:
    case IMMEDIATE_MEMARG_LANE_64:
        return 8;
    default:
        return 16;
    }
}

static bool has_lane(unsigned immediate)
{
    return immediate >= IMMEDIATE_MEMARG_LANE_8 &&
           immediate <= IMMEDIATE_MEMARG_LANE_64;
}

static void access(struct interp_translator *t, uint32_t opcode,
                   interp_handler *const *handlers)
{
    const struct wasm_opcode_info *info = &wasm_opcodes[opcode];
    const struct wasm_signature_info *signature = &wasm_signatures[info->signature];
    struct memarg memarg = read_memarg(t);
    uint32_t lane = has_lane(info->immediate) ? *t->position++ : 0;
    uint16_t value = 0;
    uint16_t slot = 0;
    struct operand address;
    bool direct = memarg_is_direct(t, &memarg) && t->memory == &interp_memory_guarded;
    uint32_t offset;

    if (signature->operand_count == 2) {
        struct operand vector = pop(t);
        value = source_in_slot(t, &vector);
    }
    address = pop(t);
    if (direct) {
        slot = source_in_slot(t, &address);
    } else {
        emit_address(t, &memarg, &address, access_size(info->immediate));
        memarg.offset = 0;
    }
    offset =
        emit(t, handlers[direct ? INTERP_VECTOR_IN_SLOT : INTERP_VECTOR_IN_ACC], 24);
    op_at(t, offset)->a = slot;
    op_at(t, offset)->b = value;
    op_at(t, offset)->e = (uint16_t)lane;
    op_at(t, offset)->d = address.home;
    op_at(t, offset)->more[0] = memarg.offset;
    if (signature->result_count != 0) {
        push_stored(t, TYPE_V128, address.home);
    }
}

static interp_handler *handler_of(uint32_t index)
{
    if (interp_vector_integer[index] != NULL) {
        return interp_vector_integer[index];
    }
    return interp_vector_float[index] != NULL ? interp_vector_float[index]
                                              : interp_vector_lane[index];
}

/* Everything without memory: one to three operands, a lane or a mask behind. */
static void operate(struct interp_translator *t, uint32_t opcode,
                    interp_handler *handler)
{
    const struct wasm_signature_info *signature =
        &wasm_signatures[wasm_opcodes[opcode].signature];
    unsigned immediate = wasm_opcodes[opcode].immediate;
    uint16_t slots[3] = {0, 0, 0};
    uint32_t size = immediate == IMMEDIATE_SHUFFLE ? 32 : 16;
    uint32_t home;
    struct interp_op *op;

    for (uint32_t i = signature->operand_count; i-- != 0;) {
        struct operand operand = pop(t);
        slots[i] = source_in_slot(t, &operand);
    }
    home = next_home(t);
    op = op_at(t, emit(t, handler, size));
    op->a = slots[0];
    op->b = slots[1];
    op->e = slots[2];
    op->d = (uint16_t)home;
    if (immediate == IMMEDIATE_SHUFFLE) {
        __builtin_memcpy(op->more, t->position, 16);
        t->position += 16;
    } else if (immediate != IMMEDIATE_NONE) {
        op->e = *t->position++;
    }
    push_stored(t, signature->result, home);
}

bool translate_vector(struct interp_translator *t, uint32_t opcode)
{
    uint32_t index = opcode - OPCODE_VECTOR_BASE;

    if (opcode < OPCODE_VECTOR_BASE || index >= OPCODE_VECTOR_COUNT) {
        return false;
    }
    if (opcode == OP_V128_CONST) {
        constant(t);
        return true;
    }
    if (interp_vector_memory[index][0] != NULL) {
        access(t, opcode, interp_vector_memory[index]);
        return true;
    }
    if (handler_of(index) == NULL) {
        return false;
    }
    operate(t, opcode, handler_of(index));
    return true;
}
