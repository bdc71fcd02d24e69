/**
 * uart_model.h - a 16550 with both FIFOs, as a model for tests of its driver.
 *
 * IER, IIR, LSR and an interrupt line whose rising edge sets one pending bit, as the kernel
 * keeps it. sys_port_in(), sys_port_out() and sys_wait_irq() of the tested code end here.
 * The test is the wire: under the lock it takes from `transmit` and puts into `receive`.
 */
#ifndef TESTS_UNIT_USER_UART_MODEL_H
#define TESTS_UNIT_USER_UART_MODEL_H

#include "mnos/uart16550.h"
#include <pthread.h>
#include <stdbool.h>

struct uart_model {
    pthread_mutex_t lock; /**< guards everything */
    pthread_cond_t changed;
    uint8_t ier;
    uint8_t transmit[UART16550_FIFO_BYTES];
    size_t transmit_count;
    uint8_t receive[UART16550_FIFO_BYTES];
    size_t receive_count;
    size_t fifo_bytes;  /**< 16, or 1: a 16450 */
    bool thr_interrupt; /**< the transmitter's cause, until IIR is read */
    bool line;          /**< the interrupt line */
    bool pending;       /**< it rose since the last WAIT_IRQ */
    unsigned overruns;  /**< bytes that were written where there was no room */
};

/** The one UART, COM1. */
extern struct uart_model uart;

/** After the wire has changed something. */
void uart_model_update_line(void);

#endif
