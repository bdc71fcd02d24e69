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
#include "abi/user_memory_map.h"
#include "core/attributes.h"
#include "core/bytes.h"
#include "core/trap_frame.h"

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

/** Sets a thread's frame to registers that were admitted. All of them are loaded when ring 3 is
 *  entered with it; a fault that waits for its answer is still that fault. */
void user_registers_load(struct trap_frame *frame,
                         const struct mn_trap_frame *admitted);

/** Tells the registers in @p frame, and the address @p address of a page fault. */
static inline void user_registers_tell(const struct trap_frame *frame, uint64_t address,
                                       struct mn_trap_frame *out_frame)
{
    memcpy(out_frame, frame, FRAME_SIZE);
    out_frame->address = address;
}

/** What a trap handler finds on its stack, RSP at the first byte: the frame is 16-aligned, so
 *  that it may be a C function, which never returns. */
struct user_trap_image {
    uint64_t return_address; /**< 0 */
    struct mn_trap_frame frame;
};

/** Makes what the handler of the exception in @p frame is to find, and answers the address, below
 *  @p stack_top, where it is to be. */
static inline uint64_t user_registers_trap(const struct trap_frame *frame,
                                           uint64_t address, uint64_t stack_top,
                                           struct user_trap_image *out_image)
{
    out_image->return_address = 0;
    user_registers_tell(frame, address, &out_image->frame);
    if (address >= MN_USER_LIMIT) {
        /* Whether anything is mapped there is not ring 3's to know. */
        out_image->frame.error |= MN_PAGE_FAULT_PROTECTION;
    }
    return stack_top - sizeof(*out_image) - sizeof(uint64_t);
}

/** Lets @p frame go on in the handler at @p rip, whose image is at @p stack. */
static inline void user_registers_enter_trap(struct trap_frame *frame, uint64_t rip,
                                             uint64_t stack)
{
    frame->rdi = stack + offsetof(struct user_trap_image, frame);
    frame->rsp = stack;
    frame->rip = rip;
    frame->rbp = 0;
    frame->rflags = MN_RFLAGS_ALWAYS;
}

#endif
