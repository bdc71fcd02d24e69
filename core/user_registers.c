/**
 * user_registers.c - see user_registers.h.
 */
#include "core/user_registers.h"

#include "abi/user_memory_map.h"
#include "core/bytes.h"

_Static_assert(offsetof(struct mn_trap_frame, rdi) ==
                       offsetof(struct trap_frame, rdi) &&
                   offsetof(struct mn_trap_frame, vector) == FRAME_VECTOR &&
                   offsetof(struct mn_trap_frame, ss) == FRAME_SS &&
                   offsetof(struct mn_trap_frame, address) == FRAME_SIZE,
               "the two frames begin alike");

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

void user_registers_load(struct trap_frame *frame, const struct mn_trap_frame *admitted)
{
    uint64_t vector = frame->vector;
    uint64_t error = frame->error;

    memcpy(frame, admitted, FRAME_SIZE);
    /* A fault that waits for its answer is still that fault. A frame of SYSCALL becomes one
       of which every register is loaded. */
    if (vector != FRAME_VECTOR_SYSCALL) {
        frame->vector = vector;
        frame->error = error;
    }
    frame->cs = SELECTOR_USER_CODE;
    frame->ss = SELECTOR_USER_DATA;
}
