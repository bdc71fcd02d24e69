/**
 * print.h - types as text.
 */
#ifndef WASM_MODULE_PRINT_H
#define WASM_MODULE_PRINT_H

#include "module/types.h"

/** Writes "i32", "funcref", "(ref null 3)", zero-terminated, cut to @p size. */
void wasm_type_print(wasm_type type, char *buffer, size_t size);

#endif
