/**
 * authority.c - REVOKE, CREATE_ACCOUNT, CLOSE_ACCOUNT.
 */
#include "mnos/authority.h"
#include "mnos/syscall.h"

mn_status sys_revoke(uint64_t slot)
{
    struct syscall_registers registers = {.rdi = slot};

    return syscall_extended(MN_SYS_REVOKE, &registers);
}

mn_status sys_create_account(uint64_t parent, uint64_t target, uint64_t frames)
{
    struct syscall_registers registers = {.rdi = parent, .rsi = target, .rdx = frames};

    return syscall_extended(MN_SYS_CREATE_ACCOUNT, &registers);
}

mn_status sys_close_account(uint64_t slot)
{
    struct syscall_registers registers = {.rdi = slot};

    return syscall_extended(MN_SYS_CLOSE_ACCOUNT, &registers);
}
