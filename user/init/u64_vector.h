/**
 * u64_vector.h - a growable array of 64-bit numbers on the heap.
 */
#ifndef INIT_U64_VECTOR_H
#define INIT_U64_VECTOR_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Owns its elements. Starts as zeros: empty. */
struct u64_vector {
    uint64_t *elements;
    size_t count;
    size_t capacity;
};

/** Appends @p value. false: no memory, and nothing changed. */
MN_MUST_CHECK bool u64_vector_push(struct u64_vector *vector, uint64_t value);

/** Gives the elements back; the vector is empty again. */
void u64_vector_free(struct u64_vector *vector);

#endif
