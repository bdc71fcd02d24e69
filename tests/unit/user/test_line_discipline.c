/**
 * test_line_discipline.c - typed bytes into lines: what is shown, what comes out.
 */
#include "drivers/serial_drv/line_discipline.h"
#include "unit.h"

/** Types @p keys; collects echo and complete lines, each line ended by '|'. */
static void type(const char *keys, size_t size, char *echo, char *lines)
{
    struct line_discipline discipline = {0};

    for (size_t i = 0; i < size; i++) {
        struct line_event event = line_discipline_take(&discipline, (uint8_t)keys[i]);

        assert_true(event.echo_size <= LINE_DISCIPLINE_ECHO_MAX);
        memcpy(echo, event.echo, event.echo_size);
        echo += event.echo_size;
        if (event.complete) {
            memcpy(lines, discipline.line, discipline.length);
            lines += discipline.length;
            *lines++ = '|';
            line_discipline_restart(&discipline);
        }
    }
    *echo = '\0';
    *lines = '\0';
}

static void typed(const char *keys, const char *echo, const char *lines)
{
    char seen_echo[2048];
    char seen_lines[2048];

    type(keys, strlen(keys), seen_echo, seen_lines);
    assert_string_equal(seen_echo, echo);
    assert_string_equal(seen_lines, lines);
}

static void what_is_typed_comes_back(void **state)
{
    (void)state;
    typed("hello", "hello", "");
    typed("hello\r", "hello\r\n", "hello|");
    typed("a\tb\r", "a\tb\r\n", "a\tb|");
}

static void each_kind_of_enter_is_one(void **state)
{
    (void)state;
    typed("a\rb\r", "a\r\nb\r\n", "a|b|");
    typed("a\nb\n", "a\r\nb\r\n", "a|b|");
    typed("a\r\nb\r\n", "a\r\nb\r\n", "a|b|");
    typed("\n\n", "\r\n\r\n", "||");
    typed("\r\n\n", "\r\n\r\n", "||");
}

static void backspace_takes_back(void **state)
{
    (void)state;
    typed("ab\x7f"
          "c\r",
          "ab\b \bc\r\n", "ac|");
    typed("\b\b", "", "");
    typed("a\b\bb\r", "a\b \bb\r\n", "b|");
    typed("x\r\by\r", "x\r\ny\r\n", "x|y|");
    /* One character of two bytes, one step back. */
    typed("a\xc3\xa9\x7f"
          "b\r",
          "a\xc3\xa9\b \bb\r\n", "ab|");
    /* Stray continuation bytes can't take it below the start. */
    typed("\x80\x80\x80\x7f\x7fq\r", "\x80\x80\x80\b \bq\r\n", "q|");
}

static void other_control_characters_are_ignored(void **state)
{
    (void)state;
    typed("a\x01\x1b\x02"
          "b\r",
          "ab\r\n", "ab|");
}

static void interrupt_and_end(void **state)
{
    (void)state;
    typed("ab\x03"
          "c\r",
          "ab^C\r\nc\r\n", "\x03|c|");
    typed("\x04", "", "\x04|");
    /* Behind something that was typed it is no end. */
    typed("a\x04\r\x04", "a\r\n", "a|\x04|");
}

static void a_full_line_rings_and_keeps_its_start(void **state)
{
    char keys[LINE_DISCIPLINE_MAX + 4];
    char echo[2048];
    char lines[2048];

    (void)state;
    memset(keys, 'x', sizeof(keys));
    keys[sizeof(keys) - 1] = '\r';
    type(keys, sizeof(keys), echo, lines);
    assert_int_equal(strlen(lines), LINE_DISCIPLINE_MAX + 1);
    assert_string_equal(echo + LINE_DISCIPLINE_MAX, "\a\a\a\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_comes_back),
        cmocka_unit_test(each_kind_of_enter_is_one),
        cmocka_unit_test(backspace_takes_back),
        cmocka_unit_test(other_control_characters_are_ignored),
        cmocka_unit_test(interrupt_and_end),
        cmocka_unit_test(a_full_line_rings_and_keeps_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
