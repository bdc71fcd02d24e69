/**
 * ipc.c - SEND, RECV, CREATE_ENDPOINT, WATCH_BADGES, TAKE_GONE_BADGE.
 */
#include "mnos/ipc.h"
#include "mnos/syscall.h"

mn_status sys_send(uint64_t slot, uint64_t label, uint64_t data0, uint64_t data1)
{
    return syscall4(MN_SYS_SEND, slot, label, data0, data1);
}

mn_status sys_recv(uint64_t slot, struct mn_message *out_message)
{
    struct syscall_registers registers = {.rdi = slot};
    mn_status status = syscall_results(MN_SYS_RECV, &registers);

    if (status == MN_OK) {
        out_message->label = registers.rdi;
        out_message->data0 = registers.rsi;
        out_message->data1 = registers.rdx;
        out_message->badge = registers.r10;
    }
    return status;
}

mn_status sys_create_endpoint(uint64_t account, uint64_t target)
{
    struct syscall_registers registers = {.rdi = account, .rsi = target};
    return syscall_extended(MN_SYS_CREATE_ENDPOINT, &registers);
}

mn_status sys_watch_badges(uint64_t endpoint, uint64_t notification)
{
    struct syscall_registers registers = {.rdi = endpoint, .rsi = notification};
    return syscall_extended(MN_SYS_WATCH_BADGES, &registers);
}

mn_status sys_take_gone_badge(uint64_t endpoint, uint64_t *out_badge)
{
    struct syscall_registers registers = {.rdi = endpoint};
    mn_status status = syscall_extended(MN_SYS_TAKE_GONE_BADGE, &registers);

    if (status == MN_OK) {
        *out_badge = registers.rdi;
    }
    return status;
}
