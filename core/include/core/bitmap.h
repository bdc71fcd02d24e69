/**
 * bitmap.h - a set of small numbers, one bit each, in words that the caller owns.
 *
 * A bitmap of `count` bits takes bitmap_words(count) words; bits of the last word
 * beyond `count` are never looked at. Indexes are below `count`: who takes an index
 * from somebody else checks it first.
 */
#ifndef CORE_BITMAP_H
#define CORE_BITMAP_H

#include "core/bits.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BITMAP_WORD_BITS = 64 };

/** How many words hold @p count bits. */
static inline size_t bitmap_words(size_t count)
{
    return count / BITMAP_WORD_BITS + (count % BITMAP_WORD_BITS != 0);
}

/** Is bit @p index set? */
static inline bool bitmap_test(const uint64_t *words, size_t index)
{
    return (words[index / BITMAP_WORD_BITS] >> (index % BITMAP_WORD_BITS) & 1) != 0;
}

/** Sets bit @p index. */
static inline void bitmap_set(uint64_t *words, size_t index)
{
    words[index / BITMAP_WORD_BITS] |= 1ull << (index % BITMAP_WORD_BITS);
}

/** Clears bit @p index. */
static inline void bitmap_clear(uint64_t *words, size_t index)
{
    words[index / BITMAP_WORD_BITS] &= ~(1ull << (index % BITMAP_WORD_BITS));
}

/** The first index from @p from on whose bit differs from those of @p flip, which is 0
 *  to look for a set bit and all ones to look for a clear one; @p count if none. */
static inline size_t bitmap_find(const uint64_t *words, size_t count, size_t from,
                                 uint64_t flip)
{
    while (from < count) {
        uint64_t word =
            (words[from / BITMAP_WORD_BITS] ^ flip) >> (from % BITMAP_WORD_BITS);

        if (word != 0) {
            size_t index = from + bits_lowest_set(word);
            return index < count ? index : count;
        }
        from += BITMAP_WORD_BITS - from % BITMAP_WORD_BITS;
    }
    return count;
}

/** The first set bit from @p from on; @p count if there is none. */
static inline size_t bitmap_find_set(const uint64_t *words, size_t count, size_t from)
{
    return bitmap_find(words, count, from, 0);
}

/** The first clear bit from @p from on; @p count if there is none. */
static inline size_t bitmap_find_clear(const uint64_t *words, size_t count, size_t from)
{
    return bitmap_find(words, count, from, ~0ull);
}

#endif
