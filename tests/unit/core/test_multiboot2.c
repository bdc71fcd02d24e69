/**
 * test_multiboot2.c - what a Multiboot2 loader leaves in memory, right and wrong.
 */
#include "core/multiboot2.h"
#include "unit.h"

enum { MEMORY_SIZE = 0x10000 };

static struct boot_info info;
static uint8_t memory[MEMORY_SIZE];

static int set_up(void **state)
{
    (void)state;
    memset(&info, 0, sizeof info);
    memset(memory, 0, sizeof memory);
    return 0;
}

static void put(uint64_t at, uint64_t value, size_t size)
{
    memcpy(memory + at, &value, size);
}

static uint64_t tags_end;

static uint8_t *tag(uint32_t type, uint32_t size)
{
    uint64_t at = tags_end;

    put(at, type, 4);
    put(at + 4, size, 4);
    tags_end += (size + 7) / 8 * 8;
    put(0, tags_end, 4);
    return memory + at;
}

static void tags_begin(void)
{
    set_up(NULL);
    tags_end = 8;
}

static enum boot_status read_tags(void)
{
    uint8_t *copy = unit_exact_copy(memory, tags_end);
    enum boot_status status = multiboot2_read(copy, tags_end, &info);

    free(copy);
    return status;
}

static void add_memory_tag(uint32_t entry_size)
{
    uint8_t *map = tag(6, 16 + 2 * entry_size);

    memcpy(map + 8, &entry_size, 4);
    for (uint32_t i = 0; i < 2 && entry_size >= 24; i++) {
        uint64_t entry[3] = {i * 0x10000, 0x8000, 1 + i};

        memcpy(map + 16 + i * entry_size, entry, sizeof entry);
    }
}

static void add_framebuffer_tag(uint32_t size, uint8_t type, uint8_t bits)
{
    uint64_t address = 0xfd000000;
    uint8_t *at = tag(8, size);

    memcpy(at + 8, &address, 8);
    at[20] = 64;
    at[28] = bits;
    at[29] = type;
    at[32] = 16;
}

static void reads_multiboot2(void **state)
{
    uint32_t module[2] = {0x300000, 0x300800};

    (void)state;
    tags_begin();
    memcpy(tag(1, 8 + 4) + 8, "word", 4);
    memcpy(tag(3, 17) + 8, module, 8);
    module[0] = 1;
    memcpy(tag(3, 17) + 8, module, 8);
    add_memory_tag(32);
    add_framebuffer_tag(38, 1, 32);
    memcpy(tag(15, 8 + 36) + 8, "second", 6);
    memcpy(tag(14, 8 + 20) + 8, "first", 5);
    tag(99, 9);
    tag(0, 8);
    assert_int_equal(read_tags(), BOOT_OK);
    assert_string_equal(info.command_line, "word");
    assert_int_equal(info.initrd_base, 0x300000);
    assert_int_equal(info.initrd_size, 0x800);
    assert_int_equal(info.memory.count, 2);
    assert_int_equal(info.memory.regions[1].kind, MEMORY_RESERVED);
    assert_int_equal(info.framebuffer.address, 0xfd000000);
    assert_int_equal(info.framebuffer.width, 64);
    assert_int_equal(info.framebuffer.red_shift, 16);
    assert_true(info.has_rsdp_copy);
    assert_memory_equal(info.rsdp_copy, "second", 6);
}

static void takes_the_old_rsdp(void **state)
{
    (void)state;
    tags_begin();
    memcpy(tag(14, 8 + 20) + 8, "first", 5);
    memcpy(tag(14, 8 + 20) + 8, "other", 5);
    assert_int_equal(read_tags(), BOOT_OK);
    assert_memory_equal(info.rsdp_copy, "first", 5);
    memset(tag(15, 8 + 64) + 8, 'x', 64);
    assert_int_equal(read_tags(), BOOT_OK);
    assert_memory_equal(info.rsdp_copy, "xxxxxxxx", 8);
}

static void refuses_bad_multiboot2(void **state)
{
    (void)state;
    assert_int_equal(multiboot2_read(memory, 7, &info), BOOT_BAD_MAGIC);
    tags_begin();
    add_memory_tag(16);
    assert_int_equal(read_tags(), BOOT_BAD_MEMORY_MAP);
    tags_begin();
    tag(6, 12);
    tag(6, 8);
    assert_int_equal(read_tags(), BOOT_BAD_MEMORY_MAP);
    tags_begin();
    tag(3, 12);
    memset(tag(3, 16) + 8, 0, 8);
    add_framebuffer_tag(40, 2, 32);
    add_framebuffer_tag(40, 1, 24);
    tag(8, 37);
    tag(1, 8);
    assert_int_equal(read_tags(), BOOT_OK);
    assert_int_equal(info.initrd_size, 0);
    assert_int_equal(info.framebuffer.address, 0);
}

static void ends_with_a_tag_that_does_not_fit(void **state)
{
    uint32_t sizes[] = {0, 7, 25, 0xffffffff};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint64_t at;

        tags_begin();
        at = tags_end;
        tag(1, 16);
        put(at + 4, sizes[i], 4);
        memcpy(memory + at + 8, "no", 2);
        assert_int_equal(read_tags(), BOOT_OK);
        assert_string_equal(info.command_line, "");
    }
}

static void multiboot2_map_is_full(void **state)
{
    (void)state;
    tags_begin();
    for (int i = 0; i <= MEMORY_MAP_MAX / 2; i++) {
        add_memory_tag(24);
    }
    assert_int_equal(read_tags(), BOOT_MAP_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_multiboot2, set_up),
        cmocka_unit_test_setup(takes_the_old_rsdp, set_up),
        cmocka_unit_test_setup(refuses_bad_multiboot2, set_up),
        cmocka_unit_test_setup(ends_with_a_tag_that_does_not_fit, set_up),
        cmocka_unit_test_setup(multiboot2_map_is_full, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
