/**
 * test_options.c - the host command's numbers, and its keys.
 */
#include "mnos/options.h"
#include "mnos/terminal.h"
#include "unit.h"
#include <string.h>

static void sizes_are_numbers_with_a_unit(void **state)
{
    uint64_t bytes = 7;

    (void)state;
    assert_true(parse_size("128M", 0, UINT64_MAX, &bytes));
    assert_int_equal(bytes, 128ull << 20);
    assert_true(parse_size("4K", 0, UINT64_MAX, &bytes));
    assert_int_equal(bytes, 4096);
    assert_true(parse_size("17179869183G", 0, UINT64_MAX, &bytes));
    assert_int_equal(bytes, 17179869183ull << 30);
}

static void other_texts_are_no_sizes(void **state)
{
    static const char *const texts[] = {"",
                                        "M",
                                        "1",
                                        "1k",
                                        "1MB",
                                        "-1M",
                                        "+1M",
                                        " 1M",
                                        "1 M",
                                        "0x1M",
                                        "1.5G",
                                        "17179869184G",
                                        "99999999999999999999K"};
    uint64_t bytes = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_false(parse_size(texts[i], 0, UINT64_MAX, &bytes));
    }
    assert_false(parse_size("3K", 4096, 8192, &bytes));
    assert_false(parse_size("9K", 4096, 8192, &bytes));
    assert_int_equal(bytes, 7);
}

static void counts_have_limits(void **state)
{
    uint64_t count = 7;

    (void)state;
    assert_true(parse_count("18446744073709551615", 0, UINT64_MAX, &count));
    assert_int_equal(count, UINT64_MAX);
    assert_false(parse_count("18446744073709551616", 0, UINT64_MAX, &count));
    assert_false(parse_count("0", 1, 4, &count));
    assert_false(parse_count("5", 1, 4, &count));
    assert_false(parse_count("4 ", 1, 4, &count));
    assert_false(parse_count("", 0, 4, &count));
}

/** What the machine gets of the typed @p keys; sets @p out_leave when it was left. */
static const char *machine_gets(struct terminal_keys *state, const char *keys,
                                bool *out_leave)
{
    static char text[32];
    size_t size = strlen(keys);

    assert_true(size < sizeof(text));
    memcpy(text, keys, size);
    *out_leave = false;
    text[terminal_filter_keys(state, text, size, out_leave)] = '\0';
    return text;
}

static void ctrl_a_is_the_command_s(void **state)
{
    struct terminal_keys keys = {0};
    bool leave;

    (void)state;
    assert_string_equal(machine_gets(&keys, "ab\x03\r", &leave), "ab\x03\r");
    assert_string_equal(machine_gets(&keys, "a\001\001b\001ac", &leave), "a\001b\001c");
    assert_string_equal(machine_gets(&keys, "a\001qb", &leave), "ab");
    assert_false(leave);
    assert_string_equal(machine_gets(&keys, "a\001Xb", &leave), "a");
    assert_true(leave);
}

static void ctrl_a_may_come_alone(void **state)
{
    struct terminal_keys keys = {0};
    bool leave;

    (void)state;
    assert_string_equal(machine_gets(&keys, "\001", &leave), "");
    assert_false(leave);
    assert_string_equal(machine_gets(&keys, "x", &leave), "");
    assert_true(leave);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_numbers_with_a_unit),
        cmocka_unit_test(other_texts_are_no_sizes),
        cmocka_unit_test(counts_have_limits),
        cmocka_unit_test(ctrl_a_is_the_command_s),
        cmocka_unit_test(ctrl_a_may_come_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
