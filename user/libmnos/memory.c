/**
 * memory.c - UNMAP_MEMORY.
 */
#include "mnos/memory.h"
#include "mnos/syscall.h"

mn_status sys_unmap_memory(uint64_t process, uint64_t vaddr, uint64_t pages)
{
    struct syscall_registers registers = {.rdi = process, .rsi = vaddr, .rdx = pages};
    return syscall_extended(MN_SYS_UNMAP_MEMORY, &registers);
}
