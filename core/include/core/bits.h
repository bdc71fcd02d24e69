/**
 * bits.h - powers of two, alignment and the positions of bits.
 *
 * For numbers that are known to be in range: what somebody else chose is aligned by
 * checked_align_up() of checked_math.h.
 */
#ifndef CORE_BITS_H
#define CORE_BITS_H

#include <stdbool.h>
#include <stdint.h>

/** Is exactly one bit of @p value set? */
static inline bool bits_is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/** Rounds down to a multiple of @p alignment, a power of two. */
static inline uint64_t bits_align_down(uint64_t value, uint64_t alignment)
{
    return value & ~(alignment - 1);
}

/** Rounds up to a multiple of @p alignment, a power of two; the sum must fit. */
static inline uint64_t bits_align_up(uint64_t value, uint64_t alignment)
{
    return bits_align_down(value + (alignment - 1), alignment);
}

/** Is @p value a multiple of @p alignment, a power of two? */
static inline bool bits_is_aligned(uint64_t value, uint64_t alignment)
{
    return (value & (alignment - 1)) == 0;
}

/** The position of the lowest set bit, 0 to 63; @p value is not 0. */
static inline unsigned bits_lowest_set(uint64_t value)
{
    return (unsigned)__builtin_ctzll(value);
}

/** The position of the highest set bit, 0 to 63, which is the binary logarithm rounded
 *  down; @p value is not 0. */
static inline unsigned bits_highest_set(uint64_t value)
{
    return 63u - (unsigned)__builtin_clzll(value);
}

/** The smallest n, 0 to 64, with @p value <= 2^n; @p value is not 0. */
static inline unsigned bits_log2_ceil(uint64_t value)
{
    return value == 1 ? 0 : bits_highest_set(value - 1) + 1;
}

/** How many bits are set, 0 to 64; without POPCNT, which not every x86-64 has. */
static inline unsigned bits_count_set(uint64_t value)
{
    value -= (value >> 1) & 0x5555555555555555ull;
    value = (value & 0x3333333333333333ull) + ((value >> 2) & 0x3333333333333333ull);
    value = (value + (value >> 4)) & 0x0F0F0F0F0F0F0F0Full;
    return (unsigned)((value * 0x0101010101010101ull) >> 56);
}

#endif
