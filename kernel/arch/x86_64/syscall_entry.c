/**
 * syscall_entry.c - see syscall_entry.h.
 */
#include "arch/x86_64/syscall_entry.h"

#include "arch/x86_64/entry.h"
#include "arch/x86_64/instructions.h"

#define MSR_STAR  0xc0000081u
#define MSR_LSTAR 0xc0000082u
#define MSR_CSTAR 0xc0000083u
#define MSR_FMASK 0xc0000084u

/** SYSCALL clears TF, IF, DF, IOPL, NT and AC. */
#define FMASK_CLEARED 0x47700u

_Static_assert(SELECTOR_KERNEL_DATA == SELECTOR_KERNEL_CODE + 8, "SYSCALL's SS");
_Static_assert(SELECTOR_USER_CODE == SELECTOR_USER_DATA + 8, "SYSRET's CS and SS");

void syscall_entry_init_cpu(void)
{
    uint64_t user_base = (SELECTOR_USER_DATA & ~3u) - 8;

    x86_wrmsr(MSR_STAR, (uint64_t)SELECTOR_KERNEL_CODE << 32 | (user_base | 3) << 48);
    x86_wrmsr(MSR_LSTAR, (uint64_t)entry_syscall);
    /* SYSCALL in compatibility mode, where an AMD processor has it, goes nowhere. */
    x86_wrmsr(MSR_CSTAR, 0);
    x86_wrmsr(MSR_FMASK, FMASK_CLEARED);
}
