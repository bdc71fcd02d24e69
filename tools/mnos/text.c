/**
 * text.c - see text.h.
 */
#include "text.h"
#include "complain.h"
#include "core/words.h"
#include <stdlib.h>
#include <string.h>

/** Makes room for @p size more bytes and a zero. */
static void reserve(struct text *text, size_t size)
{
    size_t capacity = text->capacity > 0 ? text->capacity : 64;
    char *bytes;

    while (capacity - text->size <= size) {
        if (capacity > SIZE_MAX / 2) {
            out_of_memory();
        }
        capacity *= 2;
    }
    if (capacity == text->capacity) {
        return;
    }
    bytes = realloc(text->bytes, capacity);
    if (bytes == NULL) {
        out_of_memory();
    }
    text->bytes = bytes;
    text->capacity = capacity;
}

void text_add_bytes(struct text *text, const char *bytes, size_t size)
{
    reserve(text, size);
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_add(struct text *text, const char *string)
{
    text_add_bytes(text, string, strlen(string));
}

void text_add_word(struct text *text, const char *word)
{
    size_t size = words_quote(NULL, 0, word);

    text_add(text, " ");
    reserve(text, size);
    words_quote(text->bytes + text->size, size + 1, word);
    text->size += size;
}

const char *text_string(const struct text *text)
{
    return text->bytes != NULL ? text->bytes : "";
}

void text_release(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}
