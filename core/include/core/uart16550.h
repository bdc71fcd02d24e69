/**
 * uart16550.h - the registers of a 16550 UART as byte ports. Source: PC16550D data sheet,
 * section 8.
 */
#ifndef CORE_UART16550_H
#define CORE_UART16550_H

#define UART16550_COM1  0x3f8u
#define UART16550_PORTS 8u

/** Offsets from the first port. Those at 0 and 1 are meant with DLAB clear. */
enum uart16550_register {
    UART16550_DATA = 0, /**< RBR when read, THR when written */
    UART16550_IER = 1,
    UART16550_IIR = 2, /**< read */
    UART16550_FCR = 2, /**< written */
    UART16550_LCR = 3,
    UART16550_MCR = 4,
    UART16550_LSR = 5,
    UART16550_MSR = 6
};

enum {
    UART16550_IER_RECEIVED = 0x01,  /**< interrupt: data received */
    UART16550_IER_THR_EMPTY = 0x02, /**< interrupt: transmitter empty */
    UART16550_IER_LINE = 0x04,      /**< interrupt: line status */

    UART16550_IIR_NONE = 0x01, /**< set: no interrupt is pending */
    UART16550_IIR_CAUSE = 0x0e,
    UART16550_IIR_THR_EMPTY = 0x02,
    UART16550_IIR_RECEIVED = 0x04,
    UART16550_IIR_LINE = 0x06,
    UART16550_IIR_TIMEOUT = 0x0c, /**< bytes wait below the trigger level */

    UART16550_IIR_FIFO = 0xc0, /**< both set: the FIFOs are on */

    UART16550_FCR_ENABLE = 0x01,
    UART16550_FCR_CLEAR_RECEIVER = 0x02,
    UART16550_FCR_CLEAR_TRANSMITTER = 0x04,
    UART16550_FCR_TRIGGER_8 = 0x80,

    UART16550_LCR_8N1 = 0x03,
    UART16550_LCR_DIVISOR = 0x80, /**< DLAB: at 0 and 1 is the divisor of 115200 baud */

    UART16550_MCR_DTR = 0x01,
    UART16550_MCR_RTS = 0x02,
    UART16550_MCR_OUT2 = 0x08, /**< PCs gate the interrupt with it */

    UART16550_LSR_DATA_READY = 0x01,
    UART16550_LSR_THR_EMPTY = 0x20, /**< all of the FIFO can be written */
    UART16550_LSR_ALL_EMPTY = 0x40, /**< the last bit has left */

    UART16550_LSR_NONE = 0xff, /**< there is no UART */

    UART16550_FIFO_BYTES = 16
};

#endif
