/**
 * idt.h - the interrupt descriptor table, which all CPUs share (SDM volume 3, 6.10).
 *
 * Gate n goes to entry_stubs + n * ENTRY_STUB_SIZE with interrupts off; only ring 0 may
 * raise a vector with INT, #BP and #OF excepted.
 */
#ifndef ARCH_X86_64_IDT_H
#define ARCH_X86_64_IDT_H

/** Fills the table. Once, on the boot CPU. */
void idt_init(void);

/** Loads the table on this CPU. */
void idt_load(void);

#endif
