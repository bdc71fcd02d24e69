/**
 * test_limine.c - the answers of a Limine loader: structures as
 * tests/loader/limine_protocol.h has them.
 */
#include "core/limine.h"
#include "unit.h"

static struct boot_info info;

static int set_up(void **state)
{
    (void)state;
    memset(&info, 0, sizeof info);
    return 0;
}

#define HHDM 0xffff800000000000ull

static uint64_t hhdm[2] = {0, HHDM};
static uint64_t address[3] = {0, 0x5000000, 0xffffffff80200000};
static uint64_t entries[6][3] = {{0x1000, 0x1000, 0}, {0x2000, 0x1000, 6},
                                 {0x3000, 0x1000, 5}, {0x4000, 0x1000, 2},
                                 {0x5000, 0x1000, 7}, {0x6000, 0x1000, 1}};
static uint64_t *entry_list[MEMORY_MAP_MAX + 1];
static uint64_t memory_map[3] = {0, 6, (uint64_t)entry_list};
static char line[] = "poweroff";
static uint64_t kernel_file[5] = {0, 0, 0, 0, (uint64_t)line};
static uint64_t file[2] = {0, (uint64_t)kernel_file};
static uint64_t module_file[5] = {0, HHDM + 0x700000, 99, 0, 0};
static uint64_t *module_list[1] = {module_file};
static uint64_t modules[3] = {0, 1, (uint64_t)module_list};
static uint64_t rsdp[2] = {0, HHDM + 0xe0000};
static uint64_t framebuffer[6] = {
    HHDM + 0xfd000000, 640, 480, 2560, 32 | 1 << 16 | 16ull << 32 | 8ull << 48, 0};
static uint64_t *framebuffer_list[1] = {framebuffer};
static uint64_t framebuffers[3] = {0, 1, (uint64_t)framebuffer_list};
static uint64_t cpus[3][4] = {{0ull << 32}, {7ull << 32}, {9ull << 32}};
static uint64_t *cpu_list[BOOT_CPU_MAX + 8] = {cpus[0], cpus[1], cpus[2]};
static uint64_t mp[4] = {0, 7ull << 32, 3, (uint64_t)cpu_list};

static struct limine_answers all_answers(void)
{
    set_up(NULL);
    for (int i = 0; i <= MEMORY_MAP_MAX; i++) {
        entry_list[i] = entries[i % 6];
    }
    memory_map[1] = 6;
    return (struct limine_answers){.hhdm = hhdm,
                                   .memory_map = memory_map,
                                   .modules = modules,
                                   .file = file,
                                   .address = address,
                                   .rsdp = rsdp,
                                   .framebuffers = framebuffers,
                                   .mp = mp};
}

static void reads_limine(void **state)
{
    static const enum memory_kind kinds[] = {MEMORY_USABLE,      MEMORY_USABLE,
                                             MEMORY_RECLAIMABLE, MEMORY_ACPI,
                                             MEMORY_FRAMEBUFFER, MEMORY_RESERVED};
    struct limine_answers answers = all_answers();

    (void)state;
    assert_int_equal(limine_read(&answers, 0xffffffff80201000, &info), BOOT_OK);
    assert_int_equal(info.kernel_base, 0x5001000);
    assert_string_equal(info.command_line, "poweroff");
    assert_int_equal(info.initrd_base, 0x700000);
    assert_int_equal(info.initrd_size, 99);
    assert_int_equal(info.rsdp, 0xe0000);
    assert_int_equal(info.memory.count, 6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(info.memory.regions[i].kind, kinds[i]);
    }
    assert_int_equal(info.framebuffer.address, 0xfd000000);
    assert_int_equal(info.framebuffer.pitch, 2560);
    assert_int_equal(info.cpu_count, 2);
    assert_int_equal(info.cpus[1].lapic_id, 9);
    assert_int_equal(info.cpus[1].goto_address, (uint64_t)&cpus[2][2]);
}

static void limine_without(void **state)
{
    struct limine_answers answers = all_answers();

    (void)state;
    answers = (struct limine_answers){
        .hhdm = hhdm, .address = address, .memory_map = memory_map};
    assert_int_equal(limine_read(&answers, 0, &info), BOOT_OK);
    assert_int_equal(info.rsdp, 0);
    answers.memory_map = NULL;
    assert_int_equal(limine_read(&answers, 0, &info), BOOT_NO_MEMORY_MAP);
    answers.address = NULL;
    assert_int_equal(limine_read(&answers, 0, &info), BOOT_NO_ADDRESS);
    answers.hhdm = NULL;
    assert_int_equal(limine_read(&answers, 0, &info), BOOT_NO_HHDM);
    assert_string_equal(boot_status_text(BOOT_NO_HHDM),
                        "the loader does not answer the HHDM request");
}

static void limine_with_too_much_or_nothing(void **state)
{
    struct limine_answers answers = all_answers();

    (void)state;
    memory_map[1] = MEMORY_MAP_MAX + 1;
    assert_int_equal(limine_read(&answers, 0, &info), BOOT_MAP_FULL);
    answers = all_answers();
    for (int i = 3; i < BOOT_CPU_MAX + 8; i++) {
        cpu_list[i] = cpus[2];
    }
    mp[2] = BOOT_CPU_MAX + 8;
    framebuffers[1] = 0;
    modules[1] = 0;
    kernel_file[4] = 0;
    assert_int_equal(limine_read(&answers, 0, &info), BOOT_OK);
    assert_int_equal(info.cpu_count, BOOT_CPU_MAX);
    assert_int_equal(info.framebuffer.address, 0);
    assert_int_equal(info.initrd_size, 0);
    framebuffers[1] = 1;
    framebuffer[4] = 24 | 1 << 16;
    assert_int_equal(limine_read(&answers, 0, &info), BOOT_OK);
    framebuffer[4] = 32 | 2 << 16;
    assert_int_equal(limine_read(&answers, 0, &info), BOOT_OK);
    assert_int_equal(info.framebuffer.address, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_limine, set_up),
        cmocka_unit_test_setup(limine_without, set_up),
        cmocka_unit_test_setup(limine_with_too_much_or_nothing, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
