/**
 * heap.h - a heap that takes pages from the program's account as it grows. One thread uses it.
 */
#ifndef WASM_HOST_HEAP_H
#define WASM_HOST_HEAP_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>

/** false: the account can't pay for its first pages. */
MN_MUST_CHECK bool heap_open(void);

/** As malloc(), free() and realloc(); NULL: the account can't pay for it. */
void *heap_allocate(size_t size);
void heap_release(void *pointer);
void *heap_reallocate(void *pointer, size_t size);

#endif
