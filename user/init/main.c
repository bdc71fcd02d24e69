/**
 * main.c - Init, process 1: the one process that receives capabilities from the kernel.
 *
 * It proves the machine phase by phase, on COM1, in the order of the boot contract
 * (docs/boot.md); then it ends the machine, if the command line has the word `poweroff`,
 * or supervises it. A phase that failed makes the machine's end MN_END_FAILED.
 */
#include "init/command_line.h"
#include "init/init.h"
#include "init/layout.h"
#include "mnos/machine.h"
#include "mnos/status.h"

static bool (*const phases[])(struct init *init) = {
    phase_capabilities, phase_tar,        phase_heap,
    phase_wasm,         phase_virtio_blk, phase_serial_drv,
};

int main(const struct mn_boot_info *boot_info);

/** Ends the machine once everything that was printed has left the UART. */
static void power_off(struct init *init)
{
    supervise_print_log(init);
    (void)mnos_console_drain(&init->console);
    mn_status status =
        sys_end_machine(MN_INIT_SLOT_MACHINE, init->failed ? MN_END_FAILED : MN_END_OK);
    (void)init_fail(init, "poweroff: %s", mnos_status_text(status));
}

int main(const struct mn_boot_info *boot_info)
{
    static struct init init;

    init.boot_info = boot_info;
    init.initrd = (const uint8_t *)MN_INIT_INITRD;
    init.console = (struct mnos_console){
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
    mnos_console_set_default(&init.console);
    supervise_skip_log();

    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
        (void)phases[i](&init); /* init.failed remembers */
    }
    if (command_line_has(boot_info->command_line, "poweroff")) {
        power_off(&init);
    }
    supervise(&init);
}
