/**
 * translate.h - from validated function bodies to threaded code.
 */
#ifndef WASM_INTERP_TRANSLATE_H
#define WASM_INTERP_TRANSLATE_H

#include "state.h"

struct interp_translator;

/** Makes the scratch that all translations of a store share. NULL: no memory. */
struct interp_translator *interp_translator_create(struct wasm_store *store);

/** Inverse of interp_translator_create(). NULL is fine. */
void interp_translator_release(struct interp_translator *translator);

/**
 * Translates @p function of @p instance, sets function->code and returns it. NULL: no memory,
 * or the function needs a frame of more than 65,535 slots.
 */
const struct interp_op *interp_translate(struct interp_instance *instance,
                                         struct wasm_function *function);

/**
 * The offset in the module's bytes of the instruction that the operation at byte
 * @p code_offset of the function's code stems from. The function is translated once more
 * to find out, so that nothing needs to be kept.
 */
uint64_t interp_locate(struct interp_instance *instance, struct wasm_function *function,
                       uint32_t code_offset);

#endif
