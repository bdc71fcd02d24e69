/**
 * u64_vector.c - a growable array of 64-bit numbers on the heap.
 */
#include "init/u64_vector.h"
#include "core/checked_math.h"
#include "mnos/heap.h"

bool u64_vector_push(struct u64_vector *vector, uint64_t value)
{
    if (vector->count == vector->capacity) {
        uint64_t capacity;
        uint64_t bytes;

        if (!checked_mul(vector->capacity, 2, &capacity) ||
            !checked_mul(capacity + 1, sizeof(uint64_t), &bytes)) {
            return false;
        }
        uint64_t *elements = realloc(vector->elements, bytes);
        if (elements == NULL) {
            return false;
        }
        vector->elements = elements;
        vector->capacity = capacity + 1;
    }
    vector->elements[vector->count++] = value;
    return true;
}

void u64_vector_free(struct u64_vector *vector)
{
    free(vector->elements);
    *vector = (struct u64_vector){0};
}
