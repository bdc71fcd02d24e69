/**
 * validator.h - the validator's state and what its files call of each other (spec appendix 7.3).
 *
 * Two stacks, of operand types and of open blocks, both growing arrays: nothing recurses.
 * body.c is the loop with the fast paths; everything with a type of its own is a handler in
 * control.c, exceptions.c or instructions.c. Handlers find the state in the struct, read
 * immediates through `reader` and return false with the error filled.
 */
#ifndef WASM_VALIDATE_VALIDATOR_H
#define WASM_VALIDATE_VALIDATOR_H

#include "module/error.h"
#include "module/opcodes.h"
#include "module/reader.h"
#include "validate/validate.h"

enum {
    LOCALS_MAX =
        50000, /**< of one function, parameters too: this engine's choice (7.2) */
    LOCALS_EXPANDED = 512 /**< locals whose type is looked up by index; others by run */
};

/** A list of types: somebody else's, or, with `types` NULL, none or the one in `single`. */
struct type_list {
    const wasm_type *types;
    uint32_t count;
    wasm_type single;
};

static inline wasm_type type_list_at(const struct type_list *list, uint32_t index)
{
    return list->types == NULL ? list->single : list->types[index];
}

static inline struct type_list
type_list_parameters(const struct wasm_function_type *type)
{
    return (struct type_list){.types = type->types, .count = type->parameter_count};
}

static inline struct type_list type_list_results(const struct wasm_function_type *type)
{
    return (struct type_list){.types = type->types + type->parameter_count,
                              .count = type->result_count};
}

static inline struct type_list type_list_of(wasm_type type)
{
    return (struct type_list){.count = 1, .single = type};
}

/** An open block. */
struct control_frame {
    struct type_list parameters;
    struct type_list results;
    uint32_t height;      /**< operands below the block's own */
    uint32_t init_height; /**< locals known as set when it was opened */
    uint16_t opcode; /**< what opened it: OP_BLOCK …; OP_CALL: the function itself */
    bool is_unreachable; /**< behind an unconditional branch */
};

/** Locals [start, end) of one type, beyond LOCALS_EXPANDED or not. */
struct local_run {
    uint32_t end;
    wasm_type type;
};

/** How the loop of body.c treats an opcode. */
enum opcode_class {
    CLASS_UNKNOWN, /**< no such opcode */
    CLASS_REFUSED, /**< of a proposal that is off */
    CLASS_SIMPLE,  /**< no immediate, at most two operands of fixed types */
    CLASS_MEMARG,  /**< the same with a memarg, in a 32-bit memory 0 */
    CLASS_LOCAL_GET,
    CLASS_LOCAL_SET,
    CLASS_LOCAL_TEE,
    CLASS_GLOBAL_GET,
    CLASS_GLOBAL_SET,
    CLASS_INTEGER, /**< i32.const, i64.const */
    CLASS_BYTES,   /**< f32.const, f64.const */
    CLASS_DROP,
    CLASS_BLOCK, /**< block, loop, if */
    CLASS_ELSE,
    CLASS_END,
    CLASS_BR,
    CLASS_BR_IF,
    CLASS_RETURN,
    CLASS_CALL,
    CLASS_CALL_INDIRECT,
    CLASS_SELECT, /**< without a type */
    CLASS_PREFIX, /**< 0xFC, 0xFD: the sub-opcode follows */
    CLASS_HANDLER /**< everything else */
};

/** What the loop wants to know of an opcode, in 24 bytes. */
struct opcode_entry {
    uint64_t
        expected;   /**< the two topmost types: top[-2] in the low half, top[-1] high */
    uint64_t mask;  /**< which of them count */
    uint32_t notes; /**< feature, wasm_body_flag << 16, opcode_class << 24 */
    uint8_t operand_count;
    uint8_t result_count;
    uint8_t result;
    uint8_t size; /**< log2 of the natural alignment; bytes of a literal, at most */
};
_Static_assert(sizeof(struct opcode_entry) == 24, "many of them are in use at once");

static inline enum opcode_class opcode_class_of(const struct opcode_entry *entry)
{
    return (enum opcode_class)(entry->notes >> 24);
}

/** Types as the two-word comparison sees them: the topmost in the high half. */
static inline uint64_t opcode_types_word(uint64_t below, uint64_t top)
{
    return below | top << 32;
}

struct wasm_validator {
    struct wasm_module *module;
    const struct wasm_platform *platform;
    struct wasm_error *error;

    struct wasm_reader reader;
    const uint8_t *instruction; /**< where the current one begins */
    uint32_t opcode;
    uint32_t function; /**< or WASM_NO_INDEX: a constant expression */
    enum wasm_section section;
    uint32_t global_limit; /**< constant expression: globals that it may read */
    uint32_t flags;        /**< enum wasm_body_flag, of the current body */
    bool is_plain;         /**< for tests: every instruction takes its handler */

    wasm_type *operands; /**< two words of room below the first one */
    uint32_t operand_capacity;
    uint32_t height;
    uint32_t max_height;

    struct control_frame *controls;
    uint32_t control_capacity;
    uint32_t control_count;
    uint32_t max_controls;

    struct type_list results; /**< of the function */
    struct local_run *runs;
    uint32_t run_capacity;
    uint32_t run_count;
    uint32_t local_count;
    wasm_type locals[LOCALS_EXPANDED];

    uint64_t *set_locals; /**< bits: non-nullable locals that have a value */
    uint32_t set_capacity;
    bool tracks_locals;
    uint32_t *init_stack; /**< locals in order of their first assignment */
    uint32_t init_capacity;
    uint32_t init_count;

    struct opcode_entry entries[OPCODE_LIMIT];
};

/* --- validator.c ---------------------------------------------------------------- */

/** Fills the error for the current instruction; returns false. */
MN_PRINTF(3, 4)
bool validate_fail(struct wasm_validator *v, enum wasm_status status,
                   const char *format, ...);
bool validate_no_memory(struct wasm_validator *v);
bool validate_mismatch(struct wasm_validator *v, wasm_type found, wasm_type expected);
bool validate_underflow(struct wasm_validator *v, const char *expected);

/** Notes a proposal's use; false: it is off. */
WASM_MUST_CHECK bool validate_feature(struct wasm_validator *v, uint32_t feature);

/** Room for @p count more operands. */
WASM_MUST_CHECK bool validate_reserve_operands(struct wasm_validator *v,
                                               uint32_t count);

WASM_MUST_CHECK bool validate_push(struct wasm_validator *v, wasm_type type);
WASM_MUST_CHECK bool validate_push_list(struct wasm_validator *v,
                                        struct type_list list);

/** Pops an operand of any type; TYPE_BOTTOM in unreachable code. */
WASM_MUST_CHECK bool validate_pop_any(struct wasm_validator *v, wasm_type *out_type);
/** Pops a subtype of @p expected. */
WASM_MUST_CHECK bool validate_pop(struct wasm_validator *v, wasm_type expected);
WASM_MUST_CHECK bool validate_pop_list(struct wasm_validator *v, struct type_list list);
/** Checks that the topmost operands match, and leaves them with the list's types. */
WASM_MUST_CHECK bool validate_retype(struct wasm_validator *v, struct type_list list);

/** An index immediate below @p limit. */
WASM_MUST_CHECK bool validate_index(struct wasm_validator *v, const char *what,
                                    uint32_t limit, uint32_t *out_index);
WASM_MUST_CHECK bool validate_u32(struct wasm_validator *v, uint32_t *out_value);
WASM_MUST_CHECK bool validate_byte(struct wasm_validator *v, uint8_t *out_byte);

/** A value type immediate. */
WASM_MUST_CHECK bool validate_value_type(struct wasm_validator *v, wasm_type *out_type);
/** A heap type immediate, as the nullable reference to it. */
WASM_MUST_CHECK bool validate_heap_type(struct wasm_validator *v, wasm_type *out_type);

/* --- locals.c ------------------------------------------------------------------- */

/** Reads a body's declarations behind the parameters. */
WASM_MUST_CHECK bool validate_locals(struct wasm_validator *v,
                                     const struct wasm_function_type *type);
/** Type of local @p index, below local_count. */
wasm_type validate_local_type(const struct wasm_validator *v, uint32_t index);
bool validate_local_is_set(const struct wasm_validator *v, uint32_t index);
WASM_MUST_CHECK bool validate_local_set(struct wasm_validator *v, uint32_t index);
/** Forgets the assignments since @p init_height. */
void validate_locals_reset(struct wasm_validator *v, uint32_t init_height);

/* --- control.c, calls.c, exceptions.c, instructions.c, memory_instructions.c ------------------------------------ */

/** The handler for an opcode of CLASS_HANDLER. */
WASM_MUST_CHECK bool validate_instruction(struct wasm_validator *v);
WASM_MUST_CHECK bool validate_control(struct wasm_validator *v);
WASM_MUST_CHECK bool validate_any_call(struct wasm_validator *v);
WASM_MUST_CHECK bool validate_exception(struct wasm_validator *v);
/** Instructions with a memory, memarg or data index; those with a lane too. */
WASM_MUST_CHECK bool validate_memory_instruction(struct wasm_validator *v);
/** Operands and results of a signature whose A is @p address. */
WASM_MUST_CHECK bool validate_signature(struct wasm_validator *v, wasm_type address);
/** A data index, which needs a data count section in front of the code. */
WASM_MUST_CHECK bool validate_data_index(struct wasm_validator *v);
WASM_MUST_CHECK bool validate_lane(struct wasm_validator *v, uint32_t lanes);
/** Pops offset and count of memory.init and table.init: i32 whatever the destination. */
WASM_MUST_CHECK bool validate_pop_range(struct wasm_validator *v);

WASM_MUST_CHECK bool validate_push_control(struct wasm_validator *v, uint32_t opcode,
                                           struct type_list parameters,
                                           struct type_list results);
WASM_MUST_CHECK bool validate_pop_control(struct wasm_validator *v,
                                          struct control_frame *out_frame);
WASM_MUST_CHECK bool validate_block_type(struct wasm_validator *v,
                                         struct type_list *out_parameters,
                                         struct type_list *out_results);
/** Reads a label; *@p out_types is what a branch to it carries. */
WASM_MUST_CHECK bool validate_label(struct wasm_validator *v,
                                    struct type_list *out_types);
/** What a branch to @p frame carries. */
struct type_list validate_label_types(const struct control_frame *frame);
/** The rest of the block cannot be reached. */
void validate_unreachable(struct wasm_validator *v);

static inline struct control_frame *validate_frame(struct wasm_validator *v)
{
    return &v->controls[v->control_count - 1];
}

/* --- fast.c --------------------------------------------------------------------- */

/** Fills `entries` for this module (fast_table.c). */
void validate_build_entries(struct wasm_validator *v);

/**
 * Runs the fast paths from reader.position as far as they go; gives the next opcode, for
 * validate_code() to take the long way, with reader.position behind it. False: the body
 * ends without `end`.
 */
WASM_MUST_CHECK bool validate_run_fast(struct wasm_validator *v, uint32_t *out_opcode);

/* --- body.c --------------------------------------------------------------------- */

/** Validates the instructions from reader.position to and with the last `end`. */
WASM_MUST_CHECK bool validate_code(struct wasm_validator *v);

#endif
