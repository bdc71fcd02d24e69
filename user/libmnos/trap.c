/**
 * trap.c - SET_TRAP_HANDLER, TRAP_RETURN, and handlers that are C functions.
 */
#include "mnos/trap.h"

#include "mnos/syscall.h"

/** What trap_entry.S reads, right above the stack that the kernel is told of. */
struct trap_start {
    mnos_trap_function *function;
    uint64_t save_size;   /**< bytes of the XSAVE area; 0: FXSAVE */
    uint64_t trap_return; /**< the system call's number */
    uint64_t reserved;
};
_Static_assert(sizeof(struct trap_start) == 32, "trap_entry.S reads it");

/** In trap_entry.S. Not to be called: it is where the kernel goes on. */
extern char mnos_trap_entry[];

enum { CPUID_OSXSAVE = 1 << 27, CPUID_XSAVE = 0xd };

/** CPUID's ECX (leaf 1), or EBX (others), of subleaf 0. */
static uint32_t cpuid(uint32_t leaf)
{
    uint32_t eax = leaf;
    uint32_t ebx;
    uint32_t ecx = 0;
    uint32_t edx;

    __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    return leaf == 1 ? ecx : ebx;
}

/** The XSAVE area for what is switched on; 0 where there is no XSAVE. */
static uint64_t save_size(void)
{
    return (cpuid(1) & CPUID_OSXSAVE) != 0 ? cpuid(CPUID_XSAVE) : 0;
}

mn_status mnos_trap_handler_set(mnos_trap_function *function, void *stack, size_t size)
{
    struct trap_start *start;

    if (size < MNOS_TRAP_STACK_MIN) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    start = (struct trap_start *)(((uintptr_t)stack + size) & ~(uintptr_t)15) - 1;
    *start = (struct trap_start){function, save_size(), MN_SYS_TRAP_RETURN, 0};
    return sys_set_trap_handler((uintptr_t)mnos_trap_entry, (uintptr_t)start);
}

void mnos_trap_handler_clear(void)
{
    (void)!sys_set_trap_handler(0, 0);
}

mn_status sys_set_trap_handler(uint64_t rip, uint64_t stack_top)
{
    struct syscall_registers registers = {.rdi = rip, .rsi = stack_top};

    return syscall_extended(MN_SYS_SET_TRAP_HANDLER, &registers);
}

mn_status sys_trap_return(const struct mn_trap_frame *frame)
{
    struct syscall_registers registers = {.rdi = (uintptr_t)frame};

    return syscall_extended(MN_SYS_TRAP_RETURN, &registers);
}
