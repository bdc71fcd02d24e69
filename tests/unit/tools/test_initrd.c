/**
 * test_initrd.c - what tools/mnos/initrd adds to an archive, core/ustar finds.
 */
#include "core/ustar.h"
#include "mnos/initrd.h"
#include "unit.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char base_path[] = "/tmp/mnos-initrd-base-XXXXXX";
static char output_path[] = "/tmp/mnos-initrd-out-XXXXXX";
static uint8_t bytes[65536];

static int make_files(void **state)
{
    static const uint8_t end[1024];
    int base = mkstemp(base_path);
    int output = mkstemp(output_path);

    (void)state;
    assert_true(base >= 0 && output >= 0);
    assert_int_equal(write(base, end, sizeof(end)), sizeof(end));
    close(base);
    close(output);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    unlink(base_path);
    unlink(output_path);
    return 0;
}

static size_t read_output(void)
{
    int file = open(output_path, O_RDONLY);
    ssize_t size = read(file, bytes, sizeof(bytes));

    assert_true(file >= 0 && size >= 0);
    close(file);
    return (size_t)size;
}

static void adds(void **state)
{
    static const struct initrd_file files[] = {
        {"empty", "", 0}, {"small", "abc", 3}, {"block", bytes, 512}};
    struct ustar_entry entry;
    size_t size;

    (void)state;
    assert_true(initrd_write(base_path, files, 3, output_path));
    size = read_output();
    assert_int_equal(size % 512, 0);
    assert_int_equal(ustar_find(bytes, size, "empty", &entry), USTAR_OK);
    assert_int_equal(entry.size, 0);
    assert_int_equal(ustar_find(bytes, size, "small", &entry), USTAR_OK);
    assert_int_equal(entry.size, 3);
    assert_memory_equal(entry.data, "abc", 3);
    assert_int_equal(ustar_find(bytes, size, "block", &entry), USTAR_OK);
    assert_int_equal(entry.size, 512);
}

static void replaces(void **state)
{
    static const struct initrd_file first = {"name", "old", 3};
    static const struct initrd_file second = {"name", "newer", 5};
    struct text text = {0};

    (void)state;
    assert_true(initrd_write(base_path, &first, 1, output_path));
    assert_int_equal(rename(output_path, base_path), 0);
    assert_true(initrd_write(base_path, &second, 1, output_path));
    assert_true(initrd_read(output_path, "name", &text));
    assert_string_equal(text_string(&text), "newer");
    text_release(&text);
}

static void refuses(void **state)
{
    static const char long_name[] =
        "1234567890123456789012345678901234567890123456789012345678901234567890123456789"
        "012345678901234567890";
    static const struct initrd_file file = {long_name, "", 0};
    static const struct initrd_file good = {"name", "", 0};
    struct text text = {0};

    (void)state;
    assert_false(initrd_write(base_path, &file, 1, output_path));
    assert_false(initrd_write("/nonexistent", &good, 1, output_path));
    assert_false(initrd_write(base_path, &good, 1, "/nonexistent/file"));
    assert_false(initrd_read(base_path, "nothing", &text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds),
        cmocka_unit_test(replaces),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, make_files, remove_files);
}
