/**
 * test_words.c - core/words: lines, quotes, escapes, numbers, and what is no text.
 */
#include "core/words.h"
#include "unit.h"

enum { BUFFER_BYTES = 64 };

struct reading {
    char *text;
    char *buffer;
    struct words words;
};

static struct reading start(const char *text, size_t size)
{
    struct reading reading = {.text = unit_exact_copy(text, size),
                              .buffer = malloc(BUFFER_BYTES)};

    assert_non_null(reading.buffer);
    reading.words = words_open(reading.text, size, reading.buffer, BUFFER_BYTES);
    return reading;
}

static void end(struct reading *reading)
{
    struct words_line line;

    assert_int_equal(words_next(&reading->words, &line), WORDS_END);
    free(reading->text);
    free(reading->buffer);
}

static void lines_and_comments(void **state)
{
    static const char text[] =
        "# first\n\n  one two\t three # rest\r\nfour#4 \\x\nlast";
    struct reading reading = start(text, sizeof(text) - 1);
    struct words_line line;

    (void)state;
    assert_int_equal(words_next(&reading.words, &line), WORDS_LINE);
    assert_int_equal(reading.words.line, 3);
    assert_int_equal(line.count, 3);
    assert_string_equal(line.words[0], "one");
    assert_string_equal(line.words[1], "two");
    assert_string_equal(line.words[2], "three");
    assert_int_equal(words_next(&reading.words, &line), WORDS_LINE);
    assert_int_equal(line.count, 2);
    assert_string_equal(line.words[0], "four#4");
    assert_string_equal(line.words[1], "\\x");
    assert_int_equal(words_next(&reading.words, &line), WORDS_LINE);
    assert_int_equal(reading.words.line, 5);
    assert_string_equal(line.words[0], "last");
    end(&reading);
}

static void quotes(void **state)
{
    static const char text[] = "\"a b\" \"\" \"#\\\"\\\\\\n\\t\\xfF\"";
    struct reading reading = start(text, sizeof(text) - 1);
    struct words_line line;

    (void)state;
    assert_int_equal(words_next(&reading.words, &line), WORDS_LINE);
    assert_int_equal(line.count, 3);
    assert_string_equal(line.words[0], "a b");
    assert_string_equal(line.words[1], "");
    assert_string_equal(line.words[2], "#\"\\\n\t\xff");
    end(&reading);
}

/** One bad line: its error, and the line behind it is read. */
static void check_error(const char *text, size_t size, const char *error)
{
    char whole[256];
    struct reading reading;
    struct words_line line;

    memcpy(whole, text, size);
    memcpy(whole + size, "\nnext", 5);
    reading = start(whole, size + 5);
    assert_int_equal(words_next(&reading.words, &line), WORDS_ERROR);
    assert_string_equal(line.error, error);
    assert_int_equal(reading.words.line, 1);
    assert_int_equal(words_next(&reading.words, &line), WORDS_LINE);
    assert_string_equal(line.words[0], "next");
    end(&reading);
}

static void errors(void **state)
{
    static const char many[] = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17";
    static const char escape[] = "one of \\\\ \\\" \\n \\t \\xHH behind a backslash";
    static const char hex[] = "two hexadecimal digits behind \\x, not both 0";
    char longest[BUFFER_BYTES];

    (void)state;
    check_error("\"open", 5, "a closing \"");
    check_error("\"open\\", 6, escape);
    check_error("\"\\q\"", 4, escape);
    check_error("\"\\x0\"", 5, hex);
    check_error("\"\\x00\"", 6, hex);
    check_error("\"\\x1g\"", 6, hex);
    check_error("\"\\x1", 4, hex);
    check_error("\"a\"b", 4, "a space behind the closing \"");
    check_error("a\"b\"", 4, "the whole word in quotes, or no quote");
    check_error("a\0b", 3, "text, without zero bytes");
    check_error(many, sizeof(many) - 1, "fewer words on the line");
    memset(longest, 'a', sizeof(longest));
    check_error(longest, sizeof(longest), "a shorter line");
    memset(longest + 1, 'a', sizeof(longest) - 1);
    longest[0] = '"';
    check_error(longest, sizeof(longest), "a closing \"");
}

static void longest_word(void **state)
{
    char text[BUFFER_BYTES - 1];
    struct reading reading;
    struct words_line line;

    (void)state;
    memset(text, 'a', sizeof(text));
    reading = start(text, sizeof(text));
    assert_int_equal(words_next(&reading.words, &line), WORDS_LINE);
    assert_int_equal(strlen(line.words[0]), sizeof(text));
    end(&reading);
}

static void quoting(void **state)
{
    static const struct {
        const char *word;
        const char *quoted;
    } rows[] = {{"plain", "plain"},       {"", "\"\""},         {"a b", "\"a b\""},
                {"#x", "\"#x\""},         {"x#", "x#"},         {"\"", "\"\\\"\""},
                {"\\", "\"\\\\\""},       {"\n", "\"\\x0a\""},  {"\x7f", "\"\\x7f\""},
                {"\xc3\xa9", "\xc3\xa9"}, {"\x01", "\"\\x01\""}};
    char buffer[32];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t length = strlen(rows[i].quoted);

        assert_int_equal(words_quote(buffer, sizeof(buffer), rows[i].word), length);
        assert_string_equal(buffer, rows[i].quoted);
        assert_int_equal(words_quote(buffer, length, rows[i].word), length);
        assert_int_equal(strlen(buffer), length - 1);
        assert_int_equal(words_quote(NULL, 0, rows[i].word), length);
    }
}

static void numbers(void **state)
{
    static const char *const bad[] = {
        "", "x", "-1", " 1", "1 ", "18446744073709551616", "99999999999999999999"};
    uint64_t value = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(words_number(bad[i], &value));
        assert_false(words_size(bad[i], &value));
        assert_false(words_seconds(bad[i], &value));
    }
    assert_false(words_size("1KM", &value));
    assert_false(words_size("17179869184G", &value));
    assert_false(words_seconds("1.", &value));
    assert_false(words_seconds("1.x", &value));
    assert_false(words_seconds("0.1234567890", &value));
    assert_false(words_seconds("18446744073.8", &value));
    assert_false(words_seconds("18446744074", &value));
    assert_int_equal(value, 7);
    assert_true(words_number("18446744073709551615", &value));
    assert_true(value == UINT64_MAX);
    assert_true(words_size("3", &value) && value == 3);
    assert_true(words_size("2K", &value) && value == 2048);
    assert_true(words_size("2M", &value) && value == 2 << 20);
    assert_true(words_size("3G", &value) && value == UINT64_C(3) << 30);
    assert_true(words_seconds("2", &value) && value == UINT64_C(2000000000));
    assert_true(words_seconds("0.25", &value) && value == 250000000);
    assert_true(words_seconds("1.000000001", &value) && value == 1000000001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_comments),
        cmocka_unit_test(quotes),
        cmocka_unit_test(errors),
        cmocka_unit_test(longest_word),
        cmocka_unit_test(quoting),
        cmocka_unit_test(numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
