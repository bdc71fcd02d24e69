/**
 * sys_thread.c - OPEN_THREAD, CONTROL_THREAD, READ_REGISTERS, WRITE_REGISTERS.
 */
#include "abi/thread.h"
#include "arch/x86_64/user_copy.h"
#include "process/thread_cap.h"
#include "process/thread_control.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

/** The thread of this id; NULL: the process has none. They stand in the order of their ids,
 *  the newest last. */
static struct thread *find(const struct process *process, uint64_t id)
{
    struct list_node *node = process->threads.previous;

    while (node != &process->threads) {
        struct thread *thread = container_of(node, struct thread, siblings);

        if (thread->id <= id) {
            return thread->id == id ? thread : NULL;
        }
        node = node->previous;
    }
    return NULL;
}

uint64_t syscall_open_thread(struct trap_frame *frame)
{
    struct thread *thread = thread_current();
    struct process *process;
    struct slot *target;
    mn_status status = MN_OK;

    if (frame->rdi != 0 || frame->rsi != MN_THREAD_SELF) {
        status = lookup_process(frame->rdi, MN_RIGHT_EXEC, &process);
    }
    if (status == MN_OK) {
        status = cnode_lookup_empty(&lookup_self()->cnode, frame->rdx, &target);
    }
    if (status != MN_OK) {
        return status;
    }
    if (frame->rdi != 0) {
        thread = find(process, frame->rsi);
        if (thread == NULL) {
            return MN_ERROR_INVALID_ARGUMENT;
        }
    }
    return thread_cap_open(thread, target);
}

uint64_t syscall_control_thread(struct trap_frame *frame)
{
    uint64_t operation = frame->rsi;
    bool kill = operation == MN_THREAD_KILL;
    struct thread *thread;
    mn_status status =
        lookup_thread(frame->rdi, kill ? MN_RIGHT_REVOKE : MN_RIGHT_WRITE, &thread);

    if (status == MN_OK) {
        return thread_control(thread, operation, frame->rdx);
    }
    /* It is what was wanted, or this is the call made anew that has ended it. */
    return kill && status == MN_ERROR_GONE ? MN_OK : status;
}

uint64_t syscall_read_registers(struct trap_frame *frame)
{
    struct mn_trap_frame registers;
    struct thread *thread;
    mn_status status = lookup_thread(frame->rdi, MN_RIGHT_READ, &thread);

    if (status == MN_OK) {
        status = thread_control_read(thread, &registers);
    }
    if (status != MN_OK) {
        return status;
    }
    if (!user_copy_out(frame->rsi, &registers, sizeof(registers))) {
        return MN_ERROR_BAD_ADDRESS;
    }
    frame->rdi = thread->fs_base;
    frame->rsi = thread->gs_base;
    return MN_OK;
}

uint64_t syscall_write_registers(struct trap_frame *frame)
{
    struct mn_trap_frame registers;
    struct thread *thread;
    mn_status status = lookup_thread(frame->rdi, MN_RIGHT_WRITE, &thread);

    if (status != MN_OK) {
        return status;
    }
    if (!user_copy_in(&registers, frame->rsi, sizeof(registers))) {
        return MN_ERROR_BAD_ADDRESS;
    }
    return thread_control_write(thread, &registers);
}
