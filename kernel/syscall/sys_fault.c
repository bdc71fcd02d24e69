/**
 * sys_fault.c - SET_TRAP_HANDLER, TRAP_RETURN, SET_FAULT_HANDLER.
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

/** Whose fault handler is set: a process's or a thread's, both [EXEC]. */
static mn_status lookup_handler(uint64_t index, struct slot **out_handler)
{
    const struct slot *slot = cnode_slot(&lookup_self()->cnode, index);
    struct process *process;
    struct thread *thread;
    mn_status status;

    if (slot != NULL && slot_type(slot) == MN_CAP_THREAD) {
        status = lookup_thread(index, MN_RIGHT_EXEC, &thread);
        if (status == MN_OK) {
            *out_handler = &thread->fault.handler;
        }
        return status;
    }
    status = lookup_process(index, MN_RIGHT_EXEC, &process);
    if (status == MN_OK) {
        *out_handler = &process->fault_handler;
    }
    return status;
}

uint64_t syscall_set_fault_handler(struct trap_frame *frame)
{
    static const struct capability_copy how = {.rights = MN_RIGHT_WRITE};
    struct slot *handler;
    struct slot *endpoint = NULL;
    mn_status status = lookup_handler(frame->rdi, &handler);

    if (status == MN_OK && frame->rsi != 0) {
        status = lookup(frame->rsi, MN_CAP_ENDPOINT, MN_RIGHT_WRITE | MN_RIGHT_GRANT,
                        &endpoint);
    }
    if (status != MN_OK) {
        return status;
    }
    if (!slot_is_empty(handler)) {
        if (capability_shrink(handler)) {
            thread_restart_syscall();
        }
        capability_drop(handler);
    }
    if (endpoint != NULL) {
        status = capability_copy(endpoint, handler, &how);
    }
    return scheduler_return(status);
}
