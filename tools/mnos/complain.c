/**
 * complain.c - see complain.h.
 */
#include "complain.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const char *format, va_list arguments, const char *reason)
{
    fflush(stdout);
    fputs("mnos: ", stderr);
    vfprintf(stderr, format, arguments);
    if (reason != NULL) {
        fprintf(stderr, ": %s", reason);
    }
    fputc('\n', stderr);
}

void complain(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(format, arguments, NULL);
    va_end(arguments);
}

void complain_errno(const char *format, ...)
{
    const char *reason = strerror(errno);
    va_list arguments;

    va_start(arguments, format);
    say(format, arguments, reason);
    va_end(arguments);
}

noreturn void out_of_memory(void)
{
    complain("out of memory");
    exit(EXIT_USAGE);
}
