/**
 * doors.c - the kernel's entries from PVH and Multiboot2 loaders, behind boot.S.
 *
 * All that these tell lies below 4 GiB, where the early page tables of boot.S reach.
 */
#include "arch/x86_64/boot_sections.h"
#include "arch/x86_64/direct_map.h"
#include "boot/start.h"
#include "core/checked_math.h"
#include "core/multiboot2.h"
#include "core/pvh.h"

#define EARLY_MAP_END (1ull << 32)

_Noreturn void pvh_start(uint64_t start_info);
_Noreturn void multiboot2_start(uint64_t information, uint64_t magic);

static const void *early_reach(uint64_t physical, uint64_t size)
{
    return range_fits(physical, size, EARLY_MAP_END) ? phys_to_virt(physical) : NULL;
}

static struct boot_info *begin(enum mn_boot_protocol protocol)
{
    struct boot_info *info = boot_begin(protocol);

    info->early_map_base = HHDM_BASE;
    info->kernel_base = (uint64_t)image_start - KERNEL_BASE;
    return info;
}

void pvh_start(uint64_t start_info)
{
    struct boot_info *info = begin(MN_BOOT_PVH);

    boot_start(info, pvh_read(start_info, early_reach, info));
}

void multiboot2_start(uint64_t information, uint64_t magic)
{
    struct boot_info *info = begin(MN_BOOT_MULTIBOOT2);
    enum boot_status status = BOOT_BAD_MAGIC;

    if (magic == MULTIBOOT2_LOADER_MAGIC) {
        status = multiboot2_read(phys_to_virt(information), EARLY_MAP_END - information,
                                 info);
        if (info->has_rsdp_copy) {
            info->rsdp = info->kernel_base + (uint64_t)(info->rsdp_copy - image_start);
        }
    }
    boot_start(info, status);
}
