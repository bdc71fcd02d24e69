/**
 * test_start_block.c - what Init writes is what a program reads (protocols/program.h).
 */
#include "init/start_block.h"
#include "unit.h"

static struct start_block block;

/** The block as a program gets it; the caller frees it. */
static struct program_start *written(void)
{
    size_t size = start_block_size(&block);
    void *bytes = malloc(size);

    assert_non_null(bytes);
    start_block_write(&block, bytes);
    assert_true(((struct program_start *)bytes)->size == size);
    return bytes;
}

static const char *string_at(const struct program_start *start, uint32_t list,
                             uint32_t index)
{
    uint32_t offset;

    memcpy(&offset, (const uint8_t *)start + list + index * sizeof(offset),
           sizeof(offset));
    assert_true(offset >= sizeof(*start) && offset < start->size);
    return (const char *)start + offset;
}

static void empty(void **state)
{
    struct program_start *start;

    (void)state;
    start_block_init(&block);
    start = written();
    assert_true(start->magic == PROGRAM_START_MAGIC);
    assert_true(start->fuel == UINT64_MAX);
    assert_int_equal(start->argument_count, 0);
    assert_int_equal(start->environment_count, 0);
    assert_int_equal(start->directory_count, 0);
    assert_int_equal(start->flags, 0);
    free(start);
    start_block_release(&block);
}

static void strings(void **state)
{
    struct program_start *start;
    char text[16];

    (void)state;
    start_block_init(&block);
    block.start.module_name = start_block_string(&block, "tool");
    for (unsigned i = 0; i < 1000; i++) {
        text[0] = (char)('a' + i % 26);
        text[1] = '\0';
        start_block_argument(&block, text);
        start_block_variable(&block, i % 2 == 0 ? "K=" : "LONGER=value");
    }
    start = written();
    assert_string_equal((const char *)start + start->module_name, "tool");
    assert_int_equal(start->argument_count, 1000);
    assert_string_equal(string_at(start, start->arguments, 27), "b");
    assert_int_equal(start->environment_count, 1000);
    assert_string_equal(string_at(start, start->environment, 998), "K=");
    assert_string_equal(string_at(start, start->environment, 999), "LONGER=value");
    free(start);
    start_block_release(&block);
}

static void directories(void **state)
{
    struct program_directory directory = {.slot = 8};
    struct program_start *start;
    const struct program_directory *all;

    (void)state;
    start_block_init(&block);
    start_block_argument(&block, "x"); /* lists behind an odd number of offsets */
    for (uint32_t i = 0; i < PROGRAM_DIRECTORIES_MAX; i++) {
        directory.buffer = i;
        assert_true(start_block_directory(&block, &directory));
    }
    assert_false(start_block_directory(&block, &directory));
    start = written();
    assert_int_equal(start->directories % 8, 0);
    all = (const void *)((const uint8_t *)start + start->directories);
    assert_int_equal(start->directory_count, PROGRAM_DIRECTORIES_MAX);
    assert_true(all[31].buffer == 31 && all[31].slot == 8);
    assert_true(start->directories + sizeof(*all) * 32 == start->size);
    free(start);
    start_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty),
        cmocka_unit_test(strings),
        cmocka_unit_test(directories),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
