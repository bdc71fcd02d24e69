/**
 * fake_assert.c - a broken ASSERT of the kernel's code is one that cmocka can expect.
 */
#include "core/assert.h"
#include "unit.h"

_Noreturn void assert_failed(const char *file, unsigned line)
{
    mock_assert(0, "ASSERT of the kernel", file, (int)line);
    abort();
}
