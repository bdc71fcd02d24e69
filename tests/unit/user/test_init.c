/**
 * test_init.c - the pure parts of Init: the command line's words, the growable array.
 */
#include "init/command_line.h"
#include "init/u64_vector.h"
#include "unit.h"

static void words_are_whole_words(void **state)
{
    (void)state;
    assert_true(command_line_has("poweroff", "poweroff"));
    assert_true(command_line_has("  a poweroff\n", "poweroff"));
    assert_true(command_line_has("x=1\tpoweroff y", "poweroff"));
    assert_false(command_line_has("", "poweroff"));
    assert_false(command_line_has("   ", "poweroff"));
    assert_false(command_line_has("poweroffs", "poweroff"));
    assert_false(command_line_has("nopoweroff", "poweroff"));
    assert_false(command_line_has("power off", "poweroff"));
    assert_false(command_line_has("x=poweroff", "poweroff"));
    assert_false(command_line_has(" a ", ""));
}

static void the_array_grows(void **state)
{
    struct u64_vector vector = {0};

    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        assert_true(u64_vector_push(&vector, i * i));
        assert_true(vector.count <= vector.capacity);
    }
    assert_int_equal(vector.count, 1000);
    for (uint64_t i = 0; i < 1000; i++) {
        assert_int_equal(vector.elements[i], i * i);
    }
    u64_vector_free(&vector);
    assert_int_equal(vector.count, 0);
    assert_null(vector.elements);
}

static void a_failed_push_changes_nothing(void **state)
{
    uint64_t element = 7;
    struct u64_vector vector = {
        .elements = &element, .count = SIZE_MAX / 2 + 1, .capacity = SIZE_MAX / 2 + 1};

    (void)state;
    assert_false(u64_vector_push(&vector, 1));
    assert_ptr_equal(vector.elements, &element);
    assert_int_equal(vector.count, SIZE_MAX / 2 + 1);
    vector.count = vector.capacity = SIZE_MAX / 4;
    assert_false(u64_vector_push(&vector, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_whole_words),
        cmocka_unit_test(the_array_grows),
        cmocka_unit_test(a_failed_push_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
