/**
 * trampoline.h - the first instructions of another CPU.
 *
 * By INIT and STARTUP a CPU begins in real mode in a page below 1 MiB, to which
 * trampoline_start to trampoline_end is copied. It goes to 64-bit mode on page tables in
 * the three pages behind, which map that page at its physical address and the kernel, and
 * from there to the kernel's own CR3 and smp_cpu_main().
 */
#ifndef ARCH_X86_64_TRAMPOLINE_H
#define ARCH_X86_64_TRAMPOLINE_H

/** The code's page, and a PML4, a PDPT and a page directory. */
#define TRAMPOLINE_PAGES 4

#define TRAMPOLINE_CODE_SELECTOR 8

#ifndef __ASSEMBLER__
#include "arch/x86_64/cpu.h"
#include <stdint.h>

extern const uint8_t trampoline_start[];
extern const uint8_t trampoline_end[];

/** The words in the copy that say where it lies, and the control registers to load. */
struct trampoline_words {
    uint16_t gdt_limit;
    uint32_t gdt_base;
    uint32_t jump_offset; /**< far pointer to the 64-bit code */
    uint16_t jump_selector;
    uint32_t cr3;
    uint32_t efer;
} __attribute__((packed));
_Static_assert(sizeof(struct trampoline_words) == 20, "trampoline.S");

extern const struct trampoline_words trampoline_words;

/** The GDT and the 64-bit code, in the part that is copied. */
extern const uint8_t trampoline_gdt[];
extern const uint8_t trampoline_long_mode[];

/** Where a boot loader sends a CPU that it has parked in 64-bit mode. */
extern const uint8_t trampoline_goto[];

/** Read by the kernel's part of the trampoline: the kernel's CR3, and the structure of the
 *  CPU that starts, which takes it by exchanging it for NULL. */
extern uint64_t smp_cr3;
extern struct cpu *smp_starting;

/** Called by the trampoline on the stack of @p cpu. */
_Noreturn void smp_cpu_main(struct cpu *cpu);
#endif
#endif
