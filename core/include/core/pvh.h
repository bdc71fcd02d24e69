/**
 * pvh.h - what a PVH loader tells (Xen's public/arch-x86/hvm/start_info.h). Pure.
 */
#ifndef CORE_PVH_H
#define CORE_PVH_H

#include "core/boot_info.h"

/**
 * Fills in @p info from the start info at physical @p start_info.
 *
 * BOOT_OUT_OF_REACH, BOOT_BAD_MAGIC, BOOT_NO_MEMORY_MAP, BOOT_MAP_FULL; what was read until
 * then stands in @p info. The command line is read first.
 */
MN_MUST_CHECK enum boot_status pvh_read(uint64_t start_info, boot_reach *reach,
                                        struct boot_info *info);

#endif
