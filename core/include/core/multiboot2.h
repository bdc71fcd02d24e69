/**
 * multiboot2.h - what a Multiboot2 loader tells (specification 2.0, sections 3.4 and 3.6).
 * Pure.
 */
#ifndef CORE_MULTIBOOT2_H
#define CORE_MULTIBOOT2_H

#include "core/boot_info.h"

/** What the loader leaves in EAX. */
#define MULTIBOOT2_LOADER_MAGIC 0x36d76289u

/**
 * Fills in @p info from the boot information at @p bytes, of which at most @p size bytes
 * can be read. The RSDP goes to info->rsdp_copy. A tag that does not fit ends the list.
 *
 * BOOT_BAD_MEMORY_MAP, BOOT_MAP_FULL; all tags are looked at even so.
 */
MN_MUST_CHECK enum boot_status multiboot2_read(const uint8_t *bytes, uint64_t size,
                                               struct boot_info *info);

#endif
