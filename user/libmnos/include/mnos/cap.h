/**
 * cap.h - the caller's own CNode: what is in a slot, narrower copies, empty slots.
 */
#ifndef MNOS_CAP_H
#define MNOS_CAP_H

#include "abi/cap.h"
#include "abi/rights.h"
#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/** mnos_cap_find_empty(): there is none. */
#define MNOS_NO_SLOT UINT64_MAX

/** Tells what is in @p slot: type MN_CAP_EMPTY for an Empty one. @p out_info is written
 *  on MN_OK only. MN_ERROR_INVALID_SLOT: the CNode is smaller. */
MN_MUST_CHECK mn_status sys_cap_info(uint64_t slot, struct mn_cap_info *out_info);

/**
 * Makes a narrower copy of the capability in @p source [GRANT] in the empty slot
 * @p target, with at most @p rights (0: what it holds).
 *
 * IoPort: @p a is the first port, @p b how many, inside of the source's range; b = 0: all.
 * Interrupt, DeviceMemory: likewise, lines and pages. Endpoint: @p a is the badge, from a source with badge 0.
 * All others: @p a = @p b = 0. MN_ERROR_INVALID_ARGUMENT when they don't fit.
 */
MN_MUST_CHECK mn_status sys_mint_cap(uint64_t source, uint64_t target, uint64_t rights,
                                     uint64_t a, uint64_t b);

/**
 * Moves the capability in @p source to the Empty slot @p target of the process in @p process
 * [WRITE], or (0) of the caller's own CNode. Another process's: it needs GRANT. Its copies
 * stay its copies. Who waits by it gets MN_ERROR_CANCELLED.
 */
MN_MUST_CHECK mn_status sys_move_cap(uint64_t process, uint64_t source,
                                     uint64_t target);

/** Gives the CNode of the process in @p process [WRITE] at least @p slots slots, up to
 *  MN_CNODE_SLOTS_MAX. MN_ERROR_NO_MEMORY: its account can't pay; it may have grown by
 *  some. */
MN_MUST_CHECK mn_status sys_grow_cnode(uint64_t process, uint64_t slots);

/** The first Empty slot from @p from on, or MNOS_NO_SLOT. It stays empty only until
 *  somebody fills it: another thread, or a call that chooses a slot by itself. */
uint64_t mnos_cap_find_empty(uint64_t from);

/** The name of a type of capability, as in DESIGN and the docs: "IoPort". Never NULL. */
const char *mnos_cap_type_name(uint32_t type);

#endif
