/**
 * translator.h - the translator's state, shared by its files.
 *
 * The operand stack of the specification is followed symbolically. An operand is a constant,
 * a local that has not changed since it was read, the accumulator of its class, or a
 * slot. Only what must be in a slot (at labels, as arguments) is put there, and then
 * mostly by sending the result of the operation that made it there in the first place.
 *
 * Invariants. `occupant` of a class is the one operand that is in its accumulator; `copy` is
 * a slot whose value the accumulator has as well; never both. At labels nothing is in
 * accumulators, and operands below a label's height are constants or slots. Locals in
 * registers are there in the whole function.
 */
#ifndef WASM_INTERP_TRANSLATOR_H
#define WASM_INTERP_TRANSLATOR_H

#include "handlers.h"
#include "module/allocate.h"
#include "module/opcodes.h"
#include "module/reader.h"
#include "state.h"
#include "translate.h"
#include "validate/validate.h"

/** Register classes; references are integers. */
enum operand_class { CLASS_INTEGER, CLASS_FLOAT, CLASS_VECTOR };

enum operand_kind {
    OPERAND_CONSTANT,
    OPERAND_LOCAL,
    OPERAND_ACCUMULATOR,
    OPERAND_SLOT
};

struct operand {
    uint8_t kind;
    uint8_t class;
    uint16_t home; /**< the slot that its height gives it */
    uint32_t local;
    uint64_t constant; /**< bits, zero-extended */
};

/** Where an operand can be read. */
struct source {
    enum interp_place place;
    uint16_t slot;
    bool is_fresh; /**< what the last operation put into the accumulator */
};

/** A condition, ready to become a branch: its operands may be read until the next emit. */
struct condition {
    enum {
        CONDITION_INTEGER,
        CONDITION_FLOAT,
        CONDITION_NULL,
        CONDITION_NOT_NULL
    } kind;
    unsigned op;
    struct source a;
    struct source b;
    uint64_t constant;
};

enum label_kind {
    LABEL_FUNCTION,
    LABEL_BLOCK,
    LABEL_LOOP,
    LABEL_IF,
    LABEL_ELSE,
    LABEL_TRY,
    LABEL_CATCH,
    LABEL_TRY_TABLE
};

#define NO_OFFSET UINT32_MAX
#define NO_SLOT   UINT32_MAX

struct label {
    uint8_t kind;
    bool skipped;           /**< begins in unreachable code: only nesting counts */
    uint32_t height;        /**< operands below its parameters */
    uint32_t base;          /**< slot of its first parameter or result */
    uint32_t fixups;        /**< jumps to its end: index of the first, or NO_OFFSET */
    uint32_t otherwise;     /**< an if's jump to its else; catches: the throw's entry */
    uint32_t code;          /**< a loop's beginning; a try's */
    uint32_t code_end;      /**< where a try's body ended */
    uint32_t units;         /**< instruction count there */
    uint32_t exception;     /**< slot that holds what a legacy catch caught */
    const uint8_t *clauses; /**< of a try_table */
    struct wasm_block_type type;
};

/** A jump whose target is not known yet. */
struct fixup {
    uint32_t op;    /**< code offset that the jump counts from */
    uint32_t field; /**< code offset of the word with the charge */
    uint32_t units;
    uint32_t next;
    bool is_entry; /**< the word holds the jump too: br_table */
};

struct local {
    uint8_t place; /**< INTERP_x, INTERP_y or INTERP_s */
    uint8_t class;
    bool is_f32; /**< stays in its slot: f32 operations have few forms */
    uint16_t slot;
    uint32_t aliases; /**< operands on the stack that are this local */
    uint32_t weight;
};

/** The operation that made what is in an accumulator. */
struct producer {
    uint32_t offset;
    interp_handler *const *row; /**< its handlers by place of the result; may be NULL */
};

/**
 * What the last operation was, where it can become the first half of a fused one. Good only
 * while `offset` is the last operation's and its result has not been sent elsewhere.
 */
struct recent {
    enum {
        RECENT_NONE,
        RECENT_INTEGER, /**< a binary operation on i32 */
        RECENT_LOAD,
        RECENT_MOVE, /**< to a slot */
        RECENT_STEP  /**< a local plus an immediate, back to the local */
    } kind;
    uint32_t offset;
    uint8_t op;
    struct source a;
    struct source b;
    uint64_t constant;
    uint32_t memory_offset;
    uint32_t slot; /**< of a move's target, a step's local */
};

struct interp_translator {
    struct recent recent;
    struct wasm_store *store;
    const struct wasm_platform *platform;
    /* The function. */
    struct interp_instance *instance;
    const struct wasm_module *module;
    struct wasm_function *function;
    const struct wasm_function_type *type;
    const struct interp_memory_handlers *memory; /**< of memory 0; NULL: 64-bit */
    const uint8_t *position;
    const uint8_t *instruction; /**< its opcode */
    bool counts_fuel;
    bool unreachable;
    bool failed;    /**< no memory, or too large: stop at the next instruction */
    uint32_t units; /**< instructions since the beginning or the last call */
    uint32_t link_slot;
    uint32_t first_operand; /**< slot */
    uint32_t
        exception_slots; /**< first of those that legacy tries keep exceptions in */
    uint32_t max_slot;
    /* Code. */
    uint8_t *code;
    uint32_t code_size;
    uint32_t code_capacity;
    uint32_t
        last; /**< offset of the last operation; NO_OFFSET: a label came after it */
    uint32_t locate_target; /**< NO_OFFSET: not locating */
    const uint8_t *located;
    /* Operands and accumulators, the latter by class. */
    struct operand *operands;
    uint32_t height;
    uint32_t operand_capacity;
    uint32_t occupant[2]; /**< height of the operand, or NO_OFFSET */
    uint32_t copy[2];     /**< slot, or NO_SLOT */
    struct producer producer[2];
    /* Labels. */
    struct label *labels;
    uint32_t label_count;
    uint32_t label_capacity;
    struct fixup *fixups;
    uint32_t fixup_count;
    uint32_t fixup_capacity;
    struct interp_catch *catches;
    uint32_t catch_count;
    uint32_t catch_capacity;
    struct local *locals;
    uint32_t local_count;
    uint32_t local_capacity;
};

/* --- emit.c: code, operands, accumulators ------------------------------------------ */

static inline struct interp_op *op_at(struct interp_translator *t, uint32_t offset)
{
    return (struct interp_op *)(t->code + offset);
}

/** The last operation, if it is of @p kind; else NULL. */
const struct recent *recent_operation(const struct interp_translator *t, unsigned kind);
/** The last operation, if it is of @p kind and its result is @p source, not elsewhere. */
const struct recent *recent_result(const struct interp_translator *t, unsigned kind,
                                   const struct source *source);
/** Takes the last operation back, to be replaced by a fused one. */
void take_back(struct interp_translator *t);

/** Appends an operation of @p size bytes, operands zero; its offset. */
uint32_t emit(struct interp_translator *t, interp_handler *handler, uint32_t size);

enum operand_class class_of(wasm_type type);

/** Pushes an operand that is in its home slot, or a constant. */
void push_slot(struct interp_translator *t, enum operand_class class);
void push_constant(struct interp_translator *t, enum operand_class class,
                   uint64_t constant);
/** Pushes the result of the operation at @p offset, which has it in the accumulator. */
void push_result(struct interp_translator *t, enum operand_class class, uint32_t offset,
                 interp_handler *const *row);
/** The home slot of the next operand pushed. */
uint32_t next_home(const struct interp_translator *t);
/** Takes the top operand; its home stays usable until the next push. */
struct operand pop(struct interp_translator *t);

/** Where to read @p operand (popped or not), as it is. */
struct source source_of(struct interp_translator *t, const struct operand *operand);
/** The same, but never a constant: that is put into the operand's home. */
struct source source_in_place(struct interp_translator *t,
                              const struct operand *operand);
/** The same, but only a slot. */
uint16_t source_in_slot(struct interp_translator *t, const struct operand *operand);

/** Frees the accumulator of @p class for the next operation's result. */
void claim_accumulator(struct interp_translator *t, enum operand_class class);
/** The value of slot @p slot changed: no accumulator has it any more. */
void forget_slot(struct interp_translator *t, uint32_t slot);
/** Nothing is known about accumulators: a label, a call. They must not be occupied. */
void forget_accumulators(struct interp_translator *t);

/** Moves @p operand to slot @p slot. */
void move_to_slot(struct interp_translator *t, const struct operand *operand,
                  uint32_t slot);
/** Puts operands [@p from, height) into their homes; constants only if @p all. */
void flush(struct interp_translator *t, uint32_t from, bool all);
/** Puts the top @p count operands into consecutive slots from @p base on. */
void place_operands(struct interp_translator *t, uint32_t count, uint32_t base);
/** Frees both accumulators, keeping their values. */
void vacate(struct interp_translator *t);

/* --- translate_*.c: instructions by kind; true: it was theirs ---------------------- */

void translate_local_get(struct interp_translator *t, uint32_t index);
void translate_local_set(struct interp_translator *t, uint32_t index);
void translate_local_tee(struct interp_translator *t, uint32_t index);
void translate_select(struct interp_translator *t);
bool translate_variable(struct interp_translator *t, uint32_t opcode);
bool translate_numeric(struct interp_translator *t, uint32_t opcode);
bool translate_memory(struct interp_translator *t, uint32_t opcode);
bool translate_control(struct interp_translator *t, uint32_t opcode);
bool translate_call(struct interp_translator *t, uint32_t opcode);
bool translate_exception(struct interp_translator *t, uint32_t opcode);
bool translate_reference(struct interp_translator *t, uint32_t opcode);
bool translate_vector(struct interp_translator *t, uint32_t opcode);

/* --- translate_pair.c --------------------------------------------------------------- */

/** Two operands: no constant in a, and in b only one that fits the operation. */
struct pair {
    struct source a;
    struct source b;
    uint64_t constant;
};

/** A register's value from a slot instead: @p home, unless it is in a slot as well. */
struct source force_slot(struct interp_translator *t, enum operand_class class,
                         struct source source, uint32_t home);
/** Pops two integers; swapped if that helps and @p commutative. */
struct pair integer_pair(struct interp_translator *t, bool commutative, bool is_64);
/** Of the two slots that popped operands leave behind one that @p other does not use. */
uint32_t scratch_slot(const struct interp_translator *t, const struct source *other);
/** Moves operands to slots until @p forms, [A][B][result], has a row for them: that row. */
interp_handler *const *fit(struct interp_translator *t, enum operand_class class,
                           interp_handler *const (*forms)[5][4], struct pair *pair);
/** Emits an integer operation with the handlers @p row; its result is pushed. */
void emit_binary(struct interp_translator *t, interp_handler *const *row,
                 const struct pair *pair);
/** The operation @p op of enum interp_integer_op, joined with the one before if it can be. */
void binary_integer(struct interp_translator *t, unsigned op);

/* --- translate_branch.c ------------------------------------------------------------- */

/** An entry of a br_table: bytes from the table's operation, and the charge. */
uint64_t entry_word(int64_t jump, uint32_t charge);
/** Notes a jump for later; bind_list() writes all of a list to go to here. */
void add_fixup(struct interp_translator *t, uint32_t *list, const struct fixup *fixup);
void bind_list(struct interp_translator *t, uint32_t *list);
/** Binds the jumps to the end of @p label; accumulators are unknown from here on. */
void bind_label(struct interp_translator *t, struct label *label);
/** Makes the operation at @p op, with its charge at @p field, go to @p label. */
void link_jump(struct interp_translator *t, struct label *label, uint32_t op,
               uint32_t field, bool is_entry);
/** The operation that branches when @p condition holds; *@p field: where its charge is. */
uint32_t emit_condition(struct interp_translator *t, const struct condition *condition,
                        uint32_t *field);
void negate(struct condition *condition);

/* --- translate_control.c ------------------------------------------------------------ */

/** Opens the label of the function itself. */
void begin_function(struct interp_translator *t);
/** Continues with a br_if or an if, if one follows: then consumes it and returns true. */
bool translate_condition(struct interp_translator *t, struct condition *condition);
/** The charge of a jump from here to @p units, backward or not. */
uint32_t charge_to(const struct interp_translator *t, uint32_t units, bool backward);
/** The charge of a call or return; what follows counts from zero. */
uint32_t charge_all(struct interp_translator *t);
/** Opens a block whose type is next in the code. */
struct label *open_block(struct interp_translator *t, enum label_kind kind);
/** What falls out of the innermost block goes to its end by a jump. */
void leave_block(struct interp_translator *t);
/** Closes the innermost block. */
void close_block(struct interp_translator *t);
/** br and br_if to labelidx @p index. */
void branch_to(struct interp_translator *t, uint32_t index);
void branch_if(struct interp_translator *t, struct condition *condition,
               uint32_t index);
/** Makes room for @p count more operands. False: no memory. */
bool reserve_operands(struct interp_translator *t, uint32_t count);
/** Results into frame[0..), then the return operation. */
void emit_return(struct interp_translator *t);

/* --- translate_memory.c ------------------------------------------------------------- */

struct memarg {
    uint32_t memory;
    uint64_t offset;
};

struct memarg read_memarg(struct interp_translator *t);
/** Is it memory 0 with 32-bit addresses, which has handlers of its own? */
bool memarg_is_direct(const struct interp_translator *t, const struct memarg *memarg);
/** Checks an access of @p size bytes; the accumulator then holds the way from memory 0. */
void emit_address(struct interp_translator *t, const struct memarg *memarg,
                  const struct operand *address, uint32_t size);

/* --- hot.c ---------------------------------------------------------------------------- */

/** Chooses the locals that live in registers; returns the number of legacy tries. */
uint32_t choose_register_locals(struct interp_translator *t);

/* --- translate_exception.c ------------------------------------------------------------ */

/** Ends the body of a try_table: the code of its clauses. */
void end_try_table(struct interp_translator *t);

#endif
