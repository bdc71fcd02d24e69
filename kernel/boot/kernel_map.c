/**
 * kernel_map.c - see kernel_map.h.
 *
 * Tables are early memory. A table is reached by early_memory_at(), which works before the
 * switch to the new tables as well as after it.
 */
#include "boot/kernel_map.h"

#include "arch/x86_64/boot_sections.h"
#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/instructions.h"
#include "boot/early_memory.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include "core/kernel_tables.h"
#include "debug/panic.h"

enum { PAGE_BYTES = 4096 };

#define PHYSICAL_END (1ull << 52)

static uint64_t allocate_table(void)
{
    uint64_t table = early_memory_allocate(1);

    memset(early_memory_at(table), 0, PAGE_BYTES);
    return table;
}

static struct kernel_tables tables = {
    .direct_map = HHDM_BASE, .take = allocate_table, .reach = early_memory_at};

static void map_part(const struct boot_info *info, const uint8_t *start,
                     const uint8_t *end, enum kernel_tables_access access)
{
    kernel_tables_map(&tables, (uint64_t)start,
                      info->kernel_base + (uint64_t)(start - image_start),
                      (uint64_t)(end - start), access);
}

static void map_image(const struct boot_info *info)
{
    map_part(info, image_boot_text_start, image_boot_rodata_start, KERNEL_TABLES_TEXT);
    map_part(info, image_boot_rodata_start, image_boot_data_start,
             KERNEL_TABLES_READ_ONLY);
    map_part(info, image_boot_data_start, image_boot_end, KERNEL_TABLES_WRITABLE);
    map_part(info, image_text_start, image_rodata_start, KERNEL_TABLES_TEXT);
    map_part(info, image_rodata_start, image_data_start, KERNEL_TABLES_READ_ONLY);
    map_part(info, image_data_start, image_end, KERNEL_TABLES_WRITABLE);
}

void kernel_map_build(const struct boot_info *info)
{
    /* The map is of what there was before tables were taken from it: they are RAM too. */
    static struct memory_map before;

    before = info->memory;
    tables.global = cpu_features.pge;
    tables.pages_1gib = cpu_features.pages_1gib;
    tables.root = allocate_table();
    map_image(info);
    kernel_tables_map_ram(
        &tables, &before,
        info->kernel_base + (uint64_t)(image_text_start - image_start),
        info->kernel_base + (uint64_t)(image_data_start - image_start));
    x86_write_cr3(tables.root);
    early_memory_use_direct_map();
}

uint64_t kernel_map_root(void)
{
    return tables.root;
}

void *kernel_map_device(uint64_t physical, uint64_t size)
{
    if (!range_fits(physical, size, PHYSICAL_END) ||
        !kernel_tables_map_pages(&tables, physical, size, KERNEL_TABLES_DEVICE,
                                 PTE_UNCACHED)) {
        panic("boot: a device at 0x%llx, where RAM is or nothing can be",
              (unsigned long long)physical);
    }
    return phys_to_virt(physical);
}

const void *kernel_map_firmware(uint64_t physical, uint64_t size)
{
    if (!range_fits(physical, size, PHYSICAL_END) ||
        !kernel_tables_map_pages(&tables, physical, size, KERNEL_TABLES_READ_ONLY, 0)) {
        return NULL;
    }
    return phys_to_virt(physical);
}
