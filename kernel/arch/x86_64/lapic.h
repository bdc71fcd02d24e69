/**
 * lapic.h - the local APIC of each CPU, xAPIC by its registers in memory or x2APIC by MSRs
 * (SDM volume 3, chapter 10).
 */
#ifndef ARCH_X86_64_LAPIC_H
#define ARCH_X86_64_LAPIC_H

#include <stdbool.h>
#include <stdint.h>

/**
 * On the boot CPU: chooses the mode. x2APIC where the firmware left it on, or where the
 * CPU has it; @p registers, the mapped registers (4 KiB, borrowed for ever), else.
 */
void lapic_init(volatile void *registers);

/** On each CPU: enables it with its spurious and error vectors, all else masked. */
void lapic_init_cpu(void);

/** Is x2APIC mode in use (lapic_init() needs no registers in memory then)? */
bool lapic_is_x2apic(void);

/** The physical address of the registers (IA32_APIC_BASE). */
uint64_t lapic_physical_base(void);

/** This CPU's APIC ID. */
uint32_t lapic_id(void);

/** End of interrupt. */
void lapic_eoi(void);

/** Sends interrupt @p vector to the CPU with APIC ID @p lapic_id. */
void lapic_send_ipi(uint32_t lapic_id, uint8_t vector);

/** Sends a non-maskable interrupt to the CPU with APIC ID @p lapic_id. */
void lapic_send_nmi(uint32_t lapic_id);

/** Sends INIT to a CPU (level assert, then de-assert where the xAPIC wants it). */
void lapic_send_init(uint32_t lapic_id);

/** Sends STARTUP: the CPU begins in real mode at @p page, a page number below 256. */
void lapic_send_startup(uint32_t lapic_id, uint8_t page);

/** The timer of this CPU's local APIC: mode bits of its LVT entry. */
enum lapic_timer_mode { LAPIC_TIMER_ONE_SHOT = 0, LAPIC_TIMER_TSC_DEADLINE = 2u << 17 };

/** Sets the timer's mode and vector, and its divider to 1 tick of 16. */
void lapic_timer_set_mode(enum lapic_timer_mode mode, uint8_t vector, bool masked);

/** One-shot: begins to count down from @p ticks; 0 stops it. */
void lapic_timer_set_count(uint32_t ticks);

/** One-shot: ticks left. */
uint32_t lapic_timer_count(void);

#endif
