/**
 * test_bytes.c - core/bytes: the functions that ship to ring 3, beside the host's.
 *
 * The build links the very object that ring-3 programs get, its functions renamed to
 * tested_*, because the host's own are needed too.
 */
#include "core/bytes.h"
#include "unit.h"

void *tested_memcpy(void *destination, const void *source, size_t size);
void *tested_memmove(void *destination, const void *source, size_t size);
void *tested_memset(void *destination, int value, size_t size);
int tested_memcmp(const void *a, const void *b, size_t size);
size_t tested_strlen(const char *string);

enum { AREA = 96, LONGEST = 40 };

static void fill(uint8_t area[AREA], uint64_t seed)
{
    for (size_t i = 0; i < AREA; i++) {
        area[i] = (uint8_t)unit_random(&seed);
    }
}

static void loads(void **state)
{
    static const uint8_t bytes[] = {0xFF, 0x01, 0x82, 0x03, 0x84,
                                    0x05, 0x86, 0x07, 0x98};

    (void)state;
    assert_int_equal(bytes_load_le16(bytes + 1), 0x8201);
    assert_int_equal(bytes_load_le32(bytes + 1), 0x84038201);
    assert_int_equal(bytes_load_le64(bytes + 1), 0x9807860584038201);
}

/** Moves and, where the ranges lie apart, copies; the whole area is compared. */
static void check_copy(size_t from, size_t to, size_t size)
{
    uint8_t ours[AREA];
    uint8_t theirs[AREA];

    fill(ours, 1 + size);
    memcpy(theirs, ours, AREA);
    memmove(theirs + to, theirs + from, size);
    assert_ptr_equal(tested_memmove(ours + to, ours + from, size), ours + to);
    assert_memory_equal(ours, theirs, AREA);
    if (from + size <= to || to + size <= from) {
        fill(ours, 1 + size);
        assert_ptr_equal(tested_memcpy(ours + to, ours + from, size), ours + to);
        assert_memory_equal(ours, theirs, AREA);
    }
}

/** Every distance, alignment and size, overlaps included. */
static void copies_match_the_host(void **state)
{
    (void)state;
    for (size_t from = 0; from < AREA - LONGEST; from++) {
        for (size_t to = 0; to < AREA - LONGEST; to++) {
            for (size_t size = 0; size <= LONGEST; size++) {
                check_copy(from, to, size);
            }
        }
    }
}

static void sets_match_the_host(void **state)
{
    static const int values[] = {0, 1, 0x80, 0xFF, -1, 0x1234};
    uint8_t ours[AREA];
    uint8_t theirs[AREA];

    (void)state;
    for (size_t to = 0; to < AREA - LONGEST; to++) {
        for (size_t size = 0; size <= LONGEST; size++) {
            int value = values[size % 6];

            fill(ours, 1 + to);
            memcpy(theirs, ours, AREA);
            memset(theirs + to, value, size);
            assert_ptr_equal(tested_memset(ours + to, value, size), ours + to);
            assert_memory_equal(ours, theirs, AREA);
        }
    }
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void comparisons_match_the_host(void **state)
{
    uint64_t seed = 42;

    (void)state;
    for (unsigned round = 0; round < 100000; round++) {
        uint8_t a[4];
        uint8_t b[4];
        uint64_t random = unit_random(&seed);

        for (size_t i = 0; i < sizeof(a); i++) {
            a[i] =
                (random >> (2 * i) & 3) == 3 ? 0xFF : (uint8_t)(random >> (2 * i) & 3);
            b[i] = (random >> (8 + 2 * i) & 3) == 3
                       ? 0x7F
                       : (uint8_t)(random >> (8 + 2 * i) & 3);
        }
        for (size_t size = 0; size <= sizeof(a); size++) {
            assert_int_equal(sign(tested_memcmp(a, b, size)), sign(memcmp(a, b, size)));
        }
    }
}

static void lengths(void **state)
{
    char text[300];

    (void)state;
    memset(text, 'x', sizeof(text));
    for (size_t length = 0; length < sizeof(text); length++) {
        text[length] = '\0';
        assert_int_equal(tested_strlen(text), length);
        text[length] = 'x';
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads),
        cmocka_unit_test(copies_match_the_host),
        cmocka_unit_test(sets_match_the_host),
        cmocka_unit_test(comparisons_match_the_host),
        cmocka_unit_test(lengths),
    };

    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
