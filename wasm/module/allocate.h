/**
 * allocate.h - the engine's allocations, all from the embedder's platform.
 *
 * Sizes go back with the pointer, as the platform wants them. 0 elements give NULL, which
 * is no failure: ask for the count first.
 */
#ifndef WASM_MODULE_ALLOCATE_H
#define WASM_MODULE_ALLOCATE_H

#include "wasm/wasm.h"

/** @p count elements of @p size bytes, not zeroed; NULL: none left, overflow, or count 0. */
void *wasm_allocate(const struct wasm_platform *platform, uint64_t count, size_t size);

/** The same, zeroed. */
void *wasm_allocate_zeroed(const struct wasm_platform *platform, uint64_t count,
                           size_t size);

/** Gives back what came for the same @p count and @p size. NULL is fine. */
void wasm_release(const struct wasm_platform *platform, const void *pointer,
                  uint64_t count, size_t size);

/** Grows or shrinks to @p new_count elements; NULL: failed, and @p pointer is still good. */
void *wasm_reallocate(const struct wasm_platform *platform, void *pointer,
                      uint64_t old_count, uint64_t new_count, size_t size);

/**
 * Makes room for @p needed elements in an array of *@p capacity, growing by half at least.
 * False: no memory; nothing changed.
 */
WASM_MUST_CHECK bool wasm_reserve(const struct wasm_platform *platform, void **array,
                                  uint32_t *capacity, uint64_t needed, size_t size);

#endif
