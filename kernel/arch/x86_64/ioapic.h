/**
 * ioapic.h - the I/O APICs (ICH9 datasheet 13.5; ACPI 6.5, 5.2.12) and the old 8259s.
 *
 * Interrupt lines are numbered as core/irq_lines.h says. Line n comes at vector VECTOR_IRQ + n. Lock: its own, taken last.
 */
#ifndef ARCH_X86_64_IOAPIC_H
#define ARCH_X86_64_IOAPIC_H

#include "core/acpi.h"
#include <stdbool.h>
#include <stdint.h>

/** One I/O APIC as ioapic_init() takes it. */
struct ioapic_window {
    volatile void *registers; /**< mapped, borrowed for ever */
    uint32_t gsi_base;        /**< its first global system interrupt */
};

/**
 * Masks every input of every I/O APIC, and the 8259s, moved to VECTOR_8259.
 *
 * @p overrides (borrowed for the call) are the MADT's. More than ACPI_IOAPIC_MAX windows
 * are a bug.
 */
void ioapic_init(const struct ioapic_window *windows, uint32_t window_count,
                 const struct acpi_override *overrides, uint32_t override_count);

/** How many lines there are: from 0 to one less. At most VECTOR_IRQ_LINES. */
uint32_t ioapic_line_count(void);

/** Does @p line lead to an input of an I/O APIC? */
bool ioapic_has_line(uint32_t line);

/** Sends @p line to the CPU with @p lapic_id (below 256), and leaves it masked. */
void ioapic_route(uint32_t line, uint32_t lapic_id);

/** Blocks @p line, or lets it through. */
void ioapic_mask(uint32_t line);
void ioapic_unmask(uint32_t line);

/** Is @p line level-triggered (else edge)? */
bool ioapic_is_level(uint32_t line);

#endif
