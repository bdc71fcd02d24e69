/**
 * uart16550.c - output by polling.
 *
 * A wait ends only with the device: a byte that is given up would be a lost byte. A UART
 * that isn't there reads as all ones, which is "empty".
 */
#include "mnos/uart16550.h"
#include "mnos/io.h"
#include "mnos/process.h"

/** Returns when all bits of @p wanted are set in the line status. */
static mn_status wait_line_status(const struct uart16550 *uart, uint8_t wanted)
{
    uint8_t line_status = 0;

    do {
        mn_status status = sys_port_in(
            uart->slot, (uint16_t)(uart->base + UART16550_LSR), &line_status);
        if (status != MN_OK) {
            return status;
        }
    } while ((line_status & wanted) != wanted);
    return MN_OK;
}

mn_status uart16550_write(const struct uart16550 *uart, const void *bytes, size_t size)
{
    const uint8_t *next = bytes;

    for (size_t i = 0; i < size; i++) {
        mn_status status = wait_line_status(uart, UART16550_LSR_THR_EMPTY);
        if (status == MN_OK) {
            status = sys_port_out(uart->slot, uart->base, next[i]);
        }
        if (status != MN_OK) {
            return status;
        }
    }
    return MN_OK;
}

mn_status uart16550_drain(const struct uart16550 *uart)
{
    return wait_line_status(uart, UART16550_LSR_THR_EMPTY | UART16550_LSR_ALL_EMPTY);
}
