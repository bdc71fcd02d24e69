/**
 * test_reader.c - LEB128 integers and UTF-8 at their limits.
 */
#include "module/reader.h"
#include "unit.h"

static bool read_unsigned(const char *bytes, size_t size, unsigned bits, uint64_t *out)
{
    uint8_t *copy = unit_exact_copy(bytes, size);
    struct wasm_reader reader = {copy, copy + size};
    bool fine = reader_unsigned(&reader, bits, out);

    assert_true(reader.position == (fine ? copy + size : copy));
    free(copy);
    return fine;
}

static bool read_signed(const char *bytes, size_t size, unsigned bits, int64_t *out)
{
    uint8_t *copy = unit_exact_copy(bytes, size);
    struct wasm_reader reader = {copy, copy + size};
    bool fine = reader_signed(&reader, bits, out);

    assert_true(reader.position == (fine ? copy + size : copy));
    free(copy);
    return fine;
}

static void unsigned_integers(void **state)
{
    uint64_t value;

    (void)state;
    assert_true(read_unsigned("\x7f", 1, 32, &value) && value == 127);
    assert_true(read_unsigned("\x80\x00", 2, 32, &value) && value == 0);
    assert_true(read_unsigned("\xff\xff\xff\xff\x0f", 5, 32, &value) &&
                value == UINT32_MAX);
    assert_false(read_unsigned("\xff\xff\xff\xff\x1f", 5, 32, &value));
    assert_false(read_unsigned("\x80\x80\x80\x80\x80\x00", 6, 32, &value));
    assert_false(read_unsigned("\x80\x80", 2, 32, &value));
    assert_false(read_unsigned("", 0, 32, &value));
    assert_true(
        read_unsigned("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, 64, &value) &&
        value == UINT64_MAX);
    assert_false(
        read_unsigned("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, 64, &value));
}

static void signed_integers(void **state)
{
    int64_t value;

    (void)state;
    assert_true(read_signed("\x7f", 1, 32, &value) && value == -1);
    assert_true(read_signed("\x80\x7f", 2, 32, &value) && value == -128);
    assert_true(read_signed("\x80\x80\x80\x80\x78", 5, 32, &value) &&
                value == INT32_MIN);
    assert_true(read_signed("\xff\xff\xff\xff\x07", 5, 32, &value) &&
                value == INT32_MAX);
    assert_false(read_signed("\xff\xff\xff\xff\x0f", 5, 32, &value));
    assert_false(read_signed("\x80\x80\x80\x80\x70", 5, 32, &value));
    assert_true(read_signed("\x80\x80\x80\x80\x70", 5, 33, &value) &&
                value == -((int64_t)1 << 32));
    assert_false(read_signed("\x80\x80\x80\x80\x60", 5, 33, &value));
    assert_true(
        read_signed("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 10, 64, &value) &&
        value == INT64_MIN);
    assert_false(
        read_signed("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7e", 10, 64, &value));
}

/** The unchecked readers agree with the checked ones on everything that those take. */
static void unchecked_readers_agree(void **state)
{
    uint64_t random = 1;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[10];
        struct wasm_reader reader = {bytes, bytes + sizeof(bytes)};
        const uint8_t *position = bytes;
        uint64_t value;
        int64_t integer;

        for (size_t k = 0; k < sizeof(bytes); k++) {
            bytes[k] = (uint8_t)unit_random(&random);
        }
        if (reader_unsigned(&reader, 64, &value)) {
            assert_true(code_u64(&position) == value);
            assert_ptr_equal(position, reader.position);
        }
        reader.position = position = bytes;
        if (reader_unsigned(&reader, 32, &value)) {
            assert_true(code_u32(&position) == value);
        }
        reader.position = position = bytes;
        if (reader_signed(&reader, 33, &integer)) {
            assert_true(code_s64(&position) == integer);
        }
    }
}

static bool utf8(const char *bytes, size_t size)
{
    uint8_t *copy = unit_exact_copy(bytes, size);
    bool fine = reader_utf8_valid(copy, size);

    free(copy);
    return fine;
}

static void utf8_names(void **state)
{
    (void)state;
    assert_true(utf8("", 0));
    assert_true(utf8("a\0b", 3));
    assert_true(utf8("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9));
    assert_true(utf8("\xf4\x8f\xbf\xbf", 4));
    assert_false(utf8("\x80", 1));
    assert_false(utf8("\xc3", 1));
    assert_false(utf8("\xc0\x80", 2));
    assert_false(utf8("\xe0\x80\x80", 3));
    assert_false(utf8("\xed\xa0\x80", 3));
    assert_false(utf8("\xf4\x90\x80\x80", 4));
    assert_false(utf8("\xf8\x88\x80\x80\x80", 5));
    assert_false(utf8("\xe2\x82", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsigned_integers),
        cmocka_unit_test(signed_integers),
        cmocka_unit_test(unchecked_readers_agree),
        cmocka_unit_test(utf8_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
