/**
 * assert.h - conditions that only a bug of ours can break. Always on.
 *
 * assert_failed() is the embedder's: the kernel panics, a host test fails.
 */
#ifndef CORE_ASSERT_H
#define CORE_ASSERT_H

/** Ends the program, telling the place of the broken assertion. */
_Noreturn void assert_failed(const char *file, unsigned line);

/** Ends the program unless @p condition holds. The text is the file's name and line alone,
 *  which keeps read-only data short. */
#define ASSERT(condition)                         \
    (__builtin_expect(!!(condition), 1) ? (void)0 \
                                        : assert_failed(__FILE_NAME__, __LINE__))

#endif
