/**
 * text.h - text that grows. Running out of memory ends the command.
 */
#ifndef MNOS_TEXT_H
#define MNOS_TEXT_H

#include <stddef.h>

/** All zero is the empty text. Owns its bytes. */
struct text {
    char *bytes; /**< zero-terminated once something was added */
    size_t size; /**< without the zero */
    size_t capacity;
};

/** Appends @p size bytes. */
void text_add_bytes(struct text *text, const char *bytes, size_t size);

/** Appends a zero-terminated string. */
void text_add(struct text *text, const char *string);

/** Appends a space and @p word as core/words reads it back, in quotes where needed. */
void text_add_word(struct text *text, const char *word);

/** The text as a string, borrowed; "" when nothing was added. */
const char *text_string(const struct text *text);

void text_release(struct text *text);

#endif
