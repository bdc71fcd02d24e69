/**
 * assert_abort.c - a broken ASSERT of the kernel's code ends a fuzzer with a trace.
 */
#include "core/assert.h"
#include <stdio.h>
#include <stdlib.h>

_Noreturn void assert_failed(const char *file, unsigned line)
{
    fprintf(stderr, "%s:%u: ASSERT of the kernel failed\n", file, line);
    abort();
}
