/**
 * report.c - Init's lines on the console, each in one piece.
 */
#include "core/format.h"
#include "init/init.h"

enum { LINE_BYTES = 320 };

/** Prints the prefix, the text, cut where it is too long, and a newline. */
MN_PRINTF(3, 0)
static void print_line(struct init *init, const char *prefix, const char *format,
                       va_list arguments)
{
    char text[LINE_BYTES];

    format_buffer_v(text, sizeof(text), format, arguments);
    (void)mnos_console_printf(&init->console, "%s%s\n", prefix, text);
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
