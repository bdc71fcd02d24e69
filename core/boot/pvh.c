/**
 * pvh.c - see pvh.h.
 */
#include "core/pvh.h"

#include "core/bytes.h"

enum {
    START_INFO_MAGIC = 0x336ec578,
    BIOS_START = 0xe0000,
    BIOS_END = 0x100000,
    RSDP_ALIGNMENT = 16
};

struct hvm_start_info {
    uint32_t magic;
    uint32_t version; /* the memory map is there from 1 on */
    uint32_t flags;
    uint32_t module_count;
    uint64_t module_list; /* physical, as all below; 0: none */
    uint64_t command_line;
    uint64_t rsdp;
    uint64_t memory_map;
    uint32_t memory_map_entries;
    uint32_t reserved;
};
_Static_assert(sizeof(struct hvm_start_info) == 56, "start_info.h");

struct hvm_module {
    uint64_t address;
    uint64_t size;
    uint64_t command_line;
    uint64_t reserved;
};
_Static_assert(sizeof(struct hvm_module) == 32, "start_info.h");

struct hvm_memory_entry {
    uint64_t address;
    uint64_t size;
    uint32_t type; /* as E820's */
    uint32_t reserved;
};
_Static_assert(sizeof(struct hvm_memory_entry) == 24, "start_info.h");

static enum boot_status read_memory_map(const struct hvm_start_info *start,
                                        boot_reach *reach, struct boot_info *info)
{
    const uint64_t size = sizeof(struct hvm_memory_entry);
    enum boot_status status = BOOT_OK;

    if (start->version < 1 || start->memory_map == 0) {
        return BOOT_NO_MEMORY_MAP;
    }
    /* Empty ones don't fill the map: without a limit 2^32 of them would take hours. */
    if (start->memory_map_entries > 8 * MEMORY_MAP_MAX) {
        return BOOT_MAP_FULL;
    }
    for (uint64_t i = 0; i < start->memory_map_entries && status == BOOT_OK; i++) {
        const void *from = reach(start->memory_map + i * size, size);
        struct hvm_memory_entry entry;

        if (from == NULL) {
            return BOOT_OUT_OF_REACH;
        }
        memcpy(&entry, from, sizeof entry);
        status = boot_info_add_e820(info, entry.address, entry.size, entry.type);
    }
    return status;
}

/* Looks for "RSD PTR " in a PC's BIOS, where the loader does not tell it (ACPI 6.5,
   5.2.5.1). */
static uint64_t find_rsdp(boot_reach *reach)
{
    const uint64_t signature = bytes_load_le64("RSD PTR ");
    const uint8_t *bios = reach(BIOS_START, BIOS_END - BIOS_START);

    for (uint64_t at = 0; bios != NULL && at < BIOS_END - BIOS_START;
         at += RSDP_ALIGNMENT) {
        uint64_t word;

        memcpy(&word, bios + at, sizeof word); /* one load, where those are slow */
        if (word == signature) {
            return BIOS_START + at;
        }
    }
    return 0;
}

static enum boot_status read_initrd(const struct hvm_start_info *start,
                                    boot_reach *reach, struct boot_info *info)
{
    struct hvm_module module;
    const void *from;

    if (start->module_count == 0) {
        return BOOT_OK;
    }
    from = reach(start->module_list, sizeof module);
    if (from == NULL) {
        return BOOT_OUT_OF_REACH;
    }
    memcpy(&module, from, sizeof module);
    info->initrd_base = module.address;
    info->initrd_size = module.size;
    return BOOT_OK;
}

/* Byte by byte, as nobody tells how long it is. */
static void read_command_line(uint64_t from, boot_reach *reach, struct boot_info *info)
{
    size_t length = 0;

    while (length < sizeof info->command_line - 1) {
        const char *byte = reach(from + length, 1);

        if (byte == NULL || *byte == 0) {
            break;
        }
        info->command_line[length++] = *byte;
    }
    info->command_line[length] = 0;
}

enum boot_status pvh_read(uint64_t start_info, boot_reach *reach,
                          struct boot_info *info)
{
    const void *from = reach(start_info, sizeof(struct hvm_start_info));
    struct hvm_start_info start;
    enum boot_status status;

    if (from == NULL) {
        return BOOT_OUT_OF_REACH;
    }
    memcpy(&start, from, sizeof start);
    if (start.magic != START_INFO_MAGIC) {
        return BOOT_BAD_MAGIC;
    }
    if (start.command_line != 0) {
        read_command_line(start.command_line, reach, info);
    }
    status = read_memory_map(&start, reach, info);
    if (status == BOOT_OK) {
        status = read_initrd(&start, reach, info);
    }
    info->rsdp = start.rsdp != 0 ? start.rsdp : find_rsdp(reach);
    return status;
}
