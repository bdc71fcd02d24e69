/**
 * constant.c - see constant.h.
 */
#include "runtime/constant.h"

#include "module/allocate.h"
#include "module/opcodes.h"
#include "module/reader.h"
#include "validate/validate.h"

enum {
    STACK_INLINE = 16 /* operands without an allocation */
};

/** The operand stack; `values` is `few` until it is too small. */
struct constant_stack {
    const struct wasm_platform *platform;
    union wasm_value *values;
    uint32_t count;
    uint32_t capacity;
    union wasm_value few[STACK_INLINE];
};

static bool stack_push(struct constant_stack *stack, union wasm_value value)
{
    if (stack->count == stack->capacity) {
        uint32_t wanted = 2 * stack->capacity;
        union wasm_value *more = wasm_allocate(stack->platform, wanted, sizeof(*more));

        if (more == NULL) {
            return false;
        }
        memcpy(more, stack->values, stack->count * sizeof(*more));
        if (stack->values != stack->few) {
            wasm_release(stack->platform, stack->values, stack->capacity,
                         sizeof(*stack->values));
        }
        stack->values = more;
        stack->capacity = wanted;
    }
    stack->values[stack->count++] = value;
    return true;
}

/** A constant, a global or a reference. */
static union wasm_value read_operand(const struct wasm_instance *instance,
                                     uint32_t opcode, const uint8_t **position)
{
    union wasm_value value = {.v128 = {0, 0}};

    switch (opcode) {
    case OP_I32_CONST:
        value.i64 = (uint32_t)code_s64(position);
        break;
    case OP_I64_CONST:
        value.i64 = (uint64_t)code_s64(position);
        break;
    case OP_F32_CONST:
        value.i64 = bytes_load_le32(*position);
        *position += 4;
        break;
    case OP_F64_CONST:
        value.i64 = bytes_load_le64(*position);
        *position += 8;
        break;
    case OP_V128_CONST:
        value.v128[0] = bytes_load_le64(*position);
        value.v128[1] = bytes_load_le64(*position + 8);
        *position += 16;
        break;
    case OP_GLOBAL_GET:
        value = instance->globals[code_u32(position)]->value;
        break;
    case OP_REF_FUNC:
        value.function = instance->functions[code_u32(position)];
        break;
    default: /* ref.null */
        (void)code_s64(position);
        break;
    }
    return value;
}

static uint64_t compute(uint32_t opcode, uint64_t a, uint64_t b)
{
    switch (opcode) {
    case OP_I32_ADD:
        return (uint32_t)(a + b);
    case OP_I32_SUB:
        return (uint32_t)(a - b);
    case OP_I32_MUL:
        return (uint32_t)(a * b);
    case OP_I64_ADD:
        return a + b;
    case OP_I64_SUB:
        return a - b;
    default:
        return a * b;
    }
}

static bool is_arithmetic(uint32_t opcode)
{
    return (opcode >= OP_I32_ADD && opcode <= OP_I32_MUL) ||
           (opcode >= OP_I64_ADD && opcode <= OP_I64_MUL);
}

static bool run(const struct wasm_instance *instance, const uint8_t **position,
                struct constant_stack *stack)
{
    uint32_t opcode;

    while ((opcode = code_opcode(position)) != OP_END) {
        if (is_arithmetic(opcode)) {
            union wasm_value *top = &stack->values[--stack->count];

            top[-1].i64 = compute(opcode, top[-1].i64, top[0].i64);
        } else if (!stack_push(stack, read_operand(instance, opcode, position))) {
            return false;
        }
    }
    return true;
}

bool wasm_constant_evaluate(const struct wasm_instance *instance,
                            const uint8_t **position, union wasm_value *out_value)
{
    struct constant_stack stack = {.platform = store_platform(instance->store),
                                   .capacity = STACK_INLINE};
    bool fine;

    stack.values = stack.few;
    fine = run(instance, position, &stack);
    if (fine) {
        *out_value = stack.values[0];
    }
    if (stack.values != stack.few) {
        wasm_release(stack.platform, stack.values, stack.capacity,
                     sizeof(*stack.values));
    }
    return fine;
}
