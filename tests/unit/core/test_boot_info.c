/**
 * test_boot_info.c - what all boot protocols have in common.
 */
#include "core/boot_info.h"
#include "unit.h"

static struct boot_info info;

static int set_up(void **state)
{
    (void)state;
    memset(&info, 0, sizeof info);
    return 0;
}

static void finds_options(void **state)
{
    uint64_t value = 1;

    (void)state;
    boot_info_set_command_line(
        &info, "a=5 ab=0xfF  c= d=12x e=99999999999999999999 f=0x g=0 h=0xAg i=-", 80);
    assert_true(boot_info_option(&info, "a", &value) && value == 5);
    assert_true(boot_info_option(&info, "ab", &value) && value == 255);
    assert_true(boot_info_option(&info, "g", &value) && value == 0);
    for (const char *name = "cdefhib"; *name != 0; name++) {
        const char text[2] = {*name, 0};

        assert_false(boot_info_option(&info, text, &value));
    }
    boot_info_set_command_line(&info, "debug_exit=0xf4", 80);
    assert_int_equal(boot_info_debug_exit(&info), 0xf4);
    boot_info_set_command_line(&info, "debug_exit=0x10000", 80);
    assert_int_equal(boot_info_debug_exit(&info), 0);
    boot_info_set_command_line(&info, "", 80);
    assert_int_equal(boot_info_debug_exit(&info), 0);
}

static const struct boot_image image = {0x4000, 0x20000, 0x4000};
static struct memory_map_work work;

static void settles_memory(void **state)
{
    static const struct memory_region expected[] = {
        {0x1000, 0x9b000, MEMORY_USABLE},    {0x9c000, 0x4000, MEMORY_RECLAIMABLE},
        {0x100000, 0x100000, MEMORY_USABLE}, {0x200000, 0x4000, MEMORY_RECLAIMABLE},
        {0x204000, 0x1c000, MEMORY_KERNEL},  {0x220000, 0xe0000, MEMORY_USABLE},
        {0x300000, 0x2000, MEMORY_INITRD},   {0x302000, 0xfe000, MEMORY_USABLE},
    };

    (void)state;
    assert_true(memory_map_add(&info.memory, 0x100000, 0x300000, MEMORY_USABLE));
    assert_true(memory_map_add(&info.memory, 0, 0xa0000, MEMORY_USABLE));
    info.kernel_base = 0x200000;
    info.initrd_base = 0x300000;
    info.initrd_size = 0x1001;
    assert_int_equal(boot_info_settle(&info, &image, &work), BOOT_OK);
    assert_int_equal(info.memory_bytes, 0x39f000);
    assert_int_equal(info.trampoline_page, 0x9c000);
    assert_int_equal(info.memory.count, 8);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(info.memory.regions[i].base, expected[i].base);
        assert_int_equal(info.memory.regions[i].size, expected[i].size);
        assert_int_equal(info.memory.regions[i].kind, expected[i].kind);
    }
}

static void does_not_settle(void **state)
{
    (void)state;
    info.initrd_base = 1;
    assert_int_equal(boot_info_settle(&info, &image, &work), BOOT_INITRD_UNALIGNED);
    for (uint64_t full = MEMORY_MAP_MAX - 3; full <= MEMORY_MAP_MAX; full++) {
        set_up(NULL);
        info.kernel_base = 0x1000000000;
        info.initrd_base = 0x2000000000;
        info.initrd_size = 1;
        for (uint64_t i = 0; i < full; i++) {
            assert_true(memory_map_add(&info.memory, 0x8000 + i * 0x10000, 0x5000,
                                       MEMORY_USABLE));
        }
        assert_int_equal(boot_info_settle(&info, &image, &work), BOOT_MAP_FULL);
    }
}

static void settles_without_low_memory(void **state)
{
    (void)state;
    assert_true(memory_map_add(&info.memory, 0x1000, 0x3000, MEMORY_USABLE));
    assert_true(memory_map_add(&info.memory, 0x100000, 0x300000, MEMORY_USABLE));
    info.kernel_base = 0x200000;
    assert_int_equal(boot_info_settle(&info, &image, &work), BOOT_OK);
    assert_int_equal(info.trampoline_page, 0);
}

static void adds_other_cpus(void **state)
{
    static struct acpi_info acpi = {.cpu_count = 3, .cpu_lapic_ids = {4, 5, 6}};

    (void)state;
    boot_info_add_cpus(&info, &acpi, 5);
    assert_int_equal(info.cpu_count, 2);
    assert_int_equal(info.cpus[0].lapic_id, 4);
    assert_int_equal(info.cpus[1].lapic_id, 6);
    acpi.cpu_lapic_ids[0] = 7;
    boot_info_add_cpus(&info, &acpi, 5);
    assert_int_equal(info.cpu_count, 2);
    assert_int_equal(info.cpus[0].lapic_id, 4);
}

static void tells_init(void **state)
{
    struct mn_boot_info page = {0};

    (void)state;
    info.initrd_size = 7;
    info.memory_bytes = 0x5000;
    info.protocol = MN_BOOT_LIMINE;
    info.entry_tsc = 99;
    boot_info_set_command_line(&info, "a=5", 80);
    boot_info_tell(&info, &page);
    assert_int_equal(page.magic, MN_BOOT_INFO_MAGIC);
    assert_int_equal(page.initrd_size, 7);
    assert_int_equal(page.memory_bytes, 0x5000);
    assert_int_equal(page.boot_protocol, MN_BOOT_LIMINE);
    assert_int_equal(page.entry_tsc, 99);
    assert_string_equal(page.command_line, "a=5");
}

static void texts(void **state)
{
    (void)state;
    assert_string_equal(boot_status_text(BOOT_OK), "");
    for (int status = BOOT_BAD_MAGIC; status <= BOOT_INITRD_UNALIGNED; status++) {
        assert_true(strlen(boot_status_text((enum boot_status)status)) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(finds_options, set_up),
        cmocka_unit_test_setup(settles_memory, set_up),
        cmocka_unit_test_setup(does_not_settle, set_up),
        cmocka_unit_test_setup(settles_without_low_memory, set_up),
        cmocka_unit_test_setup(adds_other_cpus, set_up),
        cmocka_unit_test_setup(tells_init, set_up),
        cmocka_unit_test(texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
