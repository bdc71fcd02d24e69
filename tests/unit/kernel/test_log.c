/**
 * test_log.c - the kernel's log: offsets, reading in pieces, and what the ring drops.
 */
#include "core/log_ring.h"
#include "debug/console.h"
#include "debug/log.h"
#include "unit.h"

static uint64_t written; /* bytes that the log has got so far */

void console_write(const char *bytes, size_t size)
{
    (void)bytes;
    written += size;
}

static void test_reads_what_was_written(void **state)
{
    char buffer[16];
    uint64_t first;
    uint64_t start = written;

    (void)state;
    log_printf("answer %u\n", 42u);
    assert_int_equal(written, start + 10);
    assert_int_equal(log_read(start, buffer, sizeof(buffer), &first), 10);
    assert_int_equal(first, start);
    assert_memory_equal(buffer, "answer 42\n", 10);
}

static void test_goes_on_in_pieces(void **state)
{
    char buffer[3];
    uint64_t first;
    uint64_t at = written;

    (void)state;
    log_printf("abcde");
    assert_int_equal(log_read(at, buffer, 3, &first), 3);
    assert_memory_equal(buffer, "abc", 3);
    at = first + 3;
    assert_int_equal(log_read(at, buffer, 3, &first), 2);
    assert_memory_equal(buffer, "de", 2);
    assert_int_equal(log_read(first + 2, buffer, 3, &first), 0);
    assert_int_equal(first, written);
}

static void test_behind_the_end(void **state)
{
    char buffer[4];
    uint64_t first;

    (void)state;
    assert_int_equal(log_read(UINT64_MAX, buffer, sizeof(buffer), &first), 0);
    assert_int_equal(first, written);
}

static void test_old_bytes_are_dropped(void **state)
{
    static char buffer[LOG_RING_SIZE + 1];
    uint64_t first;

    (void)state;
    for (unsigned i = 0; i < LOG_RING_SIZE / 8 + 5; i++) {
        log_printf("%07u\n", i);
    }
    assert_int_equal(log_read(0, buffer, sizeof(buffer), &first), LOG_RING_SIZE);
    assert_int_equal(first, written - LOG_RING_SIZE);
    for (unsigned i = 0; i < LOG_RING_SIZE / 8; i++) {
        assert_int_equal(strtoul(buffer + (size_t)i * 8, NULL, 10), i + 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_was_written),
        cmocka_unit_test(test_goes_on_in_pieces),
        cmocka_unit_test(test_behind_the_end),
        cmocka_unit_test(test_old_bytes_are_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
