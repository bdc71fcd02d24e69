/**
 * device_memory.h - physical pages that are no RAM: registers and buffers of devices.
 *
 * A DeviceMemory capability is a range of pages; whether they are what it says is looked at
 * when they are mapped. Lock: the kernel's.
 */
#ifndef DEVICE_DEVICE_MEMORY_H
#define DEVICE_DEVICE_MEMORY_H

#include "core/vspace.h"

/**
 * Maps all pages of @p slot, a DeviceMemory, at @p virtual, with MN_MAP_* @p flags.
 *
 * MN_ERROR_INVALID_ARGUMENT: executable; uncached and write-combining; more than
 * 2^MN_ORDER_MAX pages. MN_ERROR_MAPPING: RAM among them, or registers that the kernel
 * drives; else as vspace_map().
 */
MN_MUST_CHECK mn_status device_memory_map(struct slot *slot, struct vspace *vspace,
                                          uint64_t virtual, uint64_t flags);

#endif
