/**
 * state.h - what the interpreter keeps for a store, an instance, a call.
 *
 * Frames. A call's frame is a window of the store's Wasm stack, laid out by the translator:
 *
 *   [0, h)       parameters on entry, results on return; h is the larger of both
 *   [h, h + 7)   struct interp_link: how to go back
 *   then         the other locals, then the operand stack, each operand at the slot
 *                that its height gives it
 *
 * A caller puts arguments where they lie on its operand stack, and that place becomes the
 * beginning of the callee's frame: nothing is copied. The locals that live in registers
 * are saved in the link by the call and come back with the return.
 *
 * Fuel. The translator counts instructions along the code. Only a taken branch, a call, a
 * return and a throw pay: the count at the instruction minus the count at the target, so
 * that what was skipped is not paid for and the sum is exactly what ran. Paying is one
 * subtraction from a register that holds a slice of the store's fuel; when it is
 * negative at a branch or a function entry, interp_slice_end() looks at the interrupt and takes
 * the next slice. Where no fuel is counted a backward branch or a call pays 1.
 */
#ifndef WASM_INTERP_STATE_H
#define WASM_INTERP_STATE_H

#include "machine.h"
#include "runtime/store.h"

/** How to go back from a call. Lies in the callee's frame; written by the caller. */
struct interp_link {
    const struct interp_op *pc;   /**< the operation behind the call */
    uint64_t *frame;              /**< the caller's */
    struct wasm_function *caller; /**< NULL: the activation ends here */
    uint64_t x;
    uint64_t y;
    double fx;
    double fy;
};

enum { INTERP_LINK_SLOTS = 7, INTERP_SLICE = 1 << 20 };
_Static_assert(sizeof(struct interp_link) == sizeof(uint64_t) * INTERP_LINK_SLOTS,
               "slots of a link");

/** Where control goes after an exception: the machine's registers. */
struct interp_resume {
    const struct interp_op *pc;
    uint64_t *frame;
    struct interp_instance *instance;
    uint64_t x;
    uint64_t y;
    double fx;
    double fy;
    uint32_t refund;
};

/** A store's side of the interpreter. */
struct interp_store {
    struct wasm_store *store;
    uint64_t *stack; /**< the Wasm stack */
    uint64_t *stack_end;
    uint64_t *top; /**< where the next activation begins: all below is in use */
    struct interp_translator *translator; /**< its scratch, kept between functions */
    /* How the last activation ended; the innermost frame when it trapped. */
    enum wasm_trap_kind trap;
    struct interp_instance *instance;
    const struct interp_op *pc;
    uint64_t *frame;
    uint32_t slice; /**< of the fuel register, when no handler runs */
    struct interp_resume resume;
};

/** A piece of memory for translated code; blocks lie behind one another. */
struct interp_chunk {
    struct interp_chunk *next;
    size_t size; /**< bytes allocated, this header included */
    size_t used;
};

/** Where an exception thrown in [begin, end) of a function's code may be caught. */
struct interp_catch {
    uint32_t begin; /**< bytes from the first operation */
    uint32_t end;
    uint32_t
        target; /**< likewise; WASM_NO_INDEX: hand on to the try that `delegate` names */
    uint32_t tag;   /**< tag index, or WASM_NO_INDEX: every exception */
    uint32_t depth; /**< labels around the try */
    uint32_t slot;  /**< where the values go */
    uint32_t
        keep_slot; /**< where a legacy catch keeps the exception, or WASM_NO_INDEX */
    uint32_t
        refund; /**< the instruction count at the target; of a delegate: depth of the
                          label it names */
    uint32_t wants_values;    /**< boolean */
    uint32_t wants_reference; /**< boolean: the exnref behind the values */
};
_Static_assert(sizeof(struct interp_catch) % 8 == 0, "blocks lie behind one another");

/** One translated function, in a chunk: this, the code, the catches innermost first. */
struct interp_block {
    struct wasm_function *function;
    uint32_t code_size;
    uint32_t catch_count;
    uint32_t link_slot;
    uint32_t frame_slots;
};

static inline const struct interp_op *
interp_block_code(const struct interp_block *block)
{
    return (const struct interp_op *)(block + 1);
}

static inline const struct interp_catch *
interp_block_catches(const struct interp_block *block)
{
    return (const struct interp_catch *)((const uint8_t *)(block + 1) +
                                         block->code_size);
}

/** An instance's side; r15 points here. */
struct interp_instance {
    struct wasm_memory *memory0; /**< an empty one when the module has none */
    uint64_t *stack_end;
    struct wasm_instance *instance;
    struct interp_store *shared;
    struct interp_chunk *chunks;
    struct wasm_memory no_memory; /**< memory0 of a module without: empty */
};

/** Slot of the link in a frame of a function of this type. */
static inline uint32_t interp_link_slot(const struct wasm_function_type *type)
{
    return type->parameter_slots > type->result_slots ? type->parameter_slots
                                                      : type->result_slots;
}

/* Where a handler goes to trap, pc at the culprit. */
INTERP_DECLARE(interp_trap_unreachable);
INTERP_DECLARE(interp_trap_divide_by_zero);
INTERP_DECLARE(interp_trap_integer_overflow);
INTERP_DECLARE(interp_trap_invalid_conversion);
INTERP_DECLARE(interp_trap_memory_bounds);
INTERP_DECLARE(interp_trap_table_bounds);
INTERP_DECLARE(interp_trap_undefined_element);
INTERP_DECLARE(interp_trap_uninitialized_element);
INTERP_DECLARE(interp_trap_indirect_type);
INTERP_DECLARE(interp_trap_null_reference);
INTERP_DECLARE(interp_trap_null_function);
INTERP_DECLARE(interp_trap_stack);
/** Traps with the kind that shared->trap holds. */
INTERP_DECLARE(interp_trap_recorded);

/* Control (ops_control.c, ops_call.c). */
INTERP_DECLARE(interp_enter);
INTERP_DECLARE(interp_jump);
INTERP_DECLARE(interp_return);
INTERP_DECLARE(interp_return_vector);
INTERP_DECLARE(interp_call);
INTERP_DECLARE(interp_call_import);
INTERP_DECLARE(interp_call_reference);
INTERP_DECLARE(interp_return_call);
INTERP_DECLARE(interp_return_call_indirect);
INTERP_DECLARE(interp_return_call_reference);
INTERP_DECLARE(interp_check_null);
INTERP_DECLARE(interp_br_on_null);
INTERP_DECLARE(interp_br_on_non_null);
INTERP_DECLARE(interp_throw);
INTERP_DECLARE(interp_throw_reference);

extern const struct interp_op interp_exit_code;
extern const struct interp_op interp_unprepared_code;
extern const struct interp_op interp_host_code;

#endif
