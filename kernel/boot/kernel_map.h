/**
 * kernel_map.h - the kernel's own address space: its image, W^X, and the direct map.
 *
 * The upper half, which every address space shares, has: the image at its linked
 * addresses (text RX, read-only data R, the rest RW), and at HHDM_BASE all RAM (RW, no
 * execution, but R for the kernel's text and read-only data) and the devices that
 * kernel_map_device() adds (RW, no execution, uncached). All is supervisor and global.
 * The lower half is empty.
 *
 * All its PML4 entries exist after boot: a copy of the upper half of the PML4 stays
 * right for ever.
 */
#ifndef BOOT_KERNEL_MAP_H
#define BOOT_KERNEL_MAP_H

#include "core/boot_info.h"
#include <stdint.h>

/** Builds the address space and switches CR3 to it. */
void kernel_map_build(const struct boot_info *info);

/** The physical address of the kernel's own PML4. */
uint64_t kernel_map_root(void);

/**
 * Maps device registers uncached, before the frame allocator has taken over.
 *
 * Returns the address in the direct map; panics where RAM is mapped.
 */
void *kernel_map_device(uint64_t physical, uint64_t size);

/**
 * Makes firmware tables readable, before the frame allocator has taken over: memory
 * that is not mapped yet is mapped cached and read-only.
 *
 * Returns the address in the direct map; NULL when the range is none ([0, 2^52)).
 */
const void *kernel_map_firmware(uint64_t physical, uint64_t size);

#endif
