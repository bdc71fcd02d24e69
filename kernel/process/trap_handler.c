/**
 * trap_handler.c - see trap_handler.h.
 */
#include "process/trap_handler.h"

#include "arch/x86_64/user_copy.h"
#include "core/user_registers.h"
#include "sched/thread.h"

bool trap_handler_enter(struct trap_frame *frame, uint64_t address)
{
    struct thread *thread = thread_current();
    struct user_trap_image image;
    uint64_t stack =
        user_registers_trap(frame, address, thread->trap.stack_top, &image);

    if (thread->trap.handling || !user_copy_out(stack, &image, sizeof(image))) {
        return false;
    }
    thread->trap.handling = true;
    user_registers_enter_trap(frame, thread->trap.rip, stack);
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
    user_registers_load(&thread->frame, &wanted);
    return MN_OK;
}
