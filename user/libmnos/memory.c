/**
 * memory.c - UNMAP_MEMORY, FRAME_ADDRESS.
 */
#include "mnos/memory.h"
#include "mnos/syscall.h"

mn_status sys_unmap_memory(uint64_t process, uint64_t vaddr, uint64_t pages)
{
    struct syscall_registers registers = {.rdi = process, .rsi = vaddr, .rdx = pages};
    return syscall_extended(MN_SYS_UNMAP_MEMORY, &registers);
}

mn_status sys_frame_address(uint64_t dma, uint64_t frame, uint64_t *out_address)
{
    struct syscall_registers registers = {.rdi = dma, .rsi = frame};
    mn_status status = syscall_extended(MN_SYS_FRAME_ADDRESS, &registers);

    if (status == MN_OK) {
        *out_address = registers.rdi;
    }
    return status;
}

mn_status mnos_frame_address_forget(uint64_t dma, uint64_t frame)
{
    struct syscall_registers registers = {
        .rdi = dma, .rsi = frame, .rdx = MN_FRAME_ADDRESS_FORGET};

    return syscall_extended(MN_SYS_FRAME_ADDRESS, &registers);
}

mn_status sys_protect_memory(uint64_t process, uint64_t vaddr, uint64_t pages,
                             uint64_t flags)
{
    struct syscall_registers registers = {
        .rdi = process, .rsi = vaddr, .rdx = pages, .r10 = flags};

    return syscall_extended(MN_SYS_PROTECT_MEMORY, &registers);
}
