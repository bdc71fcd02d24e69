/**
 * assert.h - conditions that only a bug of ours can break. Always on.
 */
#ifndef DEBUG_ASSERT_H
#define DEBUG_ASSERT_H

/** Panics with the place of the broken assertion. */
_Noreturn void assert_failed(const char *file, unsigned line);

/** Panics unless @p condition holds. The text is the file's name and line alone, which
 *  keeps the kernel's read-only data short. */
#define ASSERT(condition)                         \
    (__builtin_expect(!!(condition), 1) ? (void)0 \
                                        : assert_failed(__FILE_NAME__, __LINE__))

#endif
