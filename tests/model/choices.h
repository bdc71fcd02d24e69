/**
 * choices.h - where a model run gets its decisions: from a fuzzer's bytes, or from a seed.
 */
#ifndef TESTS_MODEL_CHOICES_H
#define TESTS_MODEL_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/** Bytes while there are any; with a seed that is not 0, endless numbers. */
struct choices {
    const uint8_t *bytes;
    size_t size;
    uint64_t seed;
};

/** Is there anything left to decide by? */
static inline bool choices_left(const struct choices *choices)
{
    return choices->size > 0 || choices->seed != 0;
}

/** The next decision, from 0 to 255; 0 when nothing is left. */
static inline unsigned choices_byte(struct choices *choices)
{
    if (choices->seed != 0) {
        choices->seed ^= choices->seed << 13;
        choices->seed ^= choices->seed >> 7;
        choices->seed ^= choices->seed << 17;
        return (unsigned)(choices->seed >> 24 & 0xFF);
    }
    if (choices->size == 0) {
        return 0;
    }
    choices->size--;
    return *choices->bytes++;
}

/** A decision from 0 to @p limit - 1; @p limit is from 1 to 65,536. */
static inline unsigned choices_below(struct choices *choices, unsigned limit)
{
    unsigned choice = choices_byte(choices);

    if (limit > 256) {
        choice = choice << 8 | choices_byte(choices);
    }
    return choice % limit;
}

/** Ends the run, with a trace by the sanitizer, unless @p condition holds. */
static inline void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

#endif
