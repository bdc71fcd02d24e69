/**
 * machine.c - READ_LOG and END_MACHINE.
 */
#include "mnos/machine.h"
#include "mnos/syscall.h"

mn_status sys_read_log(uint64_t machine, char *buffer, size_t size, uint64_t offset,
                       uint64_t flags, struct mnos_log_piece *out_piece)
{
    struct syscall_registers registers = {.rdi = machine,
                                          .rsi = (uint64_t)(uintptr_t)buffer,
                                          .rdx = size,
                                          .r10 = offset,
                                          .r8 = flags};
    mn_status copied = syscall_extended(MN_SYS_READ_LOG, &registers);

    if (mn_is_error(copied)) {
        return copied;
    }
    out_piece->offset = registers.rdi;
    out_piece->size = copied;
    return MN_OK;
}

mn_status sys_end_machine(uint64_t machine, uint64_t end)
{
    struct syscall_registers registers = {.rdi = machine, .rsi = end};
    return syscall_extended(MN_SYS_END_MACHINE, &registers);
}
