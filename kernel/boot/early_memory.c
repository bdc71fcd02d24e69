/**
 * early_memory.c - see early_memory.h.
 */
#include "boot/early_memory.h"

#include "arch/x86_64/direct_map.h"
#include "debug/panic.h"

enum { PAGE_BYTES = 4096, LOW_MEMORY_END = 0x100000 };

static const uint64_t EARLY_END = 1ull
                                  << 32; /* what the early page tables surely reach */

static struct boot_info *early_info;

void early_memory_init(struct boot_info *info)
{
    early_info = info;
}

uint64_t early_memory_allocate(uint64_t pages)
{
    struct memory_map *map = &early_info->memory;
    uint64_t size = pages * PAGE_BYTES;

    for (uint32_t i = 0; i < map->count; i++) {
        struct memory_region *region = &map->regions[i];
        uint64_t base = region->base;

        /* A region is never used up, so that it stays a region. */
        if (region->kind == MEMORY_USABLE && base >= LOW_MEMORY_END &&
            region->size > size && base + size <= EARLY_END) {
            region->base += size;
            region->size -= size;
            return base;
        }
    }
    panic("boot: too little memory: no %llu KiB between 1 MiB and 4 GiB",
          (unsigned long long)(size / 1024));
}

void *early_memory_at(uint64_t physical)
{
    return (void *)(early_info->early_map_base + physical);
}

void early_memory_use_direct_map(void)
{
    early_info->early_map_base = HHDM_BASE;
}
