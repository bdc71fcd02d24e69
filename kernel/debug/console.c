/**
 * console.c - see console.h. The UART is a 16550 (PC16550D datasheet, section 8).
 */
#include "debug/console.h"

#include "arch/x86_64/instructions.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    COM1 = 0x3f8,
    UART_DATA = COM1,
    UART_INTERRUPT_ENABLE = COM1 + 1,
    UART_FIFO_CONTROL = COM1 + 2,
    UART_LINE_CONTROL = COM1 + 3,
    UART_MODEM_CONTROL = COM1 + 4,
    UART_LINE_STATUS = COM1 + 5,

    LINE_CONTROL_8N1 = 0x03,
    LINE_CONTROL_DIVISOR = 0x80,
    FIFO_ENABLE_AND_CLEAR = 0x07,
    MODEM_DTR_RTS_OUT2 = 0x0b,
    LINE_STATUS_TRANSMIT_EMPTY = 0x20,
    LINE_STATUS_NO_UART = 0xff,

    /* A byte takes 87 us at 115200 baud; a status read takes about 1 us. */
    READY_POLLS_MAX = 100000
};

static bool console_is_ours;

static void set_up(void)
{
    x86_outb(UART_INTERRUPT_ENABLE, 0);
    x86_outb(UART_LINE_CONTROL, LINE_CONTROL_DIVISOR | LINE_CONTROL_8N1);
    x86_outb(UART_DATA, 1); /* divisor 1: 115200 baud */
    x86_outb(UART_INTERRUPT_ENABLE, 0);
    x86_outb(UART_LINE_CONTROL, LINE_CONTROL_8N1);
    x86_outb(UART_FIFO_CONTROL, FIFO_ENABLE_AND_CLEAR);
    x86_outb(UART_MODEM_CONTROL, MODEM_DTR_RTS_OUT2);
    console_is_ours = x86_inb(UART_LINE_STATUS) != LINE_STATUS_NO_UART;
}

void console_init(void)
{
    set_up();
}

static void write_byte(uint8_t byte)
{
    for (unsigned polls = 0; polls < READY_POLLS_MAX; polls++) {
        if (x86_inb(UART_LINE_STATUS) & LINE_STATUS_TRANSMIT_EMPTY) {
            x86_outb(UART_DATA, byte);
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

void console_reclaim(void)
{
    set_up();
}
