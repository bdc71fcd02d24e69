/**
 * cap.c - CAP_INFO, MINT_CAP, MOVE_CAP and what is built on them.
 */
#include "mnos/cap.h"
#include "mnos/syscall.h"
#include <stddef.h>

mn_status sys_cap_info(uint64_t slot, struct mn_cap_info *out_info)
{
    struct syscall_registers registers = {.rdi = slot};
    mn_status status = syscall_extended(MN_SYS_CAP_INFO, &registers);

    if (status == MN_OK) {
        out_info->type = MN_CAP_INFO_TYPE(registers.rdi);
        out_info->rights = MN_CAP_INFO_RIGHTS(registers.rdi);
        out_info->a = registers.rsi;
        out_info->b = registers.rdx;
        out_info->c = registers.r10;
    }
    return status;
}

mn_status sys_mint_cap(uint64_t source, uint64_t target, uint64_t rights, uint64_t a,
                       uint64_t b)
{
    struct syscall_registers registers = {
        .rdi = source, .rsi = target, .rdx = rights, .r10 = a, .r8 = b};
    return syscall_extended(MN_SYS_MINT_CAP, &registers);
}

mn_status sys_move_cap(uint64_t process, uint64_t source, uint64_t target)
{
    struct syscall_registers registers = {.rdi = process, .rsi = source, .rdx = target};
    return syscall_extended(MN_SYS_MOVE_CAP, &registers);
}

mn_status sys_grow_cnode(uint64_t process, uint64_t slots)
{
    struct syscall_registers registers = {.rdi = process, .rsi = slots};

    return syscall_extended(MN_SYS_GROW_CNODE, &registers);
}

uint64_t mnos_cap_find_empty(uint64_t from)
{
    struct mn_cap_info info;

    for (uint64_t slot = from; sys_cap_info(slot, &info) == MN_OK; slot++) {
        if (info.type == MN_CAP_EMPTY) {
            return slot;
        }
    }
    return MNOS_NO_SLOT;
}

const char *mnos_cap_type_name(uint32_t type)
{
    static const char *const names[MN_CAP_TYPES] = {
        [MN_CAP_EMPTY] = "Empty",
        [MN_CAP_PMM_ALLOCATOR] = "PmmAllocator",
        [MN_CAP_IO_PORT] = "IoPort",
        [MN_CAP_PROCESS] = "Process",
        [MN_CAP_MEMORY_FRAME] = "MemoryFrame",
        [MN_CAP_ENDPOINT] = "Endpoint",
        [MN_CAP_INTERRUPT] = "Interrupt",
        [MN_CAP_MACHINE] = "Machine",
        [MN_CAP_NOTIFICATION] = "Notification",
        [MN_CAP_THREAD] = "Thread",
        [MN_CAP_BUDGET] = "Budget",
        [MN_CAP_INSPECTOR] = "Inspector",
        [MN_CAP_DEVICE_MEMORY] = "DeviceMemory",
        [MN_CAP_DMA] = "Dma",
    };
    return type < MN_CAP_TYPES && names[type] != NULL ? names[type] : "unknown";
}
