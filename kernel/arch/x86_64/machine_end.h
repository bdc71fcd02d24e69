/**
 * machine_end.h - switching the machine off.
 */
#ifndef ARCH_X86_64_MACHINE_END_H
#define ARCH_X86_64_MACHINE_END_H

#include "core/acpi.h"
#include <stdint.h>

/** How the machine can be ended; from machine_init(). */
struct machine_end_ways {
    struct acpi_register pm1a_control;
    struct acpi_register pm1b_control;
    struct acpi_register sleep_control;
    struct acpi_register reset;
    uint8_t reset_value;
    bool has_s5;
    uint8_t s5_type_a;
    uint8_t s5_type_b;
    /** Port of a device that ends QEMU with status value << 1 | 1; 0: none. From the
     *  command line's word debug_exit=0xPORT. */
    uint16_t debug_exit_port;
};

/** Registers in memory are mapped in the direct map. Copies @p ways. */
void machine_end_init(const struct machine_end_ways *ways);

/**
 * Ends the machine. Status 0: ACPI's soft-off. Another status: told by the debug exit
 * device where there is one, soft-off else. Where there is no soft-off: reset, in the end by a triple
 * fault.
 */
_Noreturn void machine_end(unsigned status);

#endif
