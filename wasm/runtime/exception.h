/**
 * exception.h - exception objects (spec 4.2.14) and their reclamation.
 *
 * Exceptions live on a list of their store. When enough of them were made, those that no
 * root reaches are released: roots are the executor's stack (scanned conservatively: a word
 * that equals an exception's address keeps it), exnref globals and tables, the pending exception,
 * and the values of other live exceptions. What only the embedder's C code holds is lost
 * at the next throw: it keeps an exnref in a global or table of the store.
 */
#ifndef WASM_RUNTIME_EXCEPTION_H
#define WASM_RUNTIME_EXCEPTION_H

#include "runtime/store.h"

/**
 * Makes an exception of @p tag with its tag->type->parameter_slots words of values copied from
 * @p slots. May collect first. NULL: no memory.
 */
struct wasm_exception *wasm_exception_create(struct wasm_store *store,
                                             struct wasm_tag *tag,
                                             const uint64_t *slots);

/** Releases every exception that no root reaches. */
void wasm_exception_collect(struct wasm_store *store);

/** Releases all of them. */
void wasm_exceptions_release(struct wasm_store *store);

#endif
