/**
 * report.c - Init's lines on the console, each in one piece.
 */
#include "core/format.h"
#include "init/init.h"
#include "init/layout.h"

enum { LINE_BYTES = 320 };

bool init_console_recover(struct mnos_console *console, mn_status status)
{
    if (console->way != MNOS_CONSOLE_DRIVER || status != MN_ERROR_NO_ENDPOINT) {
        return false;
    }
    *console = (struct mnos_console){
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
    (void)mnos_console_printf(console,
                              "[init] serial_drv is gone: COM1 is polled again\n");
    return true;
}

/** Prints the prefix, the text, cut where it is too long, and a newline. */
MN_PRINTF(3, 0)
static void print_line(struct init *init, const char *prefix, const char *format,
                       va_list arguments)
{
    char text[LINE_BYTES];

    format_buffer_v(text, sizeof(text), format, arguments);
    mn_status status = mnos_console_printf(&init->console, "%s%s\n", prefix, text);
    if (init_console_recover(&init->console, status)) {
        init->failed = true;
        (void)mnos_console_printf(&init->console, "%s%s\n", prefix, text);
    }
}

void init_say(struct init *init, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_line(init, "[init] ", format, arguments);
    va_end(arguments);
}

bool init_fail(struct init *init, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_line(init, "[init] FAILED: ", format, arguments);
    va_end(arguments);
    init->failed = true;
    return false;
}
