/**
 * tables.c - the page tables at entry: "Entry memory layout" of base revision 3.
 *
 * The kernel by its program headers' access; the direct map of usable, reclaimable and
 * kernel memory, and no other; the loader itself at its own addresses, for the switch and
 * for the CPUs that wait in it.
 */
#include "core/bits.h"
#include "core/bytes.h"
#include "loader.h"

#define PRESENT  (1ull << 0)
#define WRITABLE (1ull << 1)
#define LARGE    (1ull << 7)
#define NX       (1ull << 63)
#define ADDRESS  0x000ffffffffff000ull

enum { PT_LOAD = 1, PF_X = 1, PF_W = 2, LARGE_BYTES = 2 << 20 };

extern uint8_t loader_start[];
extern uint8_t loader_end[];

static uint64_t *pml4;

/* The entry for @p virtual at @p level (1: 4 KiB, 2: 2 MiB), its tables made. */
static uint64_t *entry_for(uint64_t virtual, unsigned level)
{
    uint64_t *table = pml4;

    for (unsigned at = 4; at > level; at--) {
        uint64_t *entry = &table[virtual >> (12 + 9 * (at - 1)) & 511];

        if ((*entry & PRESENT) == 0) {
            *entry = (uint64_t)memory_arena(PAGE_BYTES) | PRESENT | WRITABLE;
        }
        table = (uint64_t *)(*entry & ADDRESS);
    }
    return &table[virtual >> (12 + 9 * (level - 1)) & 511];
}

static void map_pages(uint64_t virtual, uint64_t physical, uint64_t size, uint64_t bits)
{
    while (size > 0) {
        bool large =
            bits_is_aligned(virtual | physical, LARGE_BYTES) && size >= LARGE_BYTES;
        uint64_t step = large ? LARGE_BYTES : PAGE_BYTES;

        *entry_for(virtual, large ? 2 : 1) =
            physical | bits | PRESENT | (large ? LARGE : 0);
        virtual += step;
        physical += step;
        size -= step < size ? step : size;
    }
}

static void map_image(const struct loader_image *image)
{
    const uint8_t *header = image->elf + bytes_load_le64(image->elf + 32);

    for (uint32_t i = bytes_load_le16(image->elf + 56); i > 0; i--, header += 56) {
        uint32_t flags = bytes_load_le32(header + 4);
        uint64_t vaddr = bytes_load_le64(header + 16);
        uint64_t start = bits_align_down(vaddr, PAGE_BYTES);
        uint64_t end = bits_align_up(vaddr + bytes_load_le64(header + 40), PAGE_BYTES);

        if (bytes_load_le32(header) == PT_LOAD) {
            map_pages(
                start, image->physical_base + (start - image->virtual_base),
                end - start,
                ((flags & PF_W) != 0 ? WRITABLE : 0) | ((flags & PF_X) != 0 ? 0 : NX));
        }
    }
}

uint64_t tables_make(const struct loader_image *image, const struct memory_map *map)
{
    pml4 = memory_arena(PAGE_BYTES);
    map_pages((uint64_t)loader_start, (uint64_t)loader_start,
              (uint64_t)(loader_end - loader_start), WRITABLE);
    map_pages(MEMORY_AP_PAGE, MEMORY_AP_PAGE, PAGE_BYTES, WRITABLE);
    map_image(image);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];

        if (region->kind == MEMORY_USABLE || region->kind == MEMORY_RECLAIMABLE ||
            region->kind == MEMORY_KERNEL) {
            map_pages(LOADER_HHDM + region->base, region->base, region->size, WRITABLE);
        }
    }
    return (uint64_t)pml4;
}
