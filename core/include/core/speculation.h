/**
 * speculation.h - indexes that stay in bounds even on a mispredicted path.
 *
 * After a bounds check that the processor guessed wrong, a load with the index may run and
 * leave a trace (Spectre variant 1). The clamp depends on the comparison by data, not by
 * a branch.
 */
#ifndef CORE_SPECULATION_H
#define CORE_SPECULATION_H

#include <stdint.h>

/** @p index where it is below @p limit, else 0, without a branch. */
static inline uint64_t speculation_clamp(uint64_t index, uint64_t limit)
{
    uint64_t mask;

    __asm__("cmp %2, %1; sbb %0, %0" : "=r"(mask) : "r"(index), "r"(limit) : "cc");
    return index & mask;
}

/** The low bits of @p index, which the caller has checked to be at most @p mask (one less
 *  than a power of two). The compiler is not told that this changes nothing. */
static inline uint64_t speculation_mask(uint64_t index, uint64_t mask)
{
    __asm__("" : "+r"(index));
    return index & mask;
}

#endif
