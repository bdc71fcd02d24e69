/**
 * console.h - text to the console and typed lines from it.
 *
 * A struct mnos_console is one client's way to the console: by the endpoints of
 * serial_drv, or, for who holds COM1 while no driver runs, by polling the UART. Bytes go
 * out as they are: '\n' is not turned into anything. One printf or write comes out in
 * one piece even when several clients print (up to CONSOLE_PIECE_MAX bytes without a
 * shared buffer). One thread at a time uses a client; threads get a client each.
 *
 * Output can fail only when the capability is bad or the driver is gone; the status says
 * so and may be ignored, as there is nowhere to print it.
 */
#ifndef MNOS_CONSOLE_H
#define MNOS_CONSOLE_H

#include "abi/status.h"
#include "core/attributes.h"
#include "mnos/uart16550.h"
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

enum mnos_console_way {
    MNOS_CONSOLE_NONE = 0, /**< output goes nowhere */
    MNOS_CONSOLE_POLLED,   /**< through `uart` */
    MNOS_CONSOLE_DRIVER    /**< through `requests` and `input` */
};

/** One client of the console. A zeroed one prints nowhere. */
struct mnos_console {
    enum mnos_console_way way;
    struct uart16550 uart; /**< MNOS_CONSOLE_POLLED */
    uint64_t requests;     /**< MNOS_CONSOLE_DRIVER: endpoint slot [WRITE], badged */
    uint64_t input;        /**< endpoint slot [READ]; 0: this client reads nothing */
    uint8_t *buffer;       /**< shared with the driver, lent; NULL: there is none */
    uint32_t buffer_bytes; /**< of it; a multiple of 2 */
    uint32_t buffer_half;  /**< private: the half to be filled next, 0 or 1 */
};

/** Writes @p size bytes in one piece. */
mn_status mnos_console_write(struct mnos_console *console, const void *bytes,
                             size_t size);

/** Writes formatted text (core/format.h) in one piece. */
MN_PRINTF(2, 3)
mn_status mnos_console_printf(struct mnos_console *console, const char *format, ...);

/** mnos_console_printf() with the arguments in @p arguments, which is used up. */
MN_PRINTF(2, 0)
mn_status mnos_console_vprintf(struct mnos_console *console, const char *format,
                               va_list arguments);

/** Returns when everything that this client wrote has left the device. */
mn_status mnos_console_drain(struct mnos_console *console);

/**
 * Waits for a typed line and copies it to @p line of @p size bytes, above 0, without its
 * end, cut where it does not fit, and zero-terminated.
 *
 * Of several clients that wait, any one gets a line. MN_ERROR_INVALID_SLOT: this client
 * has no input.
 */
MN_MUST_CHECK mn_status mnos_console_read_line(struct mnos_console *console, char *line,
                                               size_t size);

/** Makes @p console, which is lent, what mnos_print() and mnos_printf() use. */
void mnos_console_set_default(struct mnos_console *console);

/** Writes a zero-terminated string to the default console. */
void mnos_print(const char *text);

/** Writes formatted text to the default console. */
MN_PRINTF(1, 2)
void mnos_printf(const char *format, ...);

#endif
