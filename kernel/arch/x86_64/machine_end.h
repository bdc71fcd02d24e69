/**
 * machine_end.h - switching the machine off.
 */
#ifndef ARCH_X86_64_MACHINE_END_H
#define ARCH_X86_64_MACHINE_END_H

#include "core/acpi.h"
#include <stdint.h>

/** From now on the machine is ended as @p acpi (copied) says, whose
 *  registers in memory are mapped in the direct map. @p debug_exit_port: of a device that ends
 *  QEMU with status value << 1 | 1; 0: none. */
void machine_end_init(const struct acpi_end *acpi, uint16_t debug_exit_port);

/**
 * Ends the machine. Status 0: ACPI's soft-off. Another status: told by the debug exit
 * device where there is one, soft-off else. Where there is no soft-off: reset, in the end by a triple
 * fault.
 */
_Noreturn void machine_end(unsigned status);

#endif
