/**
 * console.c - see console.h.
 */
#include "debug/console.h"

#include "arch/x86_64/instructions.h"
#include "core/uart16550.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    /* A byte takes 87 us at 115200 baud; a status read takes about 1 us. */
    READY_POLLS_MAX = 100000
};

static bool console_is_ours;

static void write_register(enum uart16550_register number, uint8_t value)
{
    x86_outb((uint16_t)(UART16550_COM1 + number), value);
}

static uint8_t line_status(void)
{
    return x86_inb(UART16550_COM1 + UART16550_LSR);
}

void console_reclaim(void)
{
    write_register(UART16550_IER, 0);
    write_register(UART16550_LCR, UART16550_LCR_DIVISOR | UART16550_LCR_8N1);
    write_register(UART16550_DATA, 1); /* divisor 1: 115200 baud */
    write_register(UART16550_IER, 0);
    write_register(UART16550_LCR, UART16550_LCR_8N1);
    write_register(UART16550_FCR, UART16550_FCR_ENABLE | UART16550_FCR_CLEAR_RECEIVER |
                                      UART16550_FCR_CLEAR_TRANSMITTER);
    write_register(UART16550_MCR,
                   UART16550_MCR_DTR | UART16550_MCR_RTS | UART16550_MCR_OUT2);
    console_is_ours = line_status() != UART16550_LSR_NONE;
}

static void write_byte(uint8_t byte)
{
    for (unsigned polls = 0; polls < READY_POLLS_MAX; polls++) {
        if ((line_status() & UART16550_LSR_THR_EMPTY) != 0) {
            write_register(UART16550_DATA, byte);
            return;
        }
    }
    console_is_ours = false;
}

void console_write(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && console_is_ours; i++) {
        if (bytes[i] == '\n') {
            write_byte('\r');
        }
        write_byte((uint8_t)bytes[i]);
    }
}

void console_release(void)
{
    console_is_ours = false;
}
