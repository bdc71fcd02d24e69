/**
 * machine.c - see machine.h.
 */
#include "boot/machine.h"

#include "arch/x86_64/ioapic.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/machine_end.h"
#include "arch/x86_64/smp.h"
#include "arch/x86_64/timer.h"
#include "boot/kernel_map.h"
#include "debug/log.h"
#include "debug/panic.h"

enum { REGISTERS_SIZE = 4096, HPET_SIZE = 1024, REGISTER_SIZE = 8 };

/* Where PC-compatible machines have their one I/O APIC (ICH9 datasheet, 10.4). */
static const struct acpi_ioapic DEFAULT_IOAPIC = {0xfec00000, 0};

static struct acpi_info acpi;

static const struct panic_machine panic_machine_ways = {
    .stop_other_cpus = smp_stop_others,
    .end = machine_end,
};

static void start_lapic(void)
{
    volatile void *registers = NULL;

    if (!lapic_is_x2apic()) {
        registers = kernel_map_device(lapic_physical_base(), REGISTERS_SIZE);
    }
    lapic_init(registers);
    lapic_init_cpu();
}

static void start_ioapics(void)
{
    struct ioapic_window windows[ACPI_IOAPIC_MAX];

    if (acpi.ioapic_count == 0 && !acpi.present) {
        acpi.ioapics[0] = DEFAULT_IOAPIC;
        acpi.ioapic_count = 1;
    }
    for (uint32_t i = 0; i < acpi.ioapic_count; i++) {
        windows[i].registers =
            kernel_map_device(acpi.ioapics[i].address, REGISTERS_SIZE);
        windows[i].gsi_base = acpi.ioapics[i].gsi_base;
    }
    ioapic_init(windows, acpi.ioapic_count, acpi.overrides, acpi.override_count);
}

/* A register in memory is mapped, so that ending the machine only needs to write. */
static void reach(struct acpi_register from)
{
    if (from.address != 0 && from.space == ACPI_SPACE_MEMORY) {
        kernel_map_device(from.address, REGISTER_SIZE);
    }
}

static void prepare_end(const struct boot_info *info)
{
    reach(acpi.end.pm1a_control);
    reach(acpi.end.pm1b_control);
    reach(acpi.end.sleep_control);
    reach(acpi.end.reset);
    machine_end_init(&acpi.end, boot_info_debug_exit(info));
}

void acpi_log(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_printf_v(format, arguments);
    va_end(arguments);
}

void machine_init(struct boot_info *info)
{
    acpi_read(info->rsdp, kernel_map_firmware, &acpi);
    prepare_end(info);
    start_lapic();
    panic_set_machine(&panic_machine_ways);
    start_ioapics();
    timer_init(&acpi, acpi.hpet_address == 0
                          ? NULL
                          : kernel_map_device(acpi.hpet_address, HPET_SIZE));
    boot_info_add_cpus(info, &acpi, lapic_id());
}
