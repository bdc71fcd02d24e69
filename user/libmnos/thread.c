/**
 * thread.c - further threads of one's own process; OPEN_THREAD, CONTROL_THREAD,
 * READ_REGISTERS, WRITE_REGISTERS.
 */
#include "mnos/thread.h"
#include "mnos/process.h"
#include "mnos/syscall.h"

/** What start.S's mnos_thread_entry reads at the top of the new stack. */
struct mnos_thread_start {
    mnos_thread_function function;
    void *argument;
};
_Static_assert(sizeof(struct mnos_thread_start) == 16, "start.S reads it");

/** In start.S. Not to be called: it is where a thread begins. */
extern char mnos_thread_entry[];

mn_status mnos_thread_start(uint64_t process, const struct mnos_thread *thread)
{
    uintptr_t top = ((uintptr_t)thread->stack + thread->stack_size) & ~(uintptr_t)(15);
    struct mnos_thread_start *start = (struct mnos_thread_start *)top - 1;

    start->function = thread->function;
    start->argument = thread->argument;
    return sys_spawn_thread(process, (uintptr_t)mnos_thread_entry, (uintptr_t)start,
                            (uintptr_t)start, thread->cpu);
}

mn_status sys_open_thread(uint64_t process, uint64_t thread, uint64_t target)
{
    struct syscall_registers registers = {.rdi = process, .rsi = thread, .rdx = target};

    return syscall_extended(MN_SYS_OPEN_THREAD, &registers);
}

mn_status sys_control_thread(uint64_t slot, enum mn_thread_operation operation,
                             uint64_t value)
{
    struct syscall_registers registers = {.rdi = slot, .rsi = operation, .rdx = value};

    return syscall_extended(MN_SYS_CONTROL_THREAD, &registers);
}

mn_status sys_read_registers(uint64_t slot, struct mn_trap_frame *out_frame,
                             struct mnos_thread_bases *out_bases)
{
    struct syscall_registers registers = {.rdi = slot, .rsi = (uintptr_t)out_frame};
    mn_status status = syscall_extended(MN_SYS_READ_REGISTERS, &registers);

    if (status == MN_OK) {
        *out_bases = (struct mnos_thread_bases){registers.rdi, registers.rsi};
    }
    return status;
}

mn_status sys_write_registers(uint64_t slot, const struct mn_trap_frame *frame)
{
    struct syscall_registers registers = {.rdi = slot, .rsi = (uintptr_t)frame};

    return syscall_extended(MN_SYS_WRITE_REGISTERS, &registers);
}
