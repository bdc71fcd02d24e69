/**
 * acpi.h - what the kernel wants to know of the ACPI tables (ACPI 6.5, chapter 5).
 *
 * Tables are firmware's: every length is checked, every checksum too, and a table that
 * is wrong is left out with a line in the log. Reaching physical memory is the caller's:
 * so it is also built for the host and fuzzed there.
 */
#ifndef ARCH_X86_64_ACPI_H
#define ARCH_X86_64_ACPI_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    ACPI_CPU_MAX = 256,
    ACPI_IOAPIC_MAX = 16,
    ACPI_OVERRIDE_MAX = 16,
    ACPI_TABLE_SIZE_MAX = 1 << 20 /**< a longer table is taken to be broken */
};

struct acpi_ioapic {
    uint64_t address; /**< physical */
    uint32_t gsi_base;
};

/** ISA interrupt @p source comes in as global system interrupt @p gsi. */
struct acpi_override {
    uint32_t gsi;
    uint8_t source; /**< 0 to 15 */
    bool level;
    bool active_low;
};

enum acpi_space { ACPI_SPACE_MEMORY = 0, ACPI_SPACE_IO = 1 };

/** A register (generic address structure, 5.2.3.2); address 0: there is none. */
struct acpi_register {
    uint64_t address;
    enum acpi_space space;
};

/** How the machine can be ended. */
struct acpi_end {
    struct acpi_register pm1a_control;
    struct acpi_register pm1b_control;
    struct acpi_register sleep_control; /**< hardware-reduced only */
    struct acpi_register reset;
    uint8_t reset_value;
    bool has_s5; /**< the DSDT has \_S5 */
    uint8_t s5_type_a;
    uint8_t s5_type_b;
};

struct acpi_info {
    bool present;           /**< there are tables */
    uint64_t lapic_address; /**< of the MADT; 0: not told */
    uint32_t cpu_count;
    uint32_t cpu_lapic_ids[ACPI_CPU_MAX]; /**< enabled CPUs, the boot CPU among them */
    uint32_t ioapic_count;
    struct acpi_ioapic ioapics[ACPI_IOAPIC_MAX];
    uint32_t override_count;
    struct acpi_override overrides[ACPI_OVERRIDE_MAX];
    bool hardware_reduced;
    struct acpi_register pm_timer; /**< 3.579545 MHz */
    bool pm_timer_32bit;           /**< else 24 bits */
    uint64_t hpet_address;         /**< physical; 0: none */
    struct acpi_end end;
};

/** What is wrong with the tables, a line each: the embedder's. */
MN_PRINTF(1, 2)
void acpi_log(const char *format, ...);

/** Makes @p size bytes of physical memory readable; NULL when it can't be. */
typedef const void *(*acpi_mapper)(uint64_t physical, uint64_t size);

/**
 * Reads the tables that hang at the RSDP at physical @p rsdp (0: there is none).
 *
 * @p out_info is all zeros but for what was found.
 */
void acpi_read(uint64_t rsdp, acpi_mapper map, struct acpi_info *out_info);

#endif
