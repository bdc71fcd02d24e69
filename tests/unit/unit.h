/**
 * unit.h - what every unit test includes: cmocka with the headers that it wants first.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/** The next number of a xorshift64 sequence; the seed at @p state is not 0. */
static inline uint64_t unit_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/** A copy of @p size bytes at @p bytes that ends where its allocation ends, so that
 *  AddressSanitizer sees the first byte read behind it. The caller frees it. */
static inline void *unit_exact_copy(const void *bytes, size_t size)
{
    void *copy = malloc(size > 0 ? size : 1);

    assert_non_null(copy);
    if (size > 0) {
        memcpy(copy, bytes, size);
    }
    return copy;
}

#endif
