/**
 * main.c - serial_drv: the driver of COM1 and the server of the console.
 *
 * It begins with one capability, COM1, and says so by polled output. Then Init
 * fills the other slots (protocols/console.h) and it serves: its first thread the
 * clients' requests, a second one the interrupt, a third one who reads what is typed.
 *
 * Its argument is the address of the struct console_startup that it shares with Init.
 */
#include "core/format.h"
#include "drivers/serial_drv/requests.h"
#include "drivers/serial_drv/serial.h"
#include "mnos/cap.h"
#include "mnos/console.h"
#include "mnos/console_message.h"
#include "mnos/ipc.h"
#include "mnos/irq.h"
#include "mnos/process.h"
#include "mnos/thread.h"
#include "protocols/console.h"

enum { STACK_BYTES = 16384 };

static uint8_t interrupt_stack[STACK_BYTES] __attribute__((aligned(16)));
static uint8_t input_stack[STACK_BYTES] __attribute__((aligned(16)));

int main(struct console_startup *startup);

/** Says by CAP_INFO what the whole CNode holds, on the COM1 that is in it. */
static bool tell_capabilities(void)
{
    struct mnos_console console = {
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = CONSOLE_SLOT_COM1, .base = UART16550_COM1}};
    struct mn_cap_info com1;
    struct mn_cap_info info;
    unsigned others = 0;

    if (sys_cap_info(CONSOLE_SLOT_COM1, &com1) != MN_OK ||
        com1.type != MN_CAP_IO_PORT) {
        return false;
    }
    for (uint64_t slot = 0; sys_cap_info(slot, &info) == MN_OK; slot++) {
        others += slot != CONSOLE_SLOT_COM1 && info.type != MN_CAP_EMPTY;
    }
    (void)mnos_console_printf(
        &console, "[serial_drv] slot %u %s base 0x%llx size %llu rights 0x%x, ",
        CONSOLE_SLOT_COM1, mnos_cap_type_name(com1.type), (unsigned long long)com1.a,
        (unsigned long long)com1.b, com1.rights);
    if (others == 0) {
        (void)mnos_console_printf(&console, "no other\n");
    } else {
        (void)mnos_console_printf(&console, "%u others\n", others);
    }
    return mnos_console_drain(&console) == MN_OK;
}

static void interrupt_thread(void *argument)
{
    (void)argument;
    /* What came before the first wait is served at once. */
    do {
        serial_on_interrupt();
    } while (sys_wait_irq(CONSOLE_SLOT_INTERRUPT) == MN_OK);
}

static void input_thread(void *argument)
{
    mn_status status;

    (void)argument;
    do {
        uint8_t bytes[CONSOLE_MESSAGE_BYTES];
        bool end;
        size_t size = serial_take_input(bytes, &end);
        struct mn_message message =
            console_message_pack(CONSOLE_LINE, bytes, size, end);

        status =
            sys_send(CONSOLE_SLOT_INPUT, message.label, message.data0, message.data1);
    } while (status == MN_OK);
}

static bool start_threads(void)
{
    const struct mnos_thread threads[] = {
        {.function = interrupt_thread,
         .stack = interrupt_stack,
         .stack_size = sizeof(interrupt_stack)},
        {.function = input_thread,
         .stack = input_stack,
         .stack_size = sizeof(input_stack)},
    };

    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        if (mn_is_error(mnos_thread_start(CONSOLE_SLOT_SELF, &threads[i]))) {
            return false;
        }
    }
    return true;
}

static int fail(struct console_startup *startup)
{
    startup->state = CONSOLE_FAILED;
    return 1;
}

int main(struct console_startup *startup)
{
    struct mn_message message;

    if (!tell_capabilities()) {
        return fail(startup);
    }
    startup->state = CONSOLE_SPOKEN;
    while (startup->state != CONSOLE_EQUIPPED) {
        sys_yield();
    }
    if (serial_init() != MN_OK || !start_threads()) {
        return fail(startup);
    }
    startup->state = CONSOLE_SERVING;
    while (sys_recv(CONSOLE_SLOT_REQUESTS, &message) == MN_OK) {
        requests_handle(startup, &message);
    }
    return 1;
}
