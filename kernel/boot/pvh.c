/**
 * pvh.c - reads what a PVH loader tells (Xen's xen/include/public/arch-x86/hvm/start_info.h).
 *
 * Everything lies below 4 GiB, where the early page tables of boot.S reach.
 */
#include "arch/x86_64/boot_sections.h"
#include "arch/x86_64/direct_map.h"
#include "boot/boot_info.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include "debug/panic.h"

enum { START_INFO_MAGIC = 0x336ec578 };

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
    uint32_t type; /* as E820's (ACPI 6.5, table 15.4) */
    uint32_t reserved;
};
_Static_assert(sizeof(struct hvm_memory_entry) == 24, "start_info.h");

/* What lies at @p physical, @p size bytes of it; a panic where the early map ends. */
static const void *early_pointer(uint64_t physical, uint64_t size)
{
    if (!range_fits(physical, size, 1ull << 32)) {
        panic("boot: PVH: what is told lies above 4 GiB, at 0x%llx",
              (unsigned long long)physical);
    }
    return phys_to_virt(physical);
}

static enum memory_kind kind_of(uint32_t type)
{
    switch (type) {
    case 1:
        return MEMORY_USABLE;
    case 3:
    case 4:
        return MEMORY_ACPI;
    default:
        return MEMORY_RESERVED;
    }
}

static void read_memory_map(const struct hvm_start_info *start, struct boot_info *info)
{
    const struct hvm_memory_entry *entries;

    if (start->version < 1 || start->memory_map == 0) {
        panic("boot: PVH: the loader gives no memory map (version %u)", start->version);
    }
    entries = early_pointer(start->memory_map,
                            (uint64_t)start->memory_map_entries * sizeof *entries);
    for (uint32_t i = 0; i < start->memory_map_entries; i++) {
        if (!memory_map_add(&info->memory, entries[i].address, entries[i].size,
                            kind_of(entries[i].type))) {
            panic("boot: the firmware's memory map has more than %u regions",
                  (unsigned)MEMORY_MAP_MAX);
        }
    }
}

/* Looks for "RSD PTR " in a PC's BIOS, where the loader does not tell it (ACPI 6.5,
   5.2.5.1): word by word, as those are 128 KiB. */
static uint64_t find_rsdp(void)
{
    const uint64_t signature = bytes_load_le64("RSD PTR ");

    for (uint64_t address = 0xe0000; address < 0x100000; address += 16) {
        if (*(const uint64_t *)phys_to_virt(address) == signature) {
            return address;
        }
    }
    return 0;
}

_Noreturn void pvh_start(uint64_t start_info);

void pvh_start(uint64_t start_info)
{
    struct boot_info *info = &boot_info;
    const struct hvm_start_info *start;

    boot_begin(info, MN_BOOT_PVH);
    start = early_pointer(start_info, sizeof *start);
    if (start->magic != START_INFO_MAGIC) {
        panic("boot: PVH: no start info at 0x%llx", (unsigned long long)start_info);
    }
    info->early_map_base = HHDM_BASE;
    info->kernel_base = (uint64_t)image_start - KERNEL_BASE;
    if (start->command_line != 0) {
        boot_info_set_command_line(info, early_pointer(start->command_line, 1));
    }
    read_memory_map(start, info);
    info->rsdp = start->rsdp != 0 ? start->rsdp : find_rsdp();
    if (start->module_count > 0) {
        const struct hvm_module *module =
            early_pointer(start->module_list, sizeof *module);

        info->initrd_base = module->address;
        info->initrd_size = module->size;
    }
    boot_start(info);
}
