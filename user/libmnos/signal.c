/**
 * signal.c - CREATE_NOTIFICATION, SIGNAL, WAIT_SIGNAL, BIND_SIGNAL.
 */
#include "mnos/signal.h"
#include "mnos/syscall.h"

mn_status sys_create_notification(uint64_t account, uint64_t target)
{
    struct syscall_registers registers = {.rdi = account, .rsi = target};

    return syscall_extended(MN_SYS_CREATE_NOTIFICATION, &registers);
}

mn_status sys_signal(uint64_t slot, uint64_t bits)
{
    struct syscall_registers registers = {.rdi = slot, .rsi = bits};

    return syscall_extended(MN_SYS_SIGNAL, &registers);
}

static mn_status wait(uint64_t slot, uint64_t flags, uint64_t deadline_ns,
                      uint64_t *out_bits)
{
    struct syscall_registers registers = {
        .rdi = slot, .rsi = flags, .rdx = deadline_ns};
    mn_status status = syscall_extended(MN_SYS_WAIT_SIGNAL, &registers);

    if (status == MN_OK) {
        *out_bits = registers.rdi;
    }
    return status;
}

mn_status sys_wait_signal(uint64_t slot, uint64_t flags, uint64_t *out_bits)
{
    return wait(slot, flags, 0, out_bits);
}

mn_status sys_wait_signal_until(uint64_t slot, uint64_t deadline_ns, uint64_t *out_bits)
{
    return wait(slot, MN_WAIT_SIGNAL_DEADLINE, deadline_ns, out_bits);
}

mn_status sys_bind_signal(uint64_t slot)
{
    struct syscall_registers registers = {.rdi = slot};

    return syscall_extended(MN_SYS_BIND_SIGNAL, &registers);
}
