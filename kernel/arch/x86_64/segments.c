/**
 * segments.c - see segments.h.
 */
#include "arch/x86_64/segments.h"

#include "arch/x86_64/gdt.h"
#include "arch/x86_64/instructions.h"

/* In the kernel GS has its own base, and IA32_KERNEL_GS_BASE ring 3's (SWAPGS). */
enum { MSR_FS_BASE = 0xc0000100, MSR_GS_BASE, MSR_KERNEL_GS_BASE };

void segments_reset(struct cpu *cpu)
{
    gdt_load_segments();
    /* A selector of 0 may clear the base. */
    x86_wrmsr(MSR_GS_BASE, (uint64_t)cpu);
    segments_load_bases(0, 0);
}

void segments_load_bases(uint64_t fs_base, uint64_t gs_base)
{
    x86_wrmsr(MSR_FS_BASE, fs_base);
    x86_wrmsr(MSR_KERNEL_GS_BASE, gs_base);
}
