/**
 * ops_control.c - handlers of branches, returns, function entry and traps (spec 4.4.8).
 *
 * A jump counts bytes from the operation that holds it. The charge of a taken branch is in
 * the upper half of the word that holds the jump's other operands, or of the table's entry.
 */
#include "calls.h"
#include "handlers.h"

/* Traps: the place is recorded, then control returns to whoever entered the interpreter. */
#define TRAP(name, value)                  \
    INTERP_HANDLER(name)                   \
    {                                      \
        instance->shared->trap = value;    \
        INTERP_GOTO(interp_trap_recorded); \
    }
TRAP(interp_trap_unreachable, WASM_TRAP_UNREACHABLE)
TRAP(interp_trap_divide_by_zero, WASM_TRAP_INTEGER_DIVIDE_BY_ZERO)
TRAP(interp_trap_integer_overflow, WASM_TRAP_INTEGER_OVERFLOW)
TRAP(interp_trap_invalid_conversion, WASM_TRAP_INVALID_CONVERSION)
TRAP(interp_trap_memory_bounds, WASM_TRAP_MEMORY_OUT_OF_BOUNDS)
TRAP(interp_trap_table_bounds, WASM_TRAP_TABLE_OUT_OF_BOUNDS)
TRAP(interp_trap_undefined_element, WASM_TRAP_UNDEFINED_ELEMENT)
TRAP(interp_trap_uninitialized_element, WASM_TRAP_UNINITIALIZED_ELEMENT)
TRAP(interp_trap_indirect_type, WASM_TRAP_INDIRECT_CALL_TYPE)
TRAP(interp_trap_null_reference, WASM_TRAP_NULL_REFERENCE)
TRAP(interp_trap_null_function, WASM_TRAP_NULL_FUNCTION_REFERENCE)
TRAP(interp_trap_stack, WASM_TRAP_STACK_EXHAUSTED)

INTERP_HANDLER(interp_trap_recorded)
{
    struct interp_store *shared = instance->shared;

    shared->instance = instance;
    shared->pc = pc;
    shared->frame = frame;
    shared->slice = (uint32_t)fuel;
}

/* The end of an activation: its base frame's link leads here. */
static INTERP_HANDLER(exit_activation)
{
    instance->shared->slice = (uint32_t)fuel;
    instance->shared->trap = WASM_TRAP_NONE;
}
const struct interp_op interp_exit_code = {.handler = exit_activation};

INTERP_HANDLER(interp_slice_end)
{
    uint32_t slice = (uint32_t)fuel;
    bool refilled = interp_slice_refill(instance->shared, &slice);

    fuel = slice;
    if (!refilled) {
        INTERP_GOTO(interp_trap_recorded);
    }
    INTERP_NEXT(0);
}

INTERP_HANDLER(interp_jump)
{
    INTERP_BRANCH(pc->more[0] >> 32);
}

/* br_table: `immediate` entries, then the default; each a jump and a charge. */
#define BR_TABLE(A)                                                            \
    static INTERP_HANDLER(br_table_##A)                                        \
    {                                                                          \
        uint32_t index = INT_A_##A(uint32_t);                                  \
        uint32_t count = (uint32_t)pc->immediate;                              \
        uint64_t entry = pc->more[index < count ? index : count];              \
        pc = (const struct interp_op *)((const uint8_t *)pc + (int32_t)entry); \
        fuel = (uint32_t)fuel - (uint32_t)(entry >> 32);                       \
        if (__builtin_expect((int32_t)fuel < 0, 0)) {                          \
            INTERP_GOTO(interp_slice_end);                                     \
        }                                                                      \
        INTERP_NEXT(0);                                                        \
    }
BR_TABLE(a)
BR_TABLE(x)
BR_TABLE(y)
BR_TABLE(s)
interp_handler *const interp_br_table[4] = {br_table_a, br_table_x, br_table_y,
                                            br_table_s};

/* br_on_null, br_on_non_null: the reference in slot a. */
INTERP_HANDLER(interp_br_on_null)
{
    if (frame[pc->a] == 0) {
        INTERP_BRANCH(pc->more[0] >> 32);
    }
    INTERP_NEXT(24);
}

INTERP_HANDLER(interp_br_on_non_null)
{
    if (frame[pc->a] != 0) {
        INTERP_BRANCH(pc->more[0] >> 32);
    }
    INTERP_NEXT(24);
}

INTERP_HANDLER(interp_check_null)
{
    if (frame[pc->a] == 0) {
        INTERP_GOTO(interp_trap_null_reference);
    }
    INTERP_NEXT(16);
}

/*
 * Function entry. The frame needs `immediate` slots. Slots [a, a + d) are locals to be
 * zeroed; the four halves of the word behind are the slots of the locals in registers.
 */
INTERP_HANDLER(interp_enter)
{
    uint64_t *locals = frame + pc->a;
    uint64_t slots = pc->more[0];

    if (__builtin_expect(instance->stack_end - frame < pc->immediate, 0)) {
        INTERP_GOTO(interp_trap_stack);
    }
    if (__builtin_expect((int32_t)fuel < 0, 0)) {
        INTERP_GOTO(interp_slice_end);
    }
    for (uint64_t *end = locals + pc->d; locals != end; locals++) {
        *locals = 0;
    }
    x = frame[(uint16_t)slots];
    y = frame[(uint16_t)(slots >> 16)];
    fx = (interp_vector){((const double *)frame)[(uint16_t)(slots >> 32)], 0};
    fy = (interp_vector){((const double *)frame)[(uint16_t)(slots >> 48)], 0};
    INTERP_NEXT(24);
}

/* Returns: the value in a, the link in slot c, the charge in `immediate`. */
#define LEAVE()                                                                       \
    do {                                                                              \
        const struct interp_link *link = (const struct interp_link *)(frame + pc->c); \
        fuel = (uint32_t)fuel - (uint32_t)pc->immediate;                              \
        pc = link->pc;                                                                \
        frame = link->frame;                                                          \
        x = link->x;                                                                  \
        y = link->y;                                                                  \
        fx = (interp_vector){link->fx, 0};                                            \
        fy = (interp_vector){link->fy, 0};                                            \
        INTERP_NEXT(0);                                                               \
    } while (0)
#define RETURN(A)                             \
    static INTERP_HANDLER(return_integer_##A) \
    {                                         \
        frame[0] = acc = INT_A_##A(uint64_t); \
        LEAVE();                              \
    }                                         \
    static INTERP_HANDLER(return_float_##A)   \
    {                                         \
        facc = FLOAT_A_##A(double);           \
        ((double *)frame)[0] = facc[0];       \
        LEAVE();                              \
    }
#define FLOAT_A_a(T) facc
#define FLOAT_A_x(T) fx
#define FLOAT_A_y(T) fy
#define FLOAT_A_s(T) ((interp_vector){((const double *)frame)[pc->a], 0})
RETURN(a)
RETURN(x)
RETURN(y)
RETURN(s)
interp_handler *const interp_return_integer[4] = {return_integer_a, return_integer_x,
                                                  return_integer_y, return_integer_s};
interp_handler *const interp_return_float[4] = {return_float_a, return_float_x,
                                                return_float_y, return_float_s};

/* Results, if any, lie in place. */
INTERP_HANDLER(interp_return)
{
    LEAVE();
}
