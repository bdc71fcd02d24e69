/**
 * direct_map.h - every byte of RAM, and every device the kernel drives, lies at
 * HHDM_BASE + its physical address, once kernel_map_build() has switched to it.
 */
#ifndef ARCH_X86_64_DIRECT_MAP_H
#define ARCH_X86_64_DIRECT_MAP_H

#include <stdint.h>

#define HHDM_BASE   0xffff800000000000ull
#define KERNEL_BASE 0xffffffff80000000ull /**< the image is linked above it */

/** The address of physical memory that the direct map has. */
static inline void *phys_to_virt(uint64_t physical)
{
    return (void *)(HHDM_BASE + physical);
}

/** The inverse, for addresses in the direct map only (not in the kernel's image). */
static inline uint64_t virt_to_phys(const void *address)
{
    return (uint64_t)address - HHDM_BASE;
}

#endif
