/**
 * early_memory.h - page frames before there is a frame allocator, never given back.
 *
 * They are cut off usable regions of the memory map, which so shows at any time what is
 * still free: the frame allocator takes over by taking the map as it is. After that this
 * must not be called any more.
 */
#ifndef BOOT_EARLY_MEMORY_H
#define BOOT_EARLY_MEMORY_H

#include "core/boot_info.h"

/** Takes frames from the map of @p info, which is borrowed, from now on. */
void early_memory_init(struct boot_info *info);

/**
 * Takes @p pages neighbouring frames between 1 MiB and 4 GiB, not zeroed.
 *
 * Returns their physical address; panics when there are none.
 */
uint64_t early_memory_allocate(uint64_t pages);

/** The address by which the kernel reaches physical memory now, before or after the
 *  switch to the kernel's own map. */
void *early_memory_at(uint64_t physical);

/** kernel_map_build() has switched: physical memory is reached by the direct map. */
void early_memory_use_direct_map(void);

#endif
