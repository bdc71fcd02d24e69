/**
 * harness.h - running tests as Init: names, checks, and that each leaves nothing behind.
 *
 * A test makes what it likes in the slots that Init was born without, in the child processes and
 * in its own address space from TEST_AREA on. The harness takes all of it away after the
 * test, and then as many frames must be in use as before, to the frame.
 */
#ifndef GUEST_RUNNER_HARNESS_H
#define GUEST_RUNNER_HARNESS_H

#include "abi/boot_info.h"
#include "abi/cap.h"
#include "abi/status.h"
#include "core/attributes.h"
#include <stdbool.h>
#include <stdint.h>

/** Addresses that tests may map into the runner. */
#define TEST_AREA       0x50000000ul
#define TEST_AREA_PAGES 0x20000ul

/** Slots that tests may name without asking; calls that choose slots take lower ones. */
enum { TEST_SLOT = 40, TEST_SLOTS_END = MN_CNODE_INITIAL_SLOTS };

/** What each test gets: the row of its table, or NULL. */
typedef void test_function(const void *row);

/** The machine, as the kernel told it. */
extern const struct mn_boot_info *boot_info;

/** Remembers the machine and which slots Init was born without. */
void harness_init(const struct mn_boot_info *info);

/** Runs one test, whose name is printed from @p format on, and prints how it went. */
MN_PRINTF(3, 4)
void test_run(test_function *function, const void *row, const char *format, ...);

/** Tells the counts; true: none failed. */
bool harness_finish(void);

/** Marks the running test as failed; only the first failure of a test is told. */
MN_PRINTF(3, 4)
void test_fail(const char *file, int line, const char *format, ...);

/** Did the running test fail already? */
bool test_has_failed(void);

/** Frames that the root account has in use. */
uint64_t frames_used(void);

/** Compares two values; on a difference the test fails and the answer is false. */
bool check_equal(const char *file, int line, const char *what, uint64_t actual,
                 uint64_t expected);

/** Fails the test, and goes on, unless @p condition holds. */
#define CHECK(condition)                                     \
    do {                                                     \
        if (!(condition)) {                                  \
            test_fail(__FILE__, __LINE__, "%s", #condition); \
        }                                                    \
    } while (0)

/** Fails the test, and goes on, unless both are equal. */
#define CHECK_EQUAL(actual, expected)                                   \
    ((void)check_equal(__FILE__, __LINE__, #actual, (uint64_t)(actual), \
                       (uint64_t)(expected)))

/** Fails the test and leaves its function unless both are equal. */
#define REQUIRE_EQUAL(actual, expected)                                   \
    do {                                                                  \
        if (!check_equal(__FILE__, __LINE__, #actual, (uint64_t)(actual), \
                         (uint64_t)(expected))) {                         \
            return;                                                       \
        }                                                                 \
    } while (0)

#endif
