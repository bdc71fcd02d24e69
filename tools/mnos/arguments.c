/**
 * arguments.c - see arguments.h.
 */
#include "arguments.h"
#include "complain.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text_of_v(const char *format, va_list list)
{
    char *text;

    if (vasprintf(&text, format, list) < 0) {
        out_of_memory();
    }
    return text;
}

char *text_of(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    char *text = text_of_v(format, list);
    va_end(list);
    return text;
}

/** Takes @p word. */
static void append(struct arguments *arguments, char *word)
{
    if (arguments->count + 2 > arguments->capacity) {
        size_t capacity = arguments->capacity * 2 + 16;
        char **words = reallocarray(arguments->words, capacity, sizeof(*words));
        if (words == NULL) {
            out_of_memory();
        }
        arguments->words = words;
        arguments->capacity = capacity;
    }
    arguments->words[arguments->count++] = word;
    arguments->words[arguments->count] = NULL;
}

void arguments_add(struct arguments *arguments, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    append(arguments, text_of_v(format, list));
    va_end(list);
}

void arguments_add_pair(struct arguments *arguments, const char *option,
                        const char *value)
{
    arguments_add(arguments, "%s", option);
    arguments_add(arguments, "%s", value);
}

static void print_quoted(const char *word)
{
    const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-_=+,.:/@";

    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        fputs(word, stderr);
        return;
    }
    fputc('\'', stderr);
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            fputs("'\\''", stderr);
        } else {
            fputc(*word, stderr);
        }
    }
    fputc('\'', stderr);
}

void arguments_print(const struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        if (i > 0) {
            fputc(' ', stderr);
        }
        print_quoted(arguments->words[i]);
    }
    fputc('\n', stderr);
}

void arguments_release(struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        free(arguments->words[i]);
    }
    free(arguments->words);
    *arguments = (struct arguments){0};
}
