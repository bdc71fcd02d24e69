/**
 * smp.h - starts the other CPUs, by INIT and STARTUP (SDM volume 3, 8.4) or by the door
 * that a boot loader left open for each.
 */
#ifndef ARCH_X86_64_SMP_H
#define ARCH_X86_64_SMP_H

#include "arch/x86_64/cpu.h"
#include "core/boot_info.h"
#include <stdint.h>

_Static_assert(BOOT_CPU_MAX == CPU_MAX, "as many as can be started");

/**
 * Starts @p count CPUs, after timer_init(). Those beyond CPU_MAX are left asleep, with a line
 * in the log.
 *
 * For each @p allocate gives the structure (owned by the caller, zeroed); smp fills in
 * self, index, lapic_id and stack_top, and puts it into cpu_table, cpu_count counting
 * it once the CPU has answered. One that does not in a second is left out with a line in
 * the log. Each then waits, with its GDT, IDT, local APIC and features set up, on the
 * kernel's own CR3, until smp_release().
 *
 * @p trampoline is the physical address of TRAMPOLINE_PAGES free pages below 1 MiB; 0: CPUs
 * that need them are left asleep. They may be freed afterwards.
 */
void smp_start(const struct boot_cpu *targets, uint32_t count, uint64_t trampoline,
               struct cpu *(*allocate)(uint32_t index));

/** Lets the CPUs go: each flushes its TLB, sets up its timer and calls @p run on its own
 *  stack with interrupts off. */
void smp_release(void (*run)(struct cpu *cpu) __attribute__((noreturn)));

/** In a panic: stops the other CPUs that run, by NMI. One that was never started must not
 *  get any: an emulated CPU may take it before it has an IDT. */
void smp_stop_others(void);

#endif
