/**
 * forms_twin.h - the plain interpreter that the translator is held against: one byte after
 * the other, an operand stack, no tricks.
 */
#ifndef TESTS_FORMS_TWIN_H
#define TESTS_FORMS_TWIN_H

#include "forms_generator.h"

enum { STACK_MAX = 64, LABELS_MAX = 64 };

struct twin {
    const uint8_t *code;
    size_t pc;
    uint64_t locals[LOCALS];
    uint64_t stack[STACK_MAX];
    size_t height;
    size_t labels[LABELS_MAX]; /**< where a loop begins, or 0 for a block */
    size_t depth;
    uint8_t memory[MEMORY_BYTES];
};

/** Runs the body of @p size bytes to its end; the result is stack[0]. */
void twin_run(struct twin *t, size_t size);

#endif
