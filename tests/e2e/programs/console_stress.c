/**
 * console_stress.c - in Init's place: starts serial_drv as Init does, and loads it.
 *
 * Prints, each between two marks: 1 MiB through the shared buffer; 256 KiB by messages; lines
 * of two threads, each a client of its own, at the same time. Then it kills the driver
 * and prints on. cases_driver.py knows every byte that must come out.
 */
#include "core/format.h"
#include "init/init.h"
#include "init/layout.h"
#include "mnos/machine.h"
#include "mnos/process.h"
#include "mnos/thread.h"

enum {
    LINE_BYTES = 16,
    SHARED_BYTES = 1 << 20,
    MESSAGE_BYTES = 1 << 18,
    THREAD_LINES = 2000,
    STACK_BYTES = 16384
};

static char burst[SHARED_BYTES + 1];
static uint8_t stack[STACK_BYTES] __attribute__((aligned(16)));
static bool second_is_done;

int main(const struct mn_boot_info *boot_info);

/** Ends the machine as a failure if @p holds does not hold. */
static void require(struct init *init, bool holds, const char *what)
{
    if (!holds) {
        (void)init_fail(init, "%s", what);
        (void)mnos_console_drain(&init->console);
        (void)sys_end_machine(MN_INIT_SLOT_MACHINE, MN_END_FAILED);
    }
}

static void mark(struct init *init, const char *name)
{
    require(init, mnos_console_printf(&init->console, "<%s>\n", name) == MN_OK, name);
}

static void print_burst(struct init *init, const char *name, size_t size)
{
    mark(init, name);
    require(init, mnos_console_write(&init->console, burst, size) == MN_OK, name);
    mark(init, name);
}

/** Lines that are longer than one message and shorter than one piece. */
static void print_lines(struct mnos_console *console, char who)
{
    for (int i = 0; i < THREAD_LINES; i++) {
        (void)mnos_console_printf(console, "%c %05d %c%c%c%c%c%c%c%c%c%c%c%c%c%c\n",
                                  who, i, who, who, who, who, who, who, who, who, who,
                                  who, who, who, who, who);
    }
}

static void second_thread(void *argument)
{
    struct mnos_console console = {.way = MNOS_CONSOLE_DRIVER,
                                   .requests = INIT_SLOT_LOG_CONSOLE};

    (void)argument;
    print_lines(&console, 'b');
    __atomic_store_n(&second_is_done, true, __ATOMIC_RELEASE);
}

static void two_clients(struct init *init, uint32_t cpu_count)
{
    const struct mnos_thread thread = {.function = second_thread,
                                       .stack = stack,
                                       .stack_size = sizeof(stack),
                                       .cpu = cpu_count > 1 ? 2 : MN_CPU_OF_CALLER};

    mark(init, "clients");
    require(init, !mn_is_error(mnos_thread_start(MN_INIT_SLOT_SELF, &thread)),
            "second thread");
    print_lines(&init->console, 'a');
    while (!__atomic_load_n(&second_is_done, __ATOMIC_ACQUIRE)) {
        sys_yield();
    }
    mark(init, "clients");
}

static void kill_driver(struct init *init)
{
    uint64_t exit_code = 0;

    require(init, sys_kill_process(init->serial_drv.slot, 5) == MN_OK, "kill");
    require(init, sys_wait_process(init->serial_drv.slot, &exit_code) == MN_OK, "wait");
    init_say(init, "killed: exit code %llu", (unsigned long long)exit_code);
}

int main(const struct mn_boot_info *boot_info)
{
    static struct init init;

    init.boot_info = boot_info;
    init.initrd = (const uint8_t *)MN_INIT_INITRD;
    init.console = (struct mnos_console){
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
    require(&init, phase_serial_drv(&init), "serial_drv");
    for (unsigned i = 0; i < SHARED_BYTES / LINE_BYTES; i++) {
        format_buffer(burst + (size_t)i * LINE_BYTES, LINE_BYTES + 1, "%015u\n", i);
    }
    print_burst(&init, "shared", SHARED_BYTES);
    init.console.buffer = NULL;
    print_burst(&init, "messages", MESSAGE_BYTES);
    two_clients(&init, boot_info->cpu_count);
    require(&init, mnos_console_drain(&init.console) == MN_OK, "drain");
    kill_driver(&init);
    (void)mnos_console_drain(&init.console);
    (void)sys_end_machine(MN_INIT_SLOT_MACHINE, MN_END_OK);
    return 1;
}
