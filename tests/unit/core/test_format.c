/**
 * test_format.c - core/format held against the host's printf, directive by directive.
 */
#include "core/format.h"
#include "unit.h"
#include <limits.h>
#include <stdio.h>

enum { TEXT_MAX = 512 };

/* The formats are put together at run time here, which is what this test is about. */
#pragma clang diagnostic ignored "-Wformat-nonliteral"

MN_PRINTF(1, 2) static void check(const char *format, ...)
{
    char expected[TEXT_MAX];
    char *exact;
    va_list arguments;
    size_t size;

    va_start(arguments, format);
    size = (size_t)vsnprintf(expected, sizeof(expected), format, arguments);
    va_end(arguments);
    exact = malloc(size + 1);
    assert_non_null(exact);
    va_start(arguments, format);
    assert_int_equal(format_buffer_v(exact, size + 1, format, arguments), size);
    va_end(arguments);
    assert_string_equal(exact, expected);
    free(exact);
}

static void plain_text(void **state)
{
    (void)state;
    check("nothing to fill in");
    check("100%% sure");
    check("%c%c", 'o', 'k');
    check("|%5c|%-5c|", 'a', 'b');
}

static void integers(void **state)
{
    static const int values[] = {0, 1, -1, 9, 10, -10, 123456, INT_MAX, INT_MIN};

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        int value = values[i];

        check("%d|%i|%u|%x|%X", value, value, (unsigned)value, (unsigned)value,
              (unsigned)value);
        check("|%8d|%-8d|%08d|", value, value, value);
        check("|%.5d|%12.5d|%-12.5d|", value, value, value);
        check("|%3d|%03d|%*d|", value, value, -7, value);
        check("%hd|%hhd|%hu|%hhx", (short)value, (signed char)value,
              (unsigned short)value, (unsigned char)value);
        check("%ld|%lu|%lld", (long)value, (unsigned long)value, (long long)value);
        check("%zu|%zd|%jd|%td", (size_t)value, (ptrdiff_t)value, (intmax_t)value,
              (ptrdiff_t)value);
    }
    check("%.0d|%.0u|%.0x", 0, 0u, 0u);
    check("%lld %lld %llu %llx", LLONG_MAX, LLONG_MIN, ULLONG_MAX, ULLONG_MAX);
    check("%p %p", (void *)0x1234, (void *)~(uintptr_t)0);
}

static void strings(void **state)
{
    static const char unterminated[3] = {'a', 'b', 'c'};

    (void)state;
    check("%s|%10s|%-10s|%2s|", "word", "word", "word", "word");
    check("%.3s|%.0s|%.9s|%10.2s|", "word", "word", "word", "word");
    check("%.*s", 3, unterminated);
    check("%.*s", -1, "negative: no limit");
    check("%s", "");
}

static void random_directives_match_printf(void **state)
{
    static const char *const lengths[] = {"", "hh", "h"};
    static const char conversions[] = {'d', 'u', 'x', 'X'};
    uint64_t seed = 0x9E3779B97F4A7C15;

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        uint64_t random = unit_random(&seed);
        bool left = (random & 1) != 0;
        bool precision = (random & 4) != 0;
        /* printf leaves '0' with '-' or a precision without effect, and so do we */
        bool zero = (random & 2) != 0;
        char format[32];
        char digits[8] = "";

        if (precision) {
            snprintf(digits, sizeof(digits), ".%u", (unsigned)(random >> 16) % 30);
        }
        snprintf(format, sizeof(format), "<%%%s%s%u%s%s%c>", left ? "-" : "",
                 zero ? "0" : "", (unsigned)(random >> 8) % 40 + (left || zero), digits,
                 lengths[(random >> 24) % 3], conversions[(random >> 32) % 4]);
        check(format, (int)unit_random(&seed));
    }
}

static void null_string(void **state)
{
    char text[16];
    const char *volatile nothing = NULL;

    (void)state;
    assert_int_equal(format_buffer(text, sizeof(text), "%s", nothing), 6);
    assert_string_equal(text, "(null)");
}

static void buffers_that_are_too_small(void **state)
{
    (void)state;
    for (size_t size = 0; size < 12; size++) {
        char *text = malloc(size > 0 ? size : 1);

        assert_non_null(text);
        assert_int_equal(
            format_buffer(size > 0 ? text : NULL, size, "%s %d", "hello", 7), 7);
        if (size > 0) {
            assert_int_equal(strlen(text), size - 1 < 7 ? size - 1 : 7);
            assert_memory_equal(text, "hello 7", strlen(text));
        }
        free(text);
    }
}

static void what_is_not_understood_is_printed(void **state)
{
    static const char *const formats[] = {"%q rest %d", "%",       "%l",
                                          "%-",         "50% off", "%5.3"};

    (void)state;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const char *volatile format = formats[i];
        char text[32];

        assert_int_equal(format_buffer(text, sizeof(text), format, 1), strlen(format));
        assert_string_equal(text, format);
    }
}

static void widths_are_bounded(void **state)
{
    const char *volatile wide = "%99999999999999999999d";
    const char *volatile precise = "%.99999999999999999999d";
    char text[256];

    (void)state;
    assert_int_equal(format_buffer(text, sizeof(text), wide, 1), FORMAT_FIELD_MAX);
    assert_int_equal(format_buffer(text, sizeof(text), precise, 1), FORMAT_FIELD_MAX);
    assert_int_equal(format_buffer(text, sizeof(text), "%*d", INT_MIN, 1),
                     FORMAT_FIELD_MAX);
}

struct collected {
    char text[TEXT_MAX];
    size_t size;
    size_t calls;
};

static void collect(void *context, const char *bytes, size_t size)
{
    struct collected *collected = context;

    assert_true(size > 0);
    assert_true(collected->size + size < sizeof(collected->text));
    memcpy(collected->text + collected->size, bytes, size);
    collected->size += size;
    collected->calls++;
}

static void a_sink_gets_every_byte(void **state)
{
    struct collected collected = {0};

    (void)state;
    assert_int_equal(format_write(collect, &collected, "%s=%04x;", "key", 0xBE), 9);
    assert_int_equal(format_write(collect, &collected, "%s", ""), 0);
    assert_int_equal(collected.size, 9);
    assert_memory_equal(collected.text, "key=00be;", 9);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text),
        cmocka_unit_test(integers),
        cmocka_unit_test(strings),
        cmocka_unit_test(random_directives_match_printf),
        cmocka_unit_test(null_string),
        cmocka_unit_test(buffers_that_are_too_small),
        cmocka_unit_test(what_is_not_understood_is_printed),
        cmocka_unit_test(widths_are_bounded),
        cmocka_unit_test(a_sink_gets_every_byte),
    };

    return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
