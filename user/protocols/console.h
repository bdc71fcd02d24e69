/**
 * console.h - what programs and serial_drv say to each other; docs/console.md tells why.
 *
 * Two endpoints. Over `requests` clients SEND and the driver RECVs; the badge tells the
 * clients apart. Over `input` the driver SENDs what was typed and a client RECVs: it
 * blocks until a line is there, and one that never asks keeps nobody waiting.
 *
 * A message's label: opcode in bits 0 to 7, number of bytes in bits 8 to 15, flags from
 * bit 16 on. The bytes lie in data0 and then data1, the first in the lowest bits.
 *
 * The driver handles requests one by one. As SEND returns when the driver has received
 * the message, a client whose SEND has returned knows that its SEND before that was
 * handled completely. That is how a shared buffer is known to be free again, and how
 * a DRAIN is waited for: send it, then send a second.
 */
#ifndef PROTOCOLS_CONSOLE_H
#define PROTOCOLS_CONSOLE_H

#include <stdint.h>

/** Requests of clients, and CONSOLE_LINE of the driver. */
enum console_opcode {
    /** Bytes to print. What one client sends up to CONSOLE_END is printed in one piece,
     *  if it is at most CONSOLE_PIECE_MAX bytes. */
    CONSOLE_WRITE = 1,
    /** The same from the shared buffer: data0 is the offset, data1 the number of bytes.
     *  Printed in one piece, whatever its length. */
    CONSOLE_WRITE_SHARED = 2,
    /** Handled when everything that was accepted before has left the device. */
    CONSOLE_DRAIN = 3,
    /** On `input`: bytes of a typed line; with CONSOLE_END its last ones. A line that is the
     *  one byte CONSOLE_INTERRUPT or CONSOLE_END_OF_FILE is that key. */
    CONSOLE_LINE = 4
};

#define CONSOLE_INTERRUPT   0x03u /**< Ctrl-C */
#define CONSOLE_END_OF_FILE 0x04u /**< Ctrl-D, with nothing before it on the line */

#define CONSOLE_END 0x10000ull /**< flag: the last message of a piece or line */

#define CONSOLE_MESSAGE_BYTES 16u  /**< what data0 and data1 carry */
#define CONSOLE_PIECE_MAX     256u /**< bytes that the driver holds for a client */
#define CONSOLE_CLIENTS       16u  /**< badges are 1 to CONSOLE_CLIENTS - 1 */

/** Where Init maps the shared buffer of client `badge` in the driver. */
#define CONSOLE_BUFFERS_BASE  0x50000000ul
#define CONSOLE_BUFFER_STRIDE 0x100000ul /**< the most that a buffer has */
#define CONSOLE_BUFFER_ADDRESS(badge) \
    (CONSOLE_BUFFERS_BASE + (badge)*CONSOLE_BUFFER_STRIDE)

/** The driver's CNode. At its first instruction it holds COM1 and nothing else. */
enum console_slot {
    CONSOLE_SLOT_COM1 = 1,     /**< IoPort, READ and WRITE */
    CONSOLE_SLOT_INTERRUPT,    /**< Interrupt, READ: COM1's line */
    CONSOLE_SLOT_REQUESTS,     /**< Endpoint, READ */
    CONSOLE_SLOT_INPUT,        /**< Endpoint, WRITE */
    CONSOLE_SLOT_OUTPUT_SPACE, /**< Endpoint, READ and WRITE: between its threads */
    CONSOLE_SLOT_INPUT_READY,  /**< Endpoint, READ and WRITE: between its threads */
    CONSOLE_SLOT_SELF          /**< Process, EXEC: to start its threads */
};

/** How far the driver is; each state is set by the side that it names, in this order. */
enum console_startup_state {
    CONSOLE_STARTING = 0, /**< as the page is made */
    CONSOLE_SPOKEN = 1,   /**< driver: its first line is out, COM1 is silent */
    CONSOLE_EQUIPPED = 2, /**< Init: all slots are filled; Init uses COM1 no more */
    CONSOLE_SERVING = 3,  /**< driver: requests are received */
    CONSOLE_FAILED = 4    /**< driver: it gave up */
};

/**
 * The page that Init and the driver share; its address is the driver's argument. Only
 * those two can write it, and the driver trusts Init.
 */
struct console_startup {
    _Atomic uint32_t state; /**< enum console_startup_state */
    uint32_t reserved;
    _Atomic uint32_t buffer_bytes[CONSOLE_CLIENTS]; /**< 0: that client has none */
};
_Static_assert(sizeof(struct console_startup) == 8 + 4 * CONSOLE_CLIENTS, "no holes");

#endif
