/**
 * uart_model.c - a 16550 with both FIFOs. Source: PC16550D data sheet, section 8.
 */
#include "uart_model.h"
#include "mnos/io.h"
#include "mnos/irq.h"
#include "protocols/console.h"
#include "unit.h"

struct uart_model uart = {.lock = PTHREAD_MUTEX_INITIALIZER,
                          .changed = PTHREAD_COND_INITIALIZER,
                          .fifo_bytes = UART16550_FIFO_BYTES};

static uint8_t cause_locked(void)
{
    if ((uart.ier & UART16550_IER_RECEIVED) != 0 && uart.receive_count > 0) {
        return UART16550_IIR_RECEIVED;
    }
    if ((uart.ier & UART16550_IER_THR_EMPTY) != 0 && uart.thr_interrupt) {
        return UART16550_IIR_THR_EMPTY;
    }
    return UART16550_IIR_NONE;
}

void uart_model_update_line(void)
{
    bool line = cause_locked() != UART16550_IIR_NONE;

    if (line && !uart.line) {
        uart.pending = true;
        pthread_cond_broadcast(&uart.changed);
    }
    uart.line = line;
}

static uint8_t read_locked(uint16_t offset)
{
    uint8_t value = 0;

    switch (offset) {
    case UART16550_DATA:
        assert_true(uart.receive_count > 0);
        value = uart.receive[0];
        uart.receive_count--;
        memmove(uart.receive, uart.receive + 1, uart.receive_count);
        break;
    case UART16550_IIR:
        value = cause_locked();
        if (value == UART16550_IIR_THR_EMPTY) {
            uart.thr_interrupt = false;
        }
        value |= uart.fifo_bytes > 1 ? UART16550_IIR_FIFO : 0;
        break;
    case UART16550_LSR:
        value = uart.receive_count > 0 ? UART16550_LSR_DATA_READY : 0;
        if (uart.transmit_count == 0) {
            value |= UART16550_LSR_THR_EMPTY | UART16550_LSR_ALL_EMPTY;
        }
        break;
    default:
        break;
    }
    return value;
}

static void write_locked(uint16_t offset, uint8_t value)
{
    if (offset == UART16550_DATA) {
        if (uart.transmit_count == uart.fifo_bytes) {
            uart.overruns++;
            return;
        }
        uart.thr_interrupt = false;
        uart.transmit[uart.transmit_count++] = value;
    } else if (offset == UART16550_IER) {
        bool turned_on = (value & ~uart.ier & UART16550_IER_THR_EMPTY) != 0;

        uart.ier = value;
        if (turned_on && uart.transmit_count == 0) {
            uart.thr_interrupt = true;
        }
    }
}

mn_status sys_port_in(uint64_t slot, uint16_t port, uint8_t *out_value)
{
    assert_int_equal(slot, CONSOLE_SLOT_COM1);
    pthread_mutex_lock(&uart.lock);
    *out_value = read_locked((uint16_t)(port - UART16550_COM1));
    uart_model_update_line();
    pthread_mutex_unlock(&uart.lock);
    return MN_OK;
}

mn_status sys_port_out(uint64_t slot, uint16_t port, uint8_t value)
{
    assert_int_equal(slot, CONSOLE_SLOT_COM1);
    pthread_mutex_lock(&uart.lock);
    write_locked((uint16_t)(port - UART16550_COM1), value);
    uart_model_update_line();
    pthread_mutex_unlock(&uart.lock);
    return MN_OK;
}

mn_status sys_wait_irq(uint64_t slot)
{
    assert_int_equal(slot, CONSOLE_SLOT_INTERRUPT);
    pthread_mutex_lock(&uart.lock);
    while (!uart.pending) {
        pthread_cond_wait(&uart.changed, &uart.lock);
    }
    uart.pending = false;
    pthread_mutex_unlock(&uart.lock);
    return MN_OK;
}
