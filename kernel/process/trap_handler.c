/**
 * trap_handler.c - see trap_handler.h.
 */
#include "process/trap_handler.h"

#include "abi/trap_frame.h"
#include "abi/user_memory_map.h"
#include "arch/x86_64/user_copy.h"
#include "core/bytes.h"
#include "core/user_registers.h"
#include "sched/thread.h"

_Static_assert(offsetof(struct mn_trap_frame, rdi) ==
                       offsetof(struct trap_frame, rdi) &&
                   offsetof(struct mn_trap_frame, vector) == FRAME_VECTOR &&
                   offsetof(struct mn_trap_frame, ss) == FRAME_SS &&
                   offsetof(struct mn_trap_frame, address) == FRAME_SIZE,
               "the two frames begin alike");

/** What a handler finds on its stack, RSP at the first byte: the frame is 16-aligned, so
 *  that it may be a C function, which never returns. */
struct handler_stack {
    uint64_t return_address; /**< 0 */
    struct mn_trap_frame frame;
};

bool trap_handler_enter(struct trap_frame *frame, uint64_t address)
{
    struct thread *thread = thread_current();
    struct handler_stack image = {.frame.address = address};
    uint64_t stack = thread->trap.stack_top - sizeof(image) - sizeof(uint64_t);

    if (thread->trap.handling) {
        return false;
    }
    memcpy(&image.frame, frame, FRAME_SIZE);
    if (address >= MN_USER_LIMIT) {
        /* Whether anything is mapped there is not ring 3's to know. */
        image.frame.error |= MN_PAGE_FAULT_PROTECTION;
    }
    if (!user_copy_out(stack, &image, sizeof(image))) {
        return false;
    }
    thread->trap.handling = true;
    frame->rdi = stack + offsetof(struct handler_stack, frame);
    frame->rsp = stack;
    frame->rip = thread->trap.rip;
    frame->rbp = 0;
    frame->rflags = MN_RFLAGS_ALWAYS;
    return true;
}

mn_status trap_handler_return(uint64_t address)
{
    struct thread *thread = thread_current();
    struct mn_trap_frame wanted;

    if (!thread->trap.handling) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (!user_copy_in(&wanted, address, sizeof(wanted))) {
        return MN_ERROR_BAD_ADDRESS;
    }
    if (!user_registers_admit(&wanted)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    thread->trap.handling = false;
    trap_handler_load(&thread->frame, &wanted);
    return MN_OK;
}

void trap_handler_load(struct trap_frame *frame, const struct mn_trap_frame *admitted)
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
