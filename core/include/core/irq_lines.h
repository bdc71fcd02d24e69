/**
 * irq_lines.h - interrupt lines and the inputs of I/O APICs that they come in by.
 *
 * Lines 0 to 15 are ISA interrupts, which go through the MADT's overrides (ACPI 6.5,
 * 5.2.12.5); from 16 on the line is the global system interrupt of that number, and PCI's:
 * level-triggered, active low (PCI 3.0, 2.2.6). Pure.
 */
#ifndef CORE_IRQ_LINES_H
#define CORE_IRQ_LINES_H

#include "core/acpi.h"

enum { IRQ_LINES_ISA = 16 };

/** Bits of an I/O APIC's redirection entry (82093AA datasheet, 3.2.4). */
#define IRQ_LINES_ACTIVE_LOW (1u << 13)
#define IRQ_LINES_LEVEL      (1u << 15)

struct irq_lines {
    struct acpi_override isa[IRQ_LINES_ISA];
};

/** Takes the MADT's overrides, borrowed for the call. */
void irq_lines_init(struct irq_lines *lines, const struct acpi_override *overrides,
                    uint32_t count);

/** The global system interrupt of a line. */
uint32_t irq_lines_gsi(const struct irq_lines *lines, uint32_t line);

/** Is there no such line, because an ISA line of another number comes in where it would?
 *  (The timer's line 0 usually takes input 2, the place of the 8259s' cascade.) */
bool irq_lines_is_taken(const struct irq_lines *lines, uint32_t line);

/** The line's trigger and polarity: IRQ_LINES_*. */
uint32_t irq_lines_bits(const struct irq_lines *lines, uint32_t line);

#endif
