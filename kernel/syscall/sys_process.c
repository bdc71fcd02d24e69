/**
 * sys_process.c - EXIT, SPAWN_PROCESS, SPAWN_THREAD, KILL_PROCESS, WAIT_PROCESS, YIELD,
 * THREAD_ID.
 */
#include "abi/user_memory_map.h"
#include "arch/x86_64/cpu.h"
#include "cap/account_cap.h"
#include "sched/scheduler.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

uint64_t syscall_exit(struct trap_frame *frame)
{
    process_exit_thread(frame->rdi);
}

uint64_t syscall_spawn_process(struct trap_frame *frame)
{
    struct cnode *cnode = &lookup_self()->cnode;
    uint64_t index;
    struct account *account = lookup_self()->account;
    struct process *process;
    mn_status status = frame->rdi == 0 ? MN_OK : lookup_account(frame->rdi, &account);

    if (status != MN_OK) {
        return status;
    }
    index = cnode_find_empty(cnode);
    if (index == CNODE_SEARCHES) {
        thread_restart_syscall();
    }
    if (index == 0) {
        return MN_ERROR_SLOT_OCCUPIED;
    }
    process = process_create(account, lookup_self());
    if (process == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    capability_install(cnode_slot(cnode, index), &account_cap_of(account)->anchor,
                       SLOT_WORD(MN_CAP_PROCESS, MN_RIGHTS_ALL), process, 0);
    process_ops.retain(cnode_slot(cnode, index));
    return index;
}

uint64_t syscall_spawn_thread(struct trap_frame *frame)
{
    uint64_t cpu = frame->r8 == 0 ? cpu_this()->index : frame->r8 - 1;
    struct thread_start start = {frame->rsi, frame->rdx, frame->r10, (uint32_t)cpu};
    struct process *process;
    mn_status status = lookup_process(frame->rdi, MN_RIGHT_EXEC, &process);

    if (status != MN_OK) {
        return status;
    }
    if (cpu >= cpu_count || start.rip >= MN_USER_LIMIT || start.rsp > MN_USER_LIMIT) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    return scheduler_return(process_start_thread(process, &start));
}

uint64_t syscall_kill_process(struct trap_frame *frame)
{
    struct process *process;
    mn_status status = lookup_process(frame->rdi, MN_RIGHT_REVOKE, &process);

    if (status != MN_OK) {
        return status;
    }
    process_end(process, frame->rsi);
    if (thread_current() == NULL) {
        scheduler_run();
    }
    return MN_OK;
}

uint64_t syscall_wait_process(struct trap_frame *frame)
{
    struct slot *slot;
    struct process *process;
    mn_status status = lookup(frame->rdi, MN_CAP_PROCESS, MN_RIGHT_READ, &slot);

    if (status != MN_OK) {
        return status;
    }
    process = slot->object;
    if (process == lookup_self()) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (process->state == MN_PROCESS_GONE) {
        frame->rdi = process->exit_code;
        return MN_OK;
    }
    process_wait(process, slot);
}

uint64_t syscall_yield(struct trap_frame *frame)
{
    (void)frame;
    return scheduler_yield();
}

uint64_t syscall_thread_id(struct trap_frame *frame)
{
    (void)frame;
    return thread_current()->id;
}
