/**
 * machine_end.c - see machine_end.h. ACPI 6.5: 16.1.5 (sleeping), 4.8.3.7 (sleep control
 * register), 4.8.3.6 (reset register).
 */
#include "arch/x86_64/machine_end.h"

#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/instructions.h"

enum {
    PM1_SLEEP_TYPE_SHIFT = 10,
    PM1_SLEEP_ENABLE = 1 << 13,
    SLEEP_CONTROL_TYPE_SHIFT = 2,
    SLEEP_CONTROL_ENABLE = 1 << 5,

    KEYBOARD_COMMAND = 0x64,
    KEYBOARD_PULSE_RESET = 0xfe,

    PORTS = 0x10000
};

static struct acpi_end tables;
static uint16_t exit_port;

void machine_end_init(const struct acpi_end *acpi, uint16_t debug_exit_port)
{
    tables = *acpi;
    exit_port = debug_exit_port;
}

static void write_byte(struct acpi_register to, uint8_t value)
{
    if (to.address == 0) {
        return;
    }
    if (to.space == ACPI_SPACE_MEMORY) {
        *(volatile uint8_t *)phys_to_virt(to.address) = value;
    } else if (to.address < PORTS) {
        x86_outb((uint16_t)to.address, value);
    }
}

static void sleep_by_pm1(struct acpi_register control, uint8_t type)
{
    uint16_t value = (uint16_t)(type << PM1_SLEEP_TYPE_SHIFT | PM1_SLEEP_ENABLE);

    if (control.address == 0) {
        return;
    }
    if (control.space == ACPI_SPACE_MEMORY) {
        *(volatile uint16_t *)phys_to_virt(control.address) = value;
    } else if (control.address < PORTS) {
        x86_outw((uint16_t)control.address, value);
    }
}

/* Comes back only where there is no S5. */
static void soft_off(void)
{
    if (!tables.has_s5) {
        return;
    }
    write_byte(
        tables.sleep_control,
        (uint8_t)(tables.s5_type_a << SLEEP_CONTROL_TYPE_SHIFT | SLEEP_CONTROL_ENABLE));
    sleep_by_pm1(tables.pm1a_control, tables.s5_type_a);
    sleep_by_pm1(tables.pm1b_control, tables.s5_type_b);
    /* The write returns before the machine is off, in QEMU as much later as its host is
       busy: a reset that is asked for meanwhile would win. */
    for (;;) {
        x86_cli();
        x86_hlt();
    }
}

/* An exception without an IDT that holds its gate: the CPU shuts down, upon which the
   chipset resets (SDM volume 3, 6.15, "Double Fault Exception"). */
static _Noreturn void triple_fault(void)
{
    struct x86_table_pointer empty = {0, 0};

    x86_lidt(&empty);
    __builtin_trap();
}

void machine_end(unsigned status)
{
    if (status != 0 && exit_port != 0) {
        x86_outl(exit_port, status);
    }
    soft_off();
    write_byte(tables.reset, tables.reset_value);
    x86_outb(KEYBOARD_COMMAND, KEYBOARD_PULSE_RESET);
    triple_fault();
}
