/**
 * test_backtrace.c - the host command's search for a panic in the serial line.
 */
#include "mnos/backtrace.h"
#include "unit.h"
#include <string.h>

static struct backtrace watch(const char *text, size_t piece)
{
    struct backtrace backtrace = {0};
    size_t size = strlen(text);

    for (size_t at = 0; at < size; at += piece) {
        backtrace_watch(&backtrace, text + at, size - at < piece ? size - at : piece);
    }
    return backtrace;
}

static void frames_are_found_in_pieces_of_any_size(void **state)
{
    const char *text = "[init] x\r\npanic: why\r\npanic:   0xffffffff80200123\r\n"
                       "panic:   0x1\npanic: rax 0x5 rbx 0x6\n";

    (void)state;
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        struct backtrace backtrace = watch(text, piece);

        assert_true(backtrace.panicked);
        assert_int_equal(backtrace.count, 2);
        assert_int_equal(backtrace.addresses[0], 0xffffffff80200123);
        assert_int_equal(backtrace.addresses[1], 1);
    }
}

static void other_lines_are_no_frames(void **state)
{
    static const char *const lines[] = {
        "  panic:   0x1\n",
        "[init] panic: 0x1\n",
        "panic:   0x\n",
        "panic:   1234\n",
        "panic:   0x12 behind\n",
        "panic:   0x1",
        "panic:   0x11111111111111111\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_int_equal(watch(lines[i], 3).count, 0);
    }
}

static void long_lines_and_many_frames_fit(void **state)
{
    struct backtrace backtrace = {0};
    char line[3 * BACKTRACE_LINE_MAX];

    (void)state;
    memset(line, 'x', sizeof(line));
    memcpy(line, "panic:   0x1", 12);
    line[sizeof(line) - 1] = '\n';
    backtrace_watch(&backtrace, line, sizeof(line));
    assert_true(backtrace.panicked);
    assert_int_equal(backtrace.count, 0);
    for (unsigned i = 0; i < 2 * BACKTRACE_FRAMES_MAX; i++) {
        backtrace_watch(&backtrace, "panic:   0x1\n", 13);
    }
    assert_int_equal(backtrace.count, BACKTRACE_FRAMES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_found_in_pieces_of_any_size),
        cmocka_unit_test(other_lines_are_no_frames),
        cmocka_unit_test(long_lines_and_many_frames_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
