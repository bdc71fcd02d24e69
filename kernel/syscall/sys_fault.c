/**
 * sys_fault.c - SET_TRAP_HANDLER, TRAP_RETURN.
 */
#include "abi/user_memory_map.h"
#include "core/bits.h"
#include "core/user_registers.h"
#include "process/trap_handler.h"
#include "sched/scheduler.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

/** So that the handler may be a C function. */
enum { STACK_ALIGNMENT = 16 };

uint64_t syscall_set_trap_handler(struct trap_frame *frame)
{
    struct thread *thread = thread_current();

    if (!user_registers_rip_is_valid(frame->rdi) || frame->rsi > MN_USER_LIMIT ||
        !bits_is_aligned(frame->rsi, STACK_ALIGNMENT)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    thread->trap.rip = frame->rdi;
    thread->trap.stack_top = frame->rsi;
    return MN_OK;
}

uint64_t syscall_trap_return(struct trap_frame *frame)
{
    mn_status status = trap_handler_return(frame->rdi);

    if (status != MN_OK) {
        return status;
    }
    scheduler_leave(false);
}
