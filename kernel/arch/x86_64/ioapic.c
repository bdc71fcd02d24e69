/**
 * ioapic.c - see ioapic.h.
 *
 * Invariant: after ioapic_init() each input's entry holds its line's vector, polarity
 * and trigger; routing changes the destination, masking the mask bit.
 */
#include "arch/x86_64/ioapic.h"

#include "arch/x86_64/instructions.h"
#include "core/assert.h"
#include "core/ioapic_registers.h"
#include "core/irq_lines.h"
#include "core/vectors.h"
#include "debug/log.h"
#include "sync/spinlock.h"
#include <stddef.h>

struct ioapic {
    volatile uint32_t *window;
    uint32_t gsi_base;
    uint32_t input_count;
};

static struct spinlock lock;
static struct ioapic ioapics[ACPI_IOAPIC_MAX]; /* guarded by lock: their registers */
static uint32_t ioapic_count;
static struct irq_lines lines; /* constant after ioapic_init() */
static uint32_t line_count;

static uint32_t read_register(const struct ioapic *ioapic, uint32_t number)
{
    ioapic->window[IOAPIC_WINDOW_SELECT] = number;
    return ioapic->window[IOAPIC_WINDOW_DATA];
}

static void write_register(const struct ioapic *ioapic, uint32_t number, uint32_t value)
{
    ioapic->window[IOAPIC_WINDOW_SELECT] = number;
    ioapic->window[IOAPIC_WINDOW_DATA] = value;
}

/* The I/O APIC that has global system interrupt @p gsi; NULL: none. */
static const struct ioapic *find_ioapic(uint32_t gsi)
{
    for (uint32_t i = 0; i < ioapic_count; i++) {
        if (gsi >= ioapics[i].gsi_base &&
            gsi - ioapics[i].gsi_base < ioapics[i].input_count) {
            return &ioapics[i];
        }
    }
    return NULL;
}

static uint32_t entry_register(const struct ioapic *ioapic, uint32_t line)
{
    return IOAPIC_REGISTER_ENTRY + 2 * (irq_lines_gsi(&lines, line) - ioapic->gsi_base);
}

/* Bits of the entry of @p line that never change. */
static uint32_t entry_bits(uint32_t line)
{
    return (VECTOR_IRQ + line) | irq_lines_bits(&lines, line);
}

/* Moves the 8259s' vectors out of the exceptions' way, and masks all their inputs. */
static void silence_8259(void)
{
    x86_outb(PIC_MASTER_COMMAND, 0x11); /* ICW1: edge, cascade, ICW4 follows */
    x86_outb(PIC_SLAVE_COMMAND, 0x11);
    x86_outb(PIC_MASTER_DATA, VECTOR_8259);
    x86_outb(PIC_SLAVE_DATA, VECTOR_8259 + 8);
    x86_outb(PIC_MASTER_DATA, 1 << 2); /* the slave is at input 2 */
    x86_outb(PIC_SLAVE_DATA, 2);
    x86_outb(PIC_MASTER_DATA, 1); /* ICW4: 8086 mode */
    x86_outb(PIC_SLAVE_DATA, 1);
    x86_outb(PIC_MASTER_DATA, 0xff);
    x86_outb(PIC_SLAVE_DATA, 0xff);
}

void ioapic_init(const struct ioapic_window *windows, uint32_t window_count,
                 const struct acpi_override *overrides, uint32_t override_count)
{
    ASSERT(window_count <= ACPI_IOAPIC_MAX);
    silence_8259();
    irq_lines_init(&lines, overrides, override_count);
    line_count = 0;
    ioapic_count = window_count;
    for (uint32_t i = 0; i < window_count; i++) {
        struct ioapic *ioapic = &ioapics[i];
        uint32_t end;

        ioapic->window = windows[i].registers;
        ioapic->gsi_base = windows[i].gsi_base;
        ioapic->input_count =
            (read_register(ioapic, IOAPIC_REGISTER_VERSION) >> 16 & 0xff) + 1;
        for (uint32_t input = 0; input < ioapic->input_count; input++) {
            write_register(ioapic, IOAPIC_REGISTER_ENTRY + 2 * input,
                           IOAPIC_ENTRY_MASKED);
        }
        end = ioapic->gsi_base + ioapic->input_count;
        if (end > VECTOR_IRQ_LINES) {
            log_printf("ioapic: lines from %u on are left out\n",
                       (unsigned)VECTOR_IRQ_LINES);
            end = VECTOR_IRQ_LINES;
        }
        line_count = end > line_count ? end : line_count;
    }
}

uint32_t ioapic_line_count(void)
{
    return line_count;
}

bool ioapic_has_line(uint32_t line)
{
    return line < line_count && !irq_lines_is_taken(&lines, line) &&
           find_ioapic(irq_lines_gsi(&lines, line)) != NULL;
}

void ioapic_route(uint32_t line, uint32_t lapic_id)
{
    const struct ioapic *ioapic = find_ioapic(irq_lines_gsi(&lines, line));
    uint32_t entry;

    ASSERT(ioapic != NULL && lapic_id < 256);
    entry = entry_register(ioapic, line);
    spinlock_lock(&lock);
    write_register(ioapic, entry, entry_bits(line) | IOAPIC_ENTRY_MASKED);
    write_register(ioapic, entry + 1, lapic_id << IOAPIC_ENTRY_DESTINATION_SHIFT);
    spinlock_unlock(&lock);
}

static void write_mask(uint32_t line, uint32_t mask)
{
    const struct ioapic *ioapic = find_ioapic(irq_lines_gsi(&lines, line));

    ASSERT(ioapic != NULL);
    spinlock_lock(&lock);
    write_register(ioapic, entry_register(ioapic, line), entry_bits(line) | mask);
    spinlock_unlock(&lock);
}

void ioapic_mask(uint32_t line)
{
    write_mask(line, IOAPIC_ENTRY_MASKED);
}

void ioapic_unmask(uint32_t line)
{
    write_mask(line, 0);
}

bool ioapic_is_level(uint32_t line)
{
    return (irq_lines_bits(&lines, line) & IRQ_LINES_LEVEL) != 0;
}
