/**
 * user_registers.h - registers that ring 3 asks to run with.
 *
 * They come from a trap frame in user memory, so they may be anything; what the kernel
 * loads must neither fault in ring 0 nor give ring 3 more than it has.
 */
#ifndef CORE_USER_REGISTERS_H
#define CORE_USER_REGISTERS_H

#include <stdbool.h>

#include "abi/trap_frame.h"
#include "core/attributes.h"

/** May a thread run at this address? IRETQ and SYSRET fault in ring 0 on one that is not
 *  canonical; the upper half is the kernel's. */
MN_MUST_CHECK bool user_registers_rip_is_valid(uint64_t rip);

/**
 * Makes @p frame one that can be loaded: RFLAGS has what MN_RFLAGS_USER allows and
 * MN_RFLAGS_ALWAYS; vector, error, CS and SS, which ring 3 does not choose, are 0.
 *
 * False: RIP is not valid; @p frame is unchanged.
 */
MN_MUST_CHECK bool user_registers_admit(struct mn_trap_frame *frame);

#endif
