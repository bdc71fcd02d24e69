/**
 * forms_generator.h - random function bodies that exercise the translator's forms.
 */
#ifndef TESTS_FORMS_GENERATOR_H
#define TESTS_FORMS_GENERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { I32_LOCALS = 7, I64_LOCALS = 4, LOCALS = I32_LOCALS + I64_LOCALS };
enum { CODE_MAX = 4096, MEMORY_BYTES = 65536 };
enum { I32 = 0x7F, I64 = 0x7E };

struct generator {
    uint32_t seed;
    uint8_t code[CODE_MAX];
    size_t size;
    bool in_loop; /**< loops do not nest: they share a counter */
};

/** A number below @p limit. */
uint32_t generator_pick(struct generator *g, uint32_t limit);

/** Makes the body of a function of LOCALS parameters, the I32_LOCALS first, and an i64. */
void generator_make_body(struct generator *g);

#endif
