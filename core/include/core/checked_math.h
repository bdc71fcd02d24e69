/**
 * checked_math.h - arithmetic on integers that somebody else chose.
 *
 * Each function returns true and writes the result, or returns false and writes
 * nothing: the result does not fit.
 */
#ifndef CORE_CHECKED_MATH_H
#define CORE_CHECKED_MATH_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stdint.h>

/** a + b. */
MN_MUST_CHECK static inline bool checked_add(uint64_t a, uint64_t b, uint64_t *out_sum)
{
    uint64_t sum;

    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out_sum = sum;
    return true;
}

/** a - b. */
MN_MUST_CHECK static inline bool checked_sub(uint64_t a, uint64_t b, uint64_t *out_rest)
{
    uint64_t rest;

    if (__builtin_sub_overflow(a, b, &rest)) {
        return false;
    }
    *out_rest = rest;
    return true;
}

/** a * b. */
MN_MUST_CHECK static inline bool checked_mul(uint64_t a, uint64_t b,
                                             uint64_t *out_product)
{
    uint64_t product;

    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *out_product = product;
    return true;
}

/** Rounds up to a multiple of @p alignment, a power of two. */
MN_MUST_CHECK static inline bool checked_align_up(uint64_t value, uint64_t alignment,
                                                  uint64_t *out_aligned)
{
    uint64_t sum;

    if (!checked_add(value, alignment - 1, &sum)) {
        return false;
    }
    *out_aligned = sum & ~(alignment - 1);
    return true;
}

/** Does [offset, offset + size) lie in [0, limit)? An empty range at the end does. */
static inline bool range_fits(uint64_t offset, uint64_t size, uint64_t limit)
{
    return offset <= limit && size <= limit - offset;
}

#endif
