/**
 * validate.h - the validation algorithm (spec chapter 3 and appendix 7.3), one pass.
 *
 * After wasm_validate_body() returned true the body is safe to translate and to run:
 * every integer is well-formed and every index in range, operands have the types that
 * instructions want, blocks nest, and memory arguments stay below the address type's limit.
 *
 * What a translator that runs later, function by function, gets from here is in struct
 * wasm_body:
 *   local_count   parameters and declared locals; their types: wasm_locals_next()
 *   max_operands  the operand stack's height in values never exceeds it, unreachable code
 *                 included; in 8-byte slots the bound is twice that when flags
 *                 has BODY_VECTORS
 *   max_labels    entries that a stack of open blocks needs, the function's included
 *   flags         what the body contains (enum wasm_body_flag)
 * There is no side table of branch targets: a translator meets each `end` itself in its one
 * pass, and resolves block types by wasm_block_type(). It tracks operand types only as far
 * as it wants slots for them (v128, or an untyped drop or select); code behind an
 * unconditional branch up to the matching `else` or `end` need not be translated, only
 * skipped with wasm_skip_immediates().
 */
#ifndef WASM_VALIDATE_VALIDATE_H
#define WASM_VALIDATE_VALIDATE_H

#include "module/module.h"

struct wasm_validator;

/** Scratch that one wasm_module_load() shares over its bodies. NULL: no memory. */
struct wasm_validator *wasm_validator_create(struct wasm_module *module,
                                             struct wasm_error *error);
void wasm_validator_release(struct wasm_validator *validator);

/**
 * With @p is_plain, all instructions take the slow path: the twin that the fast paths are
 * tested against. Off at the beginning.
 */
void wasm_validator_set_plain(struct wasm_validator *validator, bool is_plain);

/**
 * Validates everything outside of bodies: types of imports and exports, limits, constant
 * expressions, segments, start. False: *error of the validator is filled.
 */
WASM_MUST_CHECK bool wasm_validate_module(struct wasm_validator *validator);

/** Validates the body of function @p index and fills its summary. */
WASM_MUST_CHECK bool wasm_validate_body(struct wasm_validator *validator,
                                        uint32_t index);

/** Walks the local declarations of a validated body. */
struct wasm_locals {
    const uint8_t *position; /**< behind the declarations: the first instruction */
    uint32_t groups_left;
};

/** Begins at the declarations of @p body. */
struct wasm_locals wasm_locals_begin(const struct wasm_module *module,
                                     const struct wasm_body *body);

/** The next group of *@p out_count locals of one type; false: position is at the code. */
bool wasm_locals_next(const struct wasm_module *module, struct wasm_locals *locals,
                      uint32_t *out_count, wasm_type *out_type);

/** A block's parameters and results. */
struct wasm_block_type {
    const wasm_type *parameters;
    const wasm_type *results;
    uint32_t parameter_count;
    uint32_t result_count;
    wasm_type
        single; /**< where `results` points for the one-result form: keep the struct */
};

/**
 * Reads the block type at *@p position of a validated body. *@p out_type must not be copied
 * while `results` is in use with the one-result form.
 */
void wasm_block_type(const struct wasm_module *module, const uint8_t **position,
                     struct wasm_block_type *out_type);

/** Reads a value type of a validated body. */
wasm_type wasm_value_type(const struct wasm_module *module, const uint8_t **position);

/** Skips what follows @p opcode in a validated body. */
void wasm_skip_immediates(const struct wasm_module *module, uint32_t opcode,
                          const uint8_t **position);

#endif
