/**
 * uart16550.h - output on a 16550 UART by polling (core/uart16550.h).
 *
 * For who holds the IoPort before a driver runs.
 */
#ifndef MNOS_UART16550_H
#define MNOS_UART16550_H

#include "abi/status.h"
#include "core/uart16550.h"
#include <stddef.h>
#include <stdint.h>

/** A UART: the slot of its IoPort [READ, WRITE] and its first port. */
struct uart16550 {
    uint64_t slot;
    uint16_t base;
};

/** Writes @p size bytes as they are, each once the transmitter has room. Ends with the
 *  error of the first port access that is refused. */
mn_status uart16550_write(const struct uart16550 *uart, const void *bytes, size_t size);

/** Returns when the last bit that was written has left. */
mn_status uart16550_drain(const struct uart16550 *uart);

#endif
