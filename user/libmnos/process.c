/**
 * process.c - the calls on processes, their memory, capabilities and threads.
 */
#include "mnos/process.h"
#include "mnos/syscall.h"

mn_status sys_spawn_process(uint64_t account)
{
    return syscall4(MN_SYS_SPAWN_PROCESS, account, 0, 0, 0);
}

mn_status sys_alloc_memory(uint64_t account, uint64_t target, uint64_t order)
{
    return syscall4(MN_SYS_ALLOC_MEMORY, account, target, order, 0);
}

mn_status sys_map_memory(uint64_t process, uint64_t frame, uint64_t vaddr,
                         uint64_t flags)
{
    return syscall4(MN_SYS_MAP_MEMORY, process, frame, vaddr, flags);
}

mn_status sys_delegate(uint64_t process, uint64_t source, uint64_t target,
                       uint64_t rights)
{
    return syscall4(MN_SYS_DELEGATE, process, source, target, rights);
}

mn_status sys_spawn_thread(uint64_t process, uint64_t rip, uint64_t rsp,
                           uint64_t argument, uint64_t cpu)
{
    struct syscall_registers registers = {
        .rdi = process, .rsi = rip, .rdx = rsp, .r10 = argument, .r8 = cpu};
    return syscall_results(MN_SYS_SPAWN_THREAD, &registers);
}

mn_status sys_drop_cap(uint64_t slot)
{
    return syscall4(MN_SYS_DROP_CAP, slot, 0, 0, 0);
}

mn_status sys_kill_process(uint64_t process, uint64_t exit_code)
{
    struct syscall_registers registers = {.rdi = process, .rsi = exit_code};
    return syscall_extended(MN_SYS_KILL_PROCESS, &registers);
}

mn_status sys_wait_process(uint64_t process, uint64_t *out_exit_code)
{
    struct syscall_registers registers = {.rdi = process};
    mn_status status = syscall_extended(MN_SYS_WAIT_PROCESS, &registers);

    if (status == MN_OK) {
        *out_exit_code = registers.rdi;
    }
    return status;
}

_Noreturn void sys_exit(uint64_t code)
{
    (void)syscall4(MN_SYS_EXIT, code, 0, 0, 0);
    __builtin_unreachable();
}

void sys_yield(void)
{
    (void)syscall_plain(MN_SYS_YIELD);
}

uint64_t sys_thread_id(void)
{
    return syscall_plain(MN_SYS_THREAD_ID);
}
