/**
 * acpi.c - see acpi.h. Section numbers are those of the ACPI specification 6.5.
 */
#include "core/acpi.h"

#include "core/bytes.h"
#include <stddef.h>

enum {
    TABLE_HEADER_SIZE = 36, /* 5.2.6 */
    RSDP_1_SIZE = 20,       /* 5.2.5.3 */
    RSDP_2_SIZE = 36
};

/* A table of which every byte is readable and the checksum right. */
struct table {
    const uint8_t *bytes; /* NULL: there is none */
    uint32_t size;
};

static bool checksum_is_right(const uint8_t *bytes, uint32_t size)
{
    uint8_t sum = 0;

    for (uint32_t i = 0; i < size; i++) {
        sum = (uint8_t)(sum + bytes[i]);
    }
    return sum == 0;
}

static bool signature_is(const uint8_t *bytes, const char *signature)
{
    return memcmp(bytes, signature, 4) == 0;
}

/* The header of the table at @p physical; NULL when it can't be read. */
static const uint8_t *open_header(uint64_t physical, acpi_mapper map)
{
    return physical == 0 ? NULL : map(physical, TABLE_HEADER_SIZE);
}

/* All of a table. The DSDT's checksum is not asked for: it may be long, and only one
   pattern is looked for in it. */
static struct table open_table(uint64_t physical, acpi_mapper map, bool check)
{
    const uint8_t *header = open_header(physical, map);
    struct table table = {NULL, 0};
    uint32_t size;

    if (header == NULL) {
        return table;
    }
    size = bytes_load_le32(header + 4);
    if (size < TABLE_HEADER_SIZE || size > ACPI_TABLE_SIZE_MAX) {
        acpi_log("acpi: table %.4s has a length of %u\n", (const char *)header, size);
        return table;
    }
    header = map(physical, size);
    if (header == NULL) {
        return table;
    }
    if (check && !checksum_is_right(header, size)) {
        acpi_log("acpi: table %.4s has a wrong checksum\n", (const char *)header);
        return table;
    }
    table.bytes = header;
    table.size = size;
    return table;
}

/* A generic address structure (5.2.3.2) in @p table; none when it does not lie inside. */
static struct acpi_register read_register(struct table table, uint32_t offset)
{
    struct acpi_register none = {0, ACPI_SPACE_MEMORY};
    uint8_t space;

    if (table.size < offset + 12) {
        return none;
    }
    space = table.bytes[offset];
    if (space != ACPI_SPACE_MEMORY && space != ACPI_SPACE_IO) {
        return none;
    }
    return (struct acpi_register){bytes_load_le64(table.bytes + offset + 4),
                                  (enum acpi_space)space};
}

static void read_madt_cpu(struct acpi_info *info, uint32_t apic_id, uint32_t flags)
{
    if ((flags & 1) == 0) {
        return;
    }
    if (info->cpu_count == ACPI_CPU_MAX) {
        acpi_log("acpi: CPU with APIC ID %u left out: more than %u\n", apic_id,
                 (unsigned)ACPI_CPU_MAX);
        return;
    }
    info->cpu_lapic_ids[info->cpu_count++] = apic_id;
}

static void read_madt_override(struct acpi_info *info, const uint8_t *entry)
{
    uint16_t flags = bytes_load_le16(entry + 8); /* table 5.26 */

    /* Bus 0 is ISA, which has 16 interrupts. */
    if (entry[2] != 0 || entry[3] > 15 || info->override_count == ACPI_OVERRIDE_MAX) {
        return;
    }
    info->overrides[info->override_count++] = (struct acpi_override){
        .source = entry[3],
        .gsi = bytes_load_le32(entry + 4),
        .active_low = (flags & 3) == 3,
        .level = (flags >> 2 & 3) == 3,
    };
}

static void read_madt_ioapic(struct acpi_info *info, const uint8_t *entry)
{
    if (info->ioapic_count == ACPI_IOAPIC_MAX) {
        acpi_log("acpi: an I/O APIC left out: more than %u\n",
                 (unsigned)ACPI_IOAPIC_MAX);
        return;
    }
    info->ioapics[info->ioapic_count++] =
        (struct acpi_ioapic){bytes_load_le32(entry + 4), bytes_load_le32(entry + 8)};
}

/* One interrupt controller structure of @p size bytes (5.2.12.2 and following). */
static void read_madt_entry(struct acpi_info *info, const uint8_t *entry, uint8_t size)
{
    enum { LAPIC = 0, IOAPIC = 1, OVERRIDE = 2, LAPIC_ADDRESS = 5, X2APIC = 9 };

    if (entry[0] == LAPIC && size >= 8) {
        read_madt_cpu(info, entry[3], bytes_load_le32(entry + 4));
    } else if (entry[0] == IOAPIC && size >= 12) {
        read_madt_ioapic(info, entry);
    } else if (entry[0] == OVERRIDE && size >= 10) {
        read_madt_override(info, entry);
    } else if (entry[0] == LAPIC_ADDRESS && size >= 12) {
        info->lapic_address = bytes_load_le64(entry + 4);
    } else if (entry[0] == X2APIC && size >= 16) {
        read_madt_cpu(info, bytes_load_le32(entry + 4), bytes_load_le32(entry + 8));
    }
}

/* Multiple APIC description table (5.2.12). */
static void read_madt(struct acpi_info *info, struct table table)
{
    uint32_t offset = TABLE_HEADER_SIZE + 8;

    if (table.size < offset) {
        return;
    }
    info->lapic_address = bytes_load_le32(table.bytes + TABLE_HEADER_SIZE);
    while (offset + 2 <= table.size) {
        const uint8_t *entry = table.bytes + offset;
        uint8_t size = entry[1];

        if (size < 2 || size > table.size - offset) {
            acpi_log("acpi: MADT entry of %u bytes at %u\n", size, offset);
            return;
        }
        read_madt_entry(info, entry, size);
        offset += size;
    }
}

/*
 * Reads a byte-sized integer term (20.2.3: ZeroOp, OneOp, BytePrefix) at @p offset of
 * @p table. Returns the offset behind it; 0 when there is none.
 */
static uint32_t read_aml_byte(struct table table, uint32_t offset, uint8_t *out_value)
{
    enum { ZERO_OP = 0x00, ONE_OP = 0x01, BYTE_PREFIX = 0x0a };

    if (offset >= table.size) {
        return 0;
    }
    if (table.bytes[offset] == ZERO_OP || table.bytes[offset] == ONE_OP) {
        *out_value = table.bytes[offset];
        return offset + 1;
    }
    if (table.bytes[offset] == BYTE_PREFIX && table.size - offset >= 2) {
        *out_value = table.bytes[offset + 1];
        return offset + 2;
    }
    return 0;
}

/* Name (_S5, Package (n) {type a, type b, ...}): NameOp "_S5_" PackageOp PkgLength n
   (7.4.2.6 and 20.2.5). @p offset is that of "_S5_". */
static bool read_s5_package(struct acpi_info *info, struct table table, uint32_t offset)
{
    enum { PACKAGE_OP = 0x12, PACKAGE_LENGTH_SHIFT = 6 };
    uint8_t type_a;
    uint8_t type_b;

    offset += 4;
    if (table.size - offset < 3 || table.bytes[offset] != PACKAGE_OP) {
        return false;
    }
    /* The first byte of PkgLength says in its top bits how many bytes follow it; then
       comes the number of elements. */
    offset += 1;
    offset += 1u + (table.bytes[offset] >> PACKAGE_LENGTH_SHIFT) + 1u;
    offset = read_aml_byte(table, offset, &type_a);
    if (offset == 0) {
        return false;
    }
    if (read_aml_byte(table, offset, &type_b) == 0) {
        type_b = type_a;
    }
    info->end.has_s5 = true;
    info->end.s5_type_a = type_a & 7;
    info->end.s5_type_b = type_b & 7;
    return true;
}

static void find_s5(struct acpi_info *info, struct table table)
{
    for (uint32_t i = TABLE_HEADER_SIZE; i + 4 <= table.size; i++) {
        if (table.bytes[i] == '_' && signature_is(table.bytes + i, "_S5_") &&
            read_s5_package(info, table, i)) {
            return;
        }
    }
}

/* A register block of the FADT: the extended field where the table has it, and it is
   set, else the 32-bit field, an I/O port. */
static struct acpi_register fadt_register(struct table table, uint32_t extended,
                                          uint32_t legacy)
{
    struct acpi_register found = read_register(table, extended);

    if (found.address == 0 && table.size >= legacy + 4) {
        found.address = bytes_load_le32(table.bytes + legacy);
        found.space = ACPI_SPACE_IO;
    }
    return found;
}

static uint64_t dsdt_address(struct table fadt)
{
    uint64_t address = 0;

    if (fadt.size >= 148) {
        address = bytes_load_le64(fadt.bytes + 140);
    }
    if (address == 0 && fadt.size >= 44) {
        address = bytes_load_le32(fadt.bytes + 40);
    }
    return address;
}

/* Fixed ACPI description table (5.2.9, table 5.9). */
static void read_fadt(struct acpi_info *info, struct table table, acpi_mapper map)
{
    enum { RESET_REG_SUP = 10, TMR_VAL_EXT = 8, HW_REDUCED_ACPI = 20 };
    uint32_t flags = table.size >= 116 ? bytes_load_le32(table.bytes + 112) : 0;
    struct table dsdt = open_table(dsdt_address(table), map, false);

    info->hardware_reduced = (flags >> HW_REDUCED_ACPI & 1) != 0;
    if (info->hardware_reduced) {
        info->end.sleep_control = read_register(table, 244);
    } else {
        info->end.pm1a_control = fadt_register(table, 172, 64);
        info->end.pm1b_control = fadt_register(table, 184, 68);
        info->pm_timer = fadt_register(table, 208, 76);
        info->pm_timer_32bit = (flags >> TMR_VAL_EXT & 1) != 0;
    }
    if ((flags >> RESET_REG_SUP & 1) != 0 && table.size >= 129) {
        info->end.reset = read_register(table, 116);
        info->end.reset_value = table.bytes[128];
    }
    if (dsdt.bytes != NULL) {
        find_s5(info, dsdt);
    }
}

static void read_table(struct acpi_info *info, uint64_t physical, acpi_mapper map)
{
    const uint8_t *header = open_header(physical, map);
    struct table table;

    if (header == NULL ||
        (!signature_is(header, "APIC") && !signature_is(header, "FACP") &&
         !signature_is(header, "HPET"))) {
        return;
    }
    table = open_table(physical, map, true);
    if (table.bytes == NULL) {
        return;
    }
    if (signature_is(table.bytes, "APIC")) {
        read_madt(info, table);
    } else if (signature_is(table.bytes, "FACP")) {
        read_fadt(info, table, map);
    } else {
        /* IA-PC HPET specification 1.0a, 3.2.4: its base address. */
        struct acpi_register base = read_register(table, 40);

        info->hpet_address = base.space == ACPI_SPACE_MEMORY ? base.address : 0;
    }
}

/* The tables that the root table lists, in entries of @p entry_size bytes (5.2.7, 5.2.8). */
static void read_root(struct acpi_info *info, struct table root, uint32_t entry_size,
                      acpi_mapper map)
{
    for (uint32_t offset = TABLE_HEADER_SIZE; offset + entry_size <= root.size;
         offset += entry_size) {
        const uint8_t *entry = root.bytes + offset;

        read_table(info,
                   entry_size == 8 ? bytes_load_le64(entry) : bytes_load_le32(entry),
                   map);
    }
}

void acpi_read(uint64_t rsdp, acpi_mapper map, struct acpi_info *out_info)
{
    const uint8_t *bytes = rsdp == 0 ? NULL : map(rsdp, RSDP_1_SIZE);
    struct table root = {NULL, 0};
    uint32_t entry_size = 4;

    *out_info = (struct acpi_info){0};
    if (bytes == NULL || memcmp(bytes, "RSD PTR ", 8) != 0 ||
        !checksum_is_right(bytes, RSDP_1_SIZE)) {
        acpi_log("acpi: no tables\n");
        return;
    }
    if (bytes[15] >= 2) {
        bytes = map(rsdp, RSDP_2_SIZE);
        if (bytes != NULL && checksum_is_right(bytes, RSDP_2_SIZE)) {
            root = open_table(bytes_load_le64(bytes + 24), map, true);
            entry_size = 8;
        }
    }
    if (root.bytes == NULL && bytes != NULL) {
        root = open_table(bytes_load_le32(bytes + 16), map, true);
        entry_size = 4;
    }
    if (root.bytes == NULL) {
        acpi_log("acpi: no tables\n");
        return;
    }
    out_info->present = true;
    read_root(out_info, root, entry_size, map);
}
