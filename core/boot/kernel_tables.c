/**
 * kernel_tables.c - see kernel_tables.h. Page-table entries: SDM volume 3, 4.5.
 */
#include "core/kernel_tables.h"

#include "core/assert.h"
#include "core/bits.h"

enum { PAGE_BYTES = 4096 };

#define PTE_GLOBAL (1ull << 8)

static uint64_t access_bits(const struct kernel_tables *tables,
                            enum kernel_tables_access access)
{
    uint64_t bits = PTE_PRESENT;

    if (tables->global) {
        bits |= PTE_GLOBAL;
    }
    if (access != KERNEL_TABLES_TEXT) {
        bits |= PTE_NX;
    }
    if (access == KERNEL_TABLES_WRITABLE || access == KERNEL_TABLES_DEVICE) {
        bits |= PTE_WRITABLE;
    }
    if (access == KERNEL_TABLES_DEVICE) {
        bits |= PTE_UNCACHED;
    }
    return bits;
}

/* The entry for @p virtual at @p level, its tables made; a large page above it is
   returned instead. */
static uint64_t *entry_for(const struct kernel_tables *tables, uint64_t virtual,
                           unsigned level)
{
    uint64_t table = tables->root;

    for (unsigned at = PAGING_LEVELS;; at--) {
        uint64_t *entry = (uint64_t *)tables->reach(table) + paging_index(virtual, at);

        if (at == level || (*entry & PTE_LARGE) != 0) {
            return entry;
        }
        if ((*entry & PTE_PRESENT) == 0) {
            *entry = tables->take() | PTE_PRESENT | PTE_WRITABLE;
        }
        table = *entry & PTE_ADDRESS;
    }
}

/* The level of the largest page that begins at both addresses and fits into @p size. */
static unsigned page_level(const struct kernel_tables *tables, uint64_t virtual,
                           uint64_t physical, uint64_t size)
{
    unsigned level = tables->pages_1gib ? 3 : 2;

    while (level > 1 &&
           (!bits_is_aligned(virtual | physical, paging_span(level) * PAGE_BYTES) ||
            size < paging_span(level) * PAGE_BYTES)) {
        level--;
    }
    return level;
}

/* The tables are walked once for the entries
   that stand side by side in one. */
void kernel_tables_map(const struct kernel_tables *tables, uint64_t virtual,
                       uint64_t physical, uint64_t size,
                       enum kernel_tables_access access)
{
    uint64_t bits = access_bits(tables, access);

    while (size > 0) {
        unsigned level = page_level(tables, virtual, physical, size);
        uint64_t step = paging_span(level) * PAGE_BYTES;
        uint64_t *entry = entry_for(tables, virtual, level);

        do {
            ASSERT((*entry & PTE_PRESENT) == 0);
            *entry++ = physical | bits | (level > 1 ? PTE_LARGE : 0);
            virtual += step;
            physical += step;
            size -= step;
        } while (size > 0 && paging_index(virtual, level) != 0 &&
                 page_level(tables, virtual, physical, size) == level);
    }
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Maps RAM from @p base to @p end, read-only where it is fixed. */
static void map_run(const struct kernel_tables *tables, uint64_t base, uint64_t end,
                    uint64_t fixed_start, uint64_t fixed_end)
{
    while (base < end) {
        enum kernel_tables_access access = KERNEL_TABLES_WRITABLE;
        uint64_t stop = end;

        if (base < fixed_start) {
            stop = smaller(end, fixed_start);
        } else if (base < fixed_end) {
            stop = smaller(end, fixed_end);
            access = KERNEL_TABLES_READ_ONLY;
        }
        kernel_tables_map(tables, tables->direct_map + base, base, stop - base, access);
        base = stop;
    }
}

/* Neighbouring regions of RAM make one run of pages, which takes in partial ones. */
void kernel_tables_map_ram(const struct kernel_tables *tables,
                           const struct memory_map *map, uint64_t fixed_start,
                           uint64_t fixed_end)
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
            map_run(tables, run_base, run_end, fixed_start, fixed_end);
            run_base = base;
        }
        run_end = end;
    }
    map_run(tables, run_base, run_end, fixed_start, fixed_end);
}

bool kernel_tables_map_pages(const struct kernel_tables *tables, uint64_t physical,
                             uint64_t size, enum kernel_tables_access access,
                             uint64_t expected)
{
    uint64_t base = bits_align_down(physical, PAGE_BYTES);
    uint64_t end = bits_align_up(physical + size, PAGE_BYTES);

    for (; base < end; base += PAGE_BYTES) {
        uint64_t *entry = entry_for(tables, tables->direct_map + base, 1);

        if ((*entry & PTE_PRESENT) == 0) {
            *entry = base | access_bits(tables, access);
        } else if ((*entry & expected) != expected) {
            return false;
        }
    }
    return true;
}
