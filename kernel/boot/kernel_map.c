/**
 * kernel_map.c - see kernel_map.h. Page-table entries: SDM volume 3, 4.5.
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
#include "core/assert.h"
#include "core/bits.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include "core/paging.h"
#include "debug/panic.h"

enum { PAGE_BYTES = 4096 };

#define PTE_GLOBAL   (1ull << 8)
#define PHYSICAL_END (1ull << 52)

/* What a mapping allows, as entry bits; GLOBAL is left out where the CPU has it not. */
enum map_access { MAP_TEXT, MAP_READ_ONLY, MAP_WRITABLE, MAP_DEVICE };

static uint64_t root; /* physical address of the PML4 */

static uint64_t access_bits(enum map_access access)
{
    uint64_t bits = PTE_PRESENT;

    if (cpu_features.pge) {
        bits |= PTE_GLOBAL;
    }
    if (access != MAP_TEXT) {
        bits |= PTE_NX;
    }
    if (access == MAP_WRITABLE || access == MAP_DEVICE) {
        bits |= PTE_WRITABLE;
    }
    if (access == MAP_DEVICE) {
        bits |= PTE_UNCACHED;
    }
    return bits;
}

static uint64_t allocate_table(void)
{
    uint64_t table = early_memory_allocate(1);

    memset(early_memory_at(table), 0, PAGE_BYTES);
    return table;
}

/* The entry for @p virtual at @p level, its tables made; a large page above it is
   returned instead. */
static uint64_t *entry_for(uint64_t virtual, unsigned level)
{
    uint64_t table = root;

    for (unsigned at = PAGING_LEVELS;; at--) {
        uint64_t *entry =
            (uint64_t *)early_memory_at(table) + paging_index(virtual, at);

        if (at == level || (*entry & PTE_LARGE) != 0) {
            return entry;
        }
        if ((*entry & PTE_PRESENT) == 0) {
            *entry = allocate_table() | PTE_PRESENT | PTE_WRITABLE;
        }
        table = *entry & PTE_ADDRESS;
    }
}

/* The level of the largest page that begins at both addresses and fits into @p size. */
static unsigned page_level(uint64_t virtual, uint64_t physical, uint64_t size)
{
    unsigned level = cpu_features.pages_1gib ? 3 : 2;

    while (level > 1 &&
           (!bits_is_aligned(virtual | physical, paging_span(level) * PAGE_BYTES) ||
            size < paging_span(level) * PAGE_BYTES)) {
        level--;
    }
    return level;
}

/* Maps whole pages that are not mapped yet. The tables are walked once for the entries
   that stand side by side in one. */
static void map_range(uint64_t virtual, uint64_t physical, uint64_t size,
                      enum map_access access)
{
    uint64_t bits = access_bits(access);

    while (size > 0) {
        unsigned level = page_level(virtual, physical, size);
        uint64_t step = paging_span(level) * PAGE_BYTES;
        uint64_t *entry = entry_for(virtual, level);

        do {
            ASSERT((*entry & PTE_PRESENT) == 0);
            *entry++ = physical | bits | (level > 1 ? PTE_LARGE : 0);
            virtual += step;
            physical += step;
            size -= step;
        } while (size > 0 && paging_index(virtual, level) != 0 &&
                 page_level(virtual, physical, size) == level);
    }
}

static void map_image_part(const struct boot_info *info, const uint8_t *start,
                           const uint8_t *end, enum map_access access)
{
    map_range((uint64_t)start, info->kernel_base + (uint64_t)(start - image_start),
              (uint64_t)(end - start), access);
}

static void map_image(const struct boot_info *info)
{
    map_image_part(info, image_boot_text_start, image_boot_rodata_start, MAP_TEXT);
    map_image_part(info, image_boot_rodata_start, image_boot_data_start, MAP_READ_ONLY);
    map_image_part(info, image_boot_data_start, image_boot_end, MAP_WRITABLE);
    map_image_part(info, image_text_start, image_rodata_start, MAP_TEXT);
    map_image_part(info, image_rodata_start, image_data_start, MAP_READ_ONLY);
    map_image_part(info, image_data_start, image_end, MAP_WRITABLE);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Maps RAM from @p base to @p end into the direct map, read-only where the kernel's text
   and read-only data lie. */
static void map_ram(const struct boot_info *info, uint64_t base, uint64_t end)
{
    uint64_t fixed_start =
        info->kernel_base + (uint64_t)(image_text_start - image_start);
    uint64_t fixed_end = info->kernel_base + (uint64_t)(image_data_start - image_start);

    while (base < end) {
        enum map_access access = MAP_WRITABLE;
        uint64_t stop = end;

        if (base < fixed_start) {
            stop = smaller(end, fixed_start);
        } else if (base < fixed_end) {
            stop = smaller(end, fixed_end);
            access = MAP_READ_ONLY;
        }
        map_range(HHDM_BASE + base, base, stop - base, access);
        base = stop;
    }
}

/* Neighbouring regions of RAM make one run of pages, which takes in partial ones. */
static void map_all_ram(const struct boot_info *info, const struct memory_map *map)
{
    uint64_t run_base = 0;
    uint64_t run_end = 0;

    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];
        uint64_t base = bits_align_down(region->base, PAGE_BYTES);
        uint64_t end = bits_align_up(region->base + region->size, PAGE_BYTES);

        if (!memory_kind_is_ram(region->kind)) {
            continue;
        }
        if (base > run_end) {
            map_ram(info, run_base, run_end);
            run_base = base;
        }
        run_end = end;
    }
    map_ram(info, run_base, run_end);
}

void kernel_map_build(const struct boot_info *info)
{
    /* The map is of what there was before tables were taken from it: they are RAM too. */
    static struct memory_map before;

    before = info->memory;
    root = allocate_table();
    map_image(info);
    map_all_ram(info, &before);
    x86_write_cr3(root);
    early_memory_use_direct_map();
}

uint64_t kernel_map_root(void)
{
    return root;
}

/* Maps the pages of a range into the direct map; those that are mapped must have
   @p expected bits. */
static void map_small_pages(uint64_t physical, uint64_t size, enum map_access access,
                            uint64_t expected)
{
    uint64_t base = bits_align_down(physical, PAGE_BYTES);
    uint64_t end = bits_align_up(physical + size, PAGE_BYTES);

    for (; base < end; base += PAGE_BYTES) {
        uint64_t *entry = entry_for(HHDM_BASE + base, 1);

        if ((*entry & PTE_PRESENT) == 0) {
            *entry = base | access_bits(access);
        } else if ((*entry & expected) != expected) {
            panic("boot: the device at 0x%llx lies in RAM",
                  (unsigned long long)physical);
        }
    }
}

void *kernel_map_device(uint64_t physical, uint64_t size)
{
    if (!range_fits(physical, size, PHYSICAL_END)) {
        panic("boot: a device at 0x%llx", (unsigned long long)physical);
    }
    map_small_pages(physical, size, MAP_DEVICE, PTE_UNCACHED);
    return phys_to_virt(physical);
}

const void *kernel_map_firmware(uint64_t physical, uint64_t size)
{
    if (!range_fits(physical, size, PHYSICAL_END)) {
        return NULL;
    }
    map_small_pages(physical, size, MAP_READ_ONLY, 0);
    return phys_to_virt(physical);
}
