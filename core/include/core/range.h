/**
 * range.h - capabilities that are nothing but a range of numbers: SLOT_RANGE in the slot's
 * value. IoPort and DeviceMemory are; Interrupt has a handler besides. Lock: the kernel's.
 */
#ifndef CORE_RANGE_H
#define CORE_RANGE_H

#include "core/capability.h"

extern const struct object_ops range_ops;

/** CAP_INFO: a is the first number, b how many. */
void range_describe(const struct slot *slot, struct mn_cap_info *info);

/** MINT_CAP: @p b numbers from @p a on. MN_ERROR_INVALID_ARGUMENT: none, or outside of
 *  the source's range. */
MN_MUST_CHECK mn_status range_narrow(const struct slot *source, uint64_t a, uint64_t b,
                                     struct account *account, struct slot *target);

#endif
