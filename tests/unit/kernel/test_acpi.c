/**
 * test_acpi.c - tables made by hand, right and wrong.
 */
#include "core/acpi.h"
#include "debug/log.h"
#include "unit.h"

enum {
    MEMORY_BYTES = 16384,
    RSDP = 0x100,
    XSDT = 0x200,
    RSDT = 0x300,
    MADT = 0x400,
    FADT = 0x800,
    HPET = 0xc00,
    DSDT = 0x1000,
    HEADER = 36
};

static uint8_t memory[MEMORY_BYTES];
static unsigned logged;
static struct acpi_info info;

void acpi_log(const char *format, ...)
{
    (void)format;
    logged++;
}

static const void *map_memory(uint64_t physical, uint64_t size)
{
    if (physical > MEMORY_BYTES || size > MEMORY_BYTES - physical) {
        return NULL;
    }
    return memory + physical;
}

static void put32(uint32_t at, uint32_t value)
{
    memcpy(memory + at, &value, sizeof(value));
}

static void put64(uint32_t at, uint64_t value)
{
    memcpy(memory + at, &value, sizeof(value));
}

/* Sets the byte at @p at so that @p size bytes from @p start on add up to 0. */
static void seal(uint32_t start, uint32_t size, uint32_t at)
{
    uint8_t sum = 0;

    memory[at] = 0;
    for (uint32_t i = 0; i < size; i++) {
        sum = (uint8_t)(sum + memory[start + i]);
    }
    memory[at] = (uint8_t)-sum;
}

static void seal_table(uint32_t at, const char *signature, uint32_t size)
{
    memcpy(memory + at, signature, 4);
    put32(at + 4, size);
    seal(at, size, at + 9);
}

static void put_bytes(uint32_t *at, const void *bytes, uint32_t size)
{
    memcpy(memory + *at, bytes, size);
    *at += size;
}

static void make_madt(void)
{
    static const uint8_t entries[] = {
        0, 8,  0, 3, 1,  0, 0,    0,                 /* CPU with APIC ID 3 */
        0, 8,  1, 4, 0,  0, 0,    0,                 /* one that is not enabled */
        1, 12, 9, 0, 0,  0, 0xc0, 0xfe, 24, 0, 0, 0, /* I/O APIC at 0xfec00000 */
        2, 10, 0, 9, 21, 0, 0,    0,    15, 0,       /* ISA 9: GSI 21, level, low */
        9, 16, 0, 0, 0,  1, 0,    0,    1,  0, 0, 0, 0, 0, 0, 0, /* x2APIC ID 256 */
        5, 12, 0, 0, 0,  0, 0,    0,    1,  0, 0, 0,             /* LAPIC at 4 GiB */
    };
    uint32_t at = MADT + HEADER + 8;

    put32(MADT + HEADER, 0xfee00000);
    put_bytes(&at, entries, sizeof(entries));
    seal_table(MADT, "APIC", at - MADT);
}

static void make_fadt(void)
{
    put32(FADT + 40, DSDT);
    put32(FADT + 64, 0x604);
    put32(FADT + 76, 0x608);
    put32(FADT + 112, 1u << 10 | 1u << 8);
    memory[FADT + 116] = ACPI_SPACE_IO;
    put64(FADT + 120, 0xcf9);
    memory[FADT + 128] = 0x0f;
    seal_table(FADT, "FACP", 244);
}

static void make_dsdt(void)
{
    static const uint8_t aml[] = {0x08, '_',  'S',  '5',  '_', 0x12, 0x08,
                                  0x04, 0x0a, 0x05, 0x01, 0,   0};
    uint32_t at = DSDT + HEADER + 7;

    put_bytes(&at, aml, sizeof(aml));
    seal_table(DSDT, "DSDT", at - DSDT);
}

static void make_tables(void)
{
    memset(memory, 0, sizeof(memory));
    logged = 0;
    make_madt();
    make_fadt();
    make_dsdt();
    put64(HPET + 44, 0xfed00000);
    seal_table(HPET, "HPET", 56);
    put64(XSDT + HEADER, MADT);
    put64(XSDT + HEADER + 8, FADT);
    put64(XSDT + HEADER + 16, HPET);
    seal_table(XSDT, "XSDT", HEADER + 24);
    put32(RSDT + HEADER, MADT);
    seal_table(RSDT, "RSDT", HEADER + 4);
    memcpy(memory + RSDP, "RSD PTR ", 8);
    memory[RSDP + 15] = 2;
    put32(RSDP + 16, RSDT);
    put64(RSDP + 24, XSDT);
    seal(RSDP, 20, RSDP + 8);
    seal(RSDP, 36, RSDP + 32);
}

static void read_tables(void)
{
    acpi_read(RSDP, map_memory, &info);
}

static void test_all_is_found(void **state)
{
    (void)state;
    make_tables();
    read_tables();
    assert_true(info.present);
    assert_int_equal(info.lapic_address, 1ull << 32);
    assert_int_equal(info.cpu_count, 2);
    assert_int_equal(info.cpu_lapic_ids[0], 3);
    assert_int_equal(info.cpu_lapic_ids[1], 256);
    assert_int_equal(info.ioapic_count, 1);
    assert_int_equal(info.ioapics[0].address, 0xfec00000);
    assert_int_equal(info.ioapics[0].gsi_base, 24);
    assert_int_equal(info.override_count, 1);
    assert_int_equal(info.overrides[0].source, 9);
    assert_int_equal(info.overrides[0].gsi, 21);
    assert_true(info.overrides[0].level && info.overrides[0].active_low);
    assert_int_equal(info.hpet_address, 0xfed00000);
    assert_int_equal(info.end.pm1a_control.address, 0x604);
    assert_int_equal(info.pm_timer.address, 0x608);
    assert_true(info.pm_timer_32bit);
    assert_int_equal(info.end.reset.address, 0xcf9);
    assert_int_equal(info.end.reset_value, 0x0f);
    assert_true(info.end.has_s5);
    assert_int_equal(info.end.s5_type_a, 5);
    assert_int_equal(info.end.s5_type_b, 1);
    assert_int_equal(logged, 0);
}

static void test_no_rsdp(void **state)
{
    (void)state;
    make_tables();
    acpi_read(0, map_memory, &info);
    assert_false(info.present);
    memory[RSDP + 9]++;
    read_tables();
    assert_false(info.present);
}

static void test_broken_xsdt_falls_back(void **state)
{
    (void)state;
    make_tables();
    memory[XSDT + 10]++;
    read_tables();
    assert_true(info.present);
    assert_int_equal(info.cpu_count, 2);
    assert_int_equal(info.hpet_address, 0); /* the RSDT does not list it */
    assert_int_equal(logged, 1);
}

static void test_wrong_checksum_leaves_out_one_table(void **state)
{
    (void)state;
    make_tables();
    memory[MADT + 10]++;
    read_tables();
    assert_int_equal(info.cpu_count, 0);
    assert_int_equal(info.hpet_address, 0xfed00000);
    assert_int_equal(logged, 1);
}

static void test_lengths(void **state)
{
    static const uint32_t lengths[] = {0, 35, MEMORY_BYTES, UINT32_MAX};

    (void)state;
    for (unsigned i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        make_tables();
        put32(MADT + 4, lengths[i]);
        read_tables();
        assert_int_equal(info.cpu_count, 0);
    }
}

static void test_madt_entry_lengths(void **state)
{
    static const uint8_t lengths[] = {0, 1, 255};

    (void)state;
    for (unsigned i = 0; i < sizeof(lengths); i++) {
        make_tables();
        memory[MADT + HEADER + 8 + 8 + 1] = lengths[i];
        seal_table(MADT, "APIC", HEADER + 8 + 66);
        read_tables();
        assert_int_equal(info.cpu_count, 1);
        assert_int_equal(info.ioapic_count, 0);
        assert_int_equal(logged, 1);
    }
}

/* The package is cut off at every byte. */
static void test_s5_at_the_end(void **state)
{
    (void)state;
    for (uint32_t size = HEADER; size < HEADER + 7 + 11; size++) {
        make_tables();
        seal_table(DSDT, "DSDT", size);
        read_tables();
        assert_int_equal(info.end.has_s5, size >= HEADER + 7 + 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_found),
        cmocka_unit_test(test_no_rsdp),
        cmocka_unit_test(test_broken_xsdt_falls_back),
        cmocka_unit_test(test_wrong_checksum_leaves_out_one_table),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_madt_entry_lengths),
        cmocka_unit_test(test_s5_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
