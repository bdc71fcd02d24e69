/**
 * test_pvh.c - what a PVH loader leaves in memory, right and wrong.
 */
#include "core/pvh.h"
#include "unit.h"

enum { MEMORY_SIZE = 0x100000, START = 0x1000, LINE = 0x2000, MAP = 0x3000 };
enum { MODULES = 0x4000, RSDP = 0xf1230 };

static struct boot_info info;
static uint8_t memory[MEMORY_SIZE];

static int set_up(void **state)
{
    (void)state;
    memset(&info, 0, sizeof info);
    memset(memory, 0, sizeof memory);
    return 0;
}

static const void *reach(uint64_t physical, uint64_t size)
{
    return physical <= MEMORY_SIZE && size <= MEMORY_SIZE - physical ? memory + physical
                                                                     : NULL;
}

static void put(uint64_t at, uint64_t value, size_t size)
{
    memcpy(memory + at, &value, size);
}

static void make_pvh(void)
{
    put(START, 0x336ec578, 4);
    put(START + 4, 1, 4);
    put(START + 12, 1, 4);
    put(START + 16, MODULES, 8);
    put(START + 24, LINE, 8);
    put(START + 40, MAP, 8);
    put(START + 48, 3, 4);
    memcpy(memory + LINE, "one debug_exit=0xf4 two=12", 27);
    for (uint64_t i = 0; i < 3; i++) {
        put(MAP + i * 24, i << 20, 8);
        put(MAP + i * 24 + 8, 0x1000 << i, 8);
        put(MAP + i * 24 + 16, i + 1, 4);
    }
    put(MODULES, 0x200000, 8);
    put(MODULES + 8, 0x1234, 8);
}

static void reads_pvh(void **state)
{
    (void)state;
    make_pvh();
    memcpy(memory + RSDP, "RSD PTR ", 8);
    assert_int_equal(pvh_read(START, reach, &info), BOOT_OK);
    assert_string_equal(info.command_line, "one debug_exit=0xf4 two=12");
    assert_int_equal(info.memory.count, 3);
    assert_int_equal(info.memory.regions[0].kind, MEMORY_USABLE);
    assert_int_equal(info.memory.regions[1].kind, MEMORY_RESERVED);
    assert_int_equal(info.memory.regions[2].kind, MEMORY_ACPI);
    assert_int_equal(info.memory.regions[2].size, 0x4000);
    assert_int_equal(info.initrd_base, 0x200000);
    assert_int_equal(info.initrd_size, 0x1234);
    assert_int_equal(info.rsdp, RSDP);
}

static void pvh_prefers_what_the_loader_tells(void **state)
{
    (void)state;
    make_pvh();
    memcpy(memory + RSDP, "RSD PTR ", 8);
    put(START + 32, 0x7777, 8);
    put(START + 12, 0, 4);
    put(START + 24, 0, 8);
    assert_int_equal(pvh_read(START, reach, &info), BOOT_OK);
    assert_int_equal(info.rsdp, 0x7777);
    assert_int_equal(info.initrd_size, 0);
    assert_string_equal(info.command_line, "");
}

static void pvh_without_rsdp(void **state)
{
    (void)state;
    make_pvh();
    assert_int_equal(pvh_read(START, reach, &info), BOOT_OK);
    assert_int_equal(info.rsdp, 0);
}

static enum boot_status pvh_with(uint64_t at, uint64_t value, size_t size)
{
    set_up(NULL);
    make_pvh();
    put(at, value, size);
    return pvh_read(START, reach, &info);
}

static void refuses_bad_pvh(void **state)
{
    (void)state;
    assert_int_equal(pvh_read(MEMORY_SIZE - 8, reach, &info), BOOT_OUT_OF_REACH);
    assert_int_equal(pvh_with(START, 0, 4), BOOT_BAD_MAGIC);
    assert_int_equal(pvh_with(START + 4, 0, 4), BOOT_NO_MEMORY_MAP);
    assert_int_equal(pvh_with(START + 40, 0, 8), BOOT_NO_MEMORY_MAP);
    assert_int_equal(pvh_with(START + 40, MEMORY_SIZE - 30, 8), BOOT_OUT_OF_REACH);
    assert_int_equal(pvh_with(START + 40, ~0ull, 8), BOOT_OUT_OF_REACH);
    assert_int_equal(pvh_with(START + 16, ~0ull, 8), BOOT_OUT_OF_REACH);
    assert_int_equal(pvh_with(START + 48, MEMORY_MAP_MAX + 1, 4), BOOT_OK);
    for (uint64_t i = 0; i <= MEMORY_MAP_MAX; i++) {
        put(MAP + 24 * i + 8, 1, 8);
    }
    assert_int_equal(pvh_read(START, reach, &info), BOOT_MAP_FULL);
    assert_int_equal(pvh_with(START + 48, UINT32_MAX, 4), BOOT_MAP_FULL);
}

static void cuts_a_long_command_line(void **state)
{
    (void)state;
    make_pvh();
    put(START + 24, MEMORY_SIZE - 3, 8);
    memcpy(memory + MEMORY_SIZE - 3, "abc", 3);
    assert_int_equal(pvh_read(START, reach, &info), BOOT_OK);
    assert_string_equal(info.command_line, "abc");
    memset(memory + 0x8000, 'x', 2 * MN_BOOT_COMMAND_LINE_MAX);
    put(START + 24, 0x8000, 8);
    assert_int_equal(pvh_read(START, reach, &info), BOOT_OK);
    assert_int_equal(strlen(info.command_line), MN_BOOT_COMMAND_LINE_MAX - 1);
    boot_info_set_command_line(&info, (const char *)memory + 0x8000, SIZE_MAX);
    assert_int_equal(strlen(info.command_line), MN_BOOT_COMMAND_LINE_MAX - 1);
    boot_info_set_command_line(&info, "abc", 2);
    assert_string_equal(info.command_line, "ab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_pvh, set_up),
        cmocka_unit_test_setup(pvh_prefers_what_the_loader_tells, set_up),
        cmocka_unit_test_setup(pvh_without_rsdp, set_up),
        cmocka_unit_test_setup(refuses_bad_pvh, set_up),
        cmocka_unit_test_setup(cuts_a_long_command_line, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
