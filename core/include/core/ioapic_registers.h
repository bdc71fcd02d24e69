/**
 * ioapic_registers.h - the I/O APIC (82093AA datasheet, section 3) and the 8259 ("Initialization
 * Command Words").
 */
#ifndef CORE_IOAPIC_REGISTERS_H
#define CORE_IOAPIC_REGISTERS_H

enum {
    IOAPIC_WINDOW_SELECT = 0, /* in 32-bit words */
    IOAPIC_WINDOW_DATA = 4,

    IOAPIC_REGISTER_VERSION = 1,
    IOAPIC_REGISTER_ENTRY = 0x10, /* two for each input */

    IOAPIC_ENTRY_MASKED = 1 << 16,
    IOAPIC_ENTRY_DESTINATION_SHIFT = 24,

    PIC_MASTER_COMMAND = 0x20,
    PIC_MASTER_DATA = 0x21,
    PIC_SLAVE_COMMAND = 0xa0,
    PIC_SLAVE_DATA = 0xa1
};

#endif
