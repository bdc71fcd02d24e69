/**
 * machine.h - finds and starts what the machine is made of: ACPI, local APIC, I/O APICs,
 * clock, the way to end it.
 */
#ifndef BOOT_MACHINE_H
#define BOOT_MACHINE_H

#include "core/acpi.h"
#include "core/boot_info.h"

/**
 * Reads ACPI, maps the devices it names and starts them: lapic, ioapic, timer,
 * machine_end. Fills in info->cpu_targets where the boot loader did not.
 *
 * Before the frame allocator. A machine without ACPI runs its boot CPU alone.
 */
void machine_init(struct boot_info *info);

#endif
