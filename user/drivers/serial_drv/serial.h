/**
 * serial.h - the 16550 behind its interrupt: an output queue, an input queue, one lock.
 *
 * Three threads use it: the requests thread writes, the interrupt thread serves the
 * device, the input thread takes typed lines.
 *
 * Invariants, while nobody holds the lock:
 *  - the transmitter is `active` exactly while the output queue or the FIFO may hold
 *    bytes, and then its interrupt is on; so queued bytes always leave;
 *  - the receiver's interrupt is on exactly while there is room for an echo and for a
 *    whole line; so nothing that was taken from the device is thrown away;
 *  - a thread that waits has said so under the lock before it receives on its endpoint,
 *    and who makes its condition true takes the note and sends once; as SEND meets RECV,
 *    no wakeup is lost and none is left over.
 */
#ifndef SERIAL_DRV_SERIAL_H
#define SERIAL_DRV_SERIAL_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /** Bytes of the output queue, and how many of them only echo may use. */
    SERIAL_OUTPUT_BYTES = 16384,
    SERIAL_ECHO_RESERVE = 512,
    /** Bytes of lines that were typed and that nobody has read yet; a power of two, as
     *  above. */
    SERIAL_INPUT_BYTES = 4096
};

/** Sets the device up: 8N1, FIFO on, received data interrupts. Before the threads. */
MN_MUST_CHECK mn_status serial_init(void);

/** Queues @p size bytes; waits for room as often as it must. By the requests thread. */
void serial_write(const uint8_t *bytes, size_t size);

/** Returns when all queued bytes have left the device. By the requests thread. */
void serial_drain(void);

/** Serves all that the device wants. By the interrupt thread, after each WAIT_IRQ. */
void serial_on_interrupt(void);

/** Waits for typed bytes and copies up to 16 of one line, without its end, to @p bytes.
 *  @p out_end: the line ends behind them. Returns how many. By the input thread. */
size_t serial_take_input(uint8_t bytes[16], bool *out_end);

#endif
