/**
 * fault.c - SET_FAULT_HANDLER.
 */
#include "mnos/fault.h"

#include "mnos/syscall.h"

mn_status sys_set_fault_handler(uint64_t target, uint64_t endpoint)
{
    struct syscall_registers registers = {.rdi = target, .rsi = endpoint};

    return syscall_extended(MN_SYS_SET_FAULT_HANDLER, &registers);
}
