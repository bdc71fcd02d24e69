/**
 * gdt.h - each CPU's segment descriptors and task state segment (SDM volume 3, 3.4.5, 8.7).
 *
 * The selectors are in trap_frame.h. NMI, double fault, machine check and #DB have
 * stacks of their own, because they may come where RSP is ring 3's.
 */
#ifndef ARCH_X86_64_GDT_H
#define ARCH_X86_64_GDT_H

#include "arch/x86_64/cpu.h"

/**
 * Fills @p cpu's GDT and TSS and loads them on this CPU with the segment registers, LDT
 * none, and GS base @p cpu (IA32_KERNEL_GS_BASE 0).
 */
void gdt_init(struct cpu *cpu);

/** entry.S: loads the selectors of kernel code and stack, and 0 into DS, ES, FS and GS, whose
 *  bases it may clear. */
void gdt_load_segments(void);

#endif
