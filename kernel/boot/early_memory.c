/**
 * early_memory.c - see early_memory.h.
 */
#include "boot/early_memory.h"

#include "arch/x86_64/direct_map.h"
#include "debug/panic.h"

enum { PAGE_BYTES = 4096, LOW_MEMORY_END = 0x100000 };

#define EARLY_END (1ull << 32) /* what the early page tables surely reach */

static struct boot_info *early_info;

void early_memory_init(struct boot_info *info)
{
    early_info = info;
}

uint64_t early_memory_allocate(uint64_t pages)
{
    uint64_t size = pages * PAGE_BYTES;
    uint64_t base =
        memory_map_cut(&early_info->memory, size, LOW_MEMORY_END, EARLY_END);

    if (base == 0) {
        panic("boot: too little memory: no %llu KiB between 1 MiB and 4 GiB",
              (unsigned long long)(size / 1024));
    }
    return base;
}

void *early_memory_at(uint64_t physical)
{
    return (void *)(early_info->early_map_base + physical);
}

void early_memory_use_direct_map(void)
{
    early_info->early_map_base = HHDM_BASE;
}
