/**
 * irq_lines.c - see irq_lines.h.
 */
#include "core/irq_lines.h"

void irq_lines_init(struct irq_lines *lines, const struct acpi_override *overrides,
                    uint32_t count)
{
    for (uint32_t line = 0; line < IRQ_LINES_ISA; line++) {
        lines->isa[line] = (struct acpi_override){.gsi = line, .source = (uint8_t)line};
    }
    for (uint32_t i = 0; i < count; i++) {
        lines->isa[overrides[i].source % IRQ_LINES_ISA] = overrides[i];
    }
}

uint32_t irq_lines_gsi(const struct irq_lines *lines, uint32_t line)
{
    return line < IRQ_LINES_ISA ? lines->isa[line].gsi : line;
}

bool irq_lines_is_taken(const struct irq_lines *lines, uint32_t line)
{
    if (irq_lines_gsi(lines, line) != line) {
        return false;
    }
    for (uint32_t other = 0; other < IRQ_LINES_ISA; other++) {
        if (lines->isa[other].gsi == line && other != line) {
            return true;
        }
    }
    return false;
}

uint32_t irq_lines_bits(const struct irq_lines *lines, uint32_t line)
{
    const struct acpi_override *isa = &lines->isa[line % IRQ_LINES_ISA];
    bool is_isa = line < IRQ_LINES_ISA;
    bool level = !is_isa || isa->level;
    bool active_low = !is_isa || isa->active_low;

    return (level ? IRQ_LINES_LEVEL : 0) | (active_low ? IRQ_LINES_ACTIVE_LOW : 0);
}
