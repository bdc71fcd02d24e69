/**
 * constant.h - evaluating constant expressions (spec 4.4.13).
 */
#ifndef WASM_RUNTIME_CONSTANT_H
#define WASM_RUNTIME_CONSTANT_H

#include "runtime/store.h"

/**
 * Evaluates the validated expression at *@p position for @p instance, whose functions and the
 * globals that the expression reads are made. *@p position ends behind its `end`. Numbers
 * shorter than 64 bits come zero-extended. False: no memory.
 */
WASM_MUST_CHECK bool wasm_constant_evaluate(const struct wasm_instance *instance,
                                            const uint8_t **position,
                                            union wasm_value *out_value);

#endif
