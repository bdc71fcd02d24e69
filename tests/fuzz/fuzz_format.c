/**
 * fuzz_format.c - core/format on format strings.
 *
 * Each input is eight bytes of argument and a format. Where the format is one directive
 * that both know (flags "-0", width and precision of at most two digits), the text must be
 * the host's. Any other format, its %s and %p taken out, must not read beyond its
 * arguments or its end; and a buffer of each size holds the beginning of the whole text.
 */
#include "core/format.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARGUMENT_SIZE = 8, FORMAT_MAX = 40, TEXT_MAX = 8192 };

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

/** Leaves a directive that takes an int or a uint64_t; gives its number of 'l'. */
static bool is_common_directive(const char *format, unsigned *out_longs)
{
    const char *at = format;

    if (*at++ != '%') {
        return false;
    }
    at += strspn(at, "-0");
    at += strspn(at, "123456789") > 0 ? 1 : 0;
    at += strspn(at, "0123456789") > 0 ? 1 : 0;
    if (*at == '.') {
        at++;
        at += strspn(at, "0123456789") > 0 ? 1 : 0;
        at += strspn(at, "0123456789") > 0 ? 1 : 0;
    }
    *out_longs = (unsigned)strspn(at, "l");
    at += *out_longs;
    return *out_longs <= 2 && strchr("diuxX", *at) != NULL && *at != '\0' &&
           at[1] == '\0';
}

#pragma clang diagnostic ignored "-Wformat-nonliteral"
#pragma clang diagnostic ignored "-Wformat-security"

static void compare_with_host(const char *format, unsigned longs, uint64_t argument)
{
    char ours[TEXT_MAX];
    char theirs[TEXT_MAX];
    size_t size;

    if (longs > 0) {
        size = (size_t)snprintf(theirs, sizeof(theirs), format, argument);
        require(format_buffer(ours, sizeof(ours), format, argument) == size);
    } else {
        size = (size_t)snprintf(theirs, sizeof(theirs), format, (int)argument);
        require(format_buffer(ours, sizeof(ours), format, (int)argument) == size);
    }
    require(strcmp(ours, theirs) == 0);
}

/** More arguments than FORMAT_MAX bytes can ask for, '*' included. */
static size_t any_format(char *text, size_t size, const char *format, uint64_t a)
{
    return format_buffer(text, size, format, a, a, a, a, a, a, a, a, a, a, a, a, a, a,
                         a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a,
                         a, a, a, a, a);
}

static void take_out_pointers(char *format)
{
    for (; *format != '\0'; format++) {
        if (*format == 's' || *format == 'p') {
            *format = 'd';
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char whole[TEXT_MAX];
    char *format;
    char *cut;
    uint64_t argument;
    size_t length;
    unsigned longs;

    if (size < ARGUMENT_SIZE || size > ARGUMENT_SIZE + FORMAT_MAX) {
        return 0;
    }
    memcpy(&argument, data, sizeof(argument));
    format = malloc(size - ARGUMENT_SIZE + 1);
    require(format != NULL);
    memcpy(format, data + ARGUMENT_SIZE, size - ARGUMENT_SIZE);
    format[size - ARGUMENT_SIZE] = '\0';
    if (is_common_directive(format, &longs)) {
        compare_with_host(format, longs, argument);
    }
    take_out_pointers(format);
    length = any_format(whole, sizeof(whole), format, argument);
    require(length < sizeof(whole));
    cut = malloc(length / 2 + 1);
    require(cut != NULL);
    require(any_format(cut, length / 2 + 1, format, argument) == length);
    require(memcmp(cut, whole, length / 2) == 0 && cut[length / 2] == '\0');
    free(cut);
    free(format);
    return 0;
}
