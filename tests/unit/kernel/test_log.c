/**
 * test_log.c - the kernel's log beside a text that forgets nothing.
 */
#include "debug/console.h"
#include "debug/log.h"
#include "unit.h"
#include <stdio.h>

enum { TEXT_MAX = 300000, ROUNDS = 4000 };

/** All that was ever logged, and all that went to COM1. */
static char text[TEXT_MAX];
static size_t text_size;
static size_t console_size;

void console_write(const char *bytes, size_t size)
{
    assert_true(console_size + size <= sizeof(text));
    memcpy(text + console_size, bytes, size);
    console_size += size;
}

static void append(uint64_t random)
{
    char expected[128];
    int width = (int)(random % 90);
    size_t size = (size_t)snprintf(expected, sizeof(expected), "<%*d %s>\n", width,
                                   (int)(random >> 8), "line");

    log_printf("<%*d %s>\n", width, (int)(random >> 8), "line");
    assert_int_equal(console_size, text_size + size);
    assert_memory_equal(text + text_size, expected, size);
    text_size += size;
}

/** Reads at @p offset; what comes is the text's, from the oldest byte that is kept. */
static void check_read(uint64_t offset, size_t size)
{
    uint64_t oldest = text_size > LOG_SIZE ? text_size - LOG_SIZE : 0;
    uint64_t expected = offset < oldest      ? oldest
                        : offset > text_size ? text_size
                                             : offset;
    char *buffer = malloc(size > 0 ? size : 1);
    uint64_t first = 0;
    size_t count;

    assert_non_null(buffer);
    count = log_read(offset, buffer, size, &first);
    assert_int_equal(first, expected);
    assert_int_equal(count, size < text_size - first ? size : text_size - first);
    assert_memory_equal(buffer, text + first, count);
    free(buffer);
}

static void reads_match_the_text(void **state)
{
    uint64_t seed = 0x13198A2E03707344;

    (void)state;
    check_read(0, 10);
    check_read(5, 10);
    for (unsigned round = 0; round < ROUNDS; round++) {
        append(unit_random(&seed));
        check_read(unit_random(&seed) % (text_size + 100), unit_random(&seed) % 500);
        check_read(UINT64_MAX, 8);
        check_read(0, 64);
    }
    check_read(0, LOG_SIZE + 100);
    assert_true(text_size > 4 * (size_t)LOG_SIZE);
}

/** A reader that goes on at first + count sees every byte once. */
static void a_reader_loses_nothing(void **state)
{
    uint64_t seed = 0x9216D5D98979FB1B;
    uint64_t next = text_size;
    char buffer[200];

    (void)state;
    for (unsigned round = 0; round < 1000; round++) {
        uint64_t first;
        size_t count;

        append(unit_random(&seed));
        count = log_read(next, buffer, sizeof(buffer), &first);
        assert_int_equal(first, next);
        assert_memory_equal(buffer, text + first, count);
        next = first + count;
    }
    assert_int_equal(next, text_size);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_match_the_text),
        cmocka_unit_test(a_reader_loses_nothing),
    };

    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
