/**
 * user_registers.c - see user_registers.h.
 */
#include "core/user_registers.h"

#include "abi/user_memory_map.h"

bool user_registers_rip_is_valid(uint64_t rip)
{
    return rip < MN_USER_LIMIT;
}

bool user_registers_admit(struct mn_trap_frame *frame)
{
    if (!user_registers_rip_is_valid(frame->rip)) {
        return false;
    }
    frame->rflags = (frame->rflags & MN_RFLAGS_USER) | MN_RFLAGS_ALWAYS;
    frame->vector = 0;
    frame->error = 0;
    frame->cs = 0;
    frame->ss = 0;
    return true;
}
