/**
 * test_serial.c - the serial driver's three threads on a model of the 16550.
 *
 * A thread for the wire sends and types at its own pace. Endpoints are rendezvous. A
 * byte that is lost, an interrupt that is missed or a wakeup that gets lost shows as
 * wrong bytes or as no end (an alarm ends the test then).
 */
#include "drivers/serial_drv/serial.h"
#include "mnos/ipc.h"
#include "mnos/irq.h"
#include "mnos/process.h"
#include "mnos/uart16550.h"
#include "protocols/console.h"
#include "uart_model.h"
#include "unit.h"
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

enum {
    BURST = 1 << 20,
    LINES = 300,
    LIMIT_SECONDS = 120,
    STALLED_STEPS = 2000,
    SLOTS = 8
};

/** The wire, under the UART's lock. */
static struct {
    unsigned typed_lines; /**< so many were typed, and of the next one so many keys */
    size_t typed_keys;
    unsigned stalled_steps;           /**< with both sides waiting */
    uint8_t sent[BURST + LINES * 32]; /**< what has left */
    size_t sent_count;
} wire;

/** Endpoints by slot. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned sent[SLOTS];
    unsigned received[SLOTS];
} endpoints = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

mn_status sys_send(uint64_t slot, uint64_t label, uint64_t data0, uint64_t data1)
{
    (void)label;
    (void)data0;
    (void)data1;
    pthread_mutex_lock(&endpoints.lock);
    unsigned mine = ++endpoints.sent[slot];
    pthread_cond_broadcast(&endpoints.changed);
    while (endpoints.received[slot] < mine) {
        pthread_cond_wait(&endpoints.changed, &endpoints.lock);
    }
    pthread_mutex_unlock(&endpoints.lock);
    return MN_OK;
}

mn_status sys_recv(uint64_t slot, struct mn_message *out_message)
{
    pthread_mutex_lock(&endpoints.lock);
    while (endpoints.sent[slot] == endpoints.received[slot]) {
        pthread_cond_wait(&endpoints.changed, &endpoints.lock);
    }
    endpoints.received[slot]++;
    pthread_cond_broadcast(&endpoints.changed);
    pthread_mutex_unlock(&endpoints.lock);
    *out_message = (struct mn_message){0};
    return MN_OK;
}

void sys_yield(void)
{
    sched_yield();
}

static void *interrupt_thread(void *argument)
{
    do {
        serial_on_interrupt();
    } while (sys_wait_irq(CONSOLE_SLOT_INTERRUPT) == MN_OK);
    return argument;
}

/** Sends some of the FIFO; a FIFO that runs empty is a cause. */
static void transmit_some_locked(uint64_t random)
{
    size_t count = random % (UART16550_FIFO_BYTES + 1);

    if (count > uart.transmit_count) {
        count = uart.transmit_count;
    }
    if (count == 0) {
        return;
    }
    memcpy(wire.sent + wire.sent_count, uart.transmit, count);
    wire.sent_count += count;
    uart.transmit_count -= count;
    memmove(uart.transmit, uart.transmit + count, uart.transmit_count);
    if (uart.transmit_count == 0) {
        uart.thr_interrupt = true;
    }
}

/** Typed text: "line N", a letter too much, backspace, Enter. */
static size_t typed_line(unsigned number, char text[32])
{
    return (size_t)snprintf(text, 32, "line %ux\x7f\r", number);
}

/** Types the next key, while there are lines to be typed. */
static void type_locked(void)
{
    char text[32];
    size_t size = typed_line(wire.typed_lines, text);

    if (wire.typed_lines == LINES || uart.receive_count == uart.fifo_bytes) {
        return;
    }
    uart.receive[uart.receive_count++] = (uint8_t)text[wire.typed_keys++];
    if (wire.typed_keys == size) {
        wire.typed_keys = 0;
        wire.typed_lines++;
    }
}

/** For some while the other side takes nothing and types on, until the driver takes
 *  nothing either: it has no room for echo left. */
static bool line_stalls_locked(void)
{
    if (wire.typed_lines < LINES / 3 || wire.typed_lines == LINES ||
        wire.stalled_steps == STALLED_STEPS) {
        return false;
    }
    wire.stalled_steps += uart.receive_count == uart.fifo_bytes;
    return true;
}

static void *wire_thread(void *argument)
{
    uint64_t seed = 0x5eed;

    for (;;) {
        uint64_t random = unit_random(&seed);

        pthread_mutex_lock(&uart.lock);
        if (!line_stalls_locked()) {
            transmit_some_locked(random);
        }
        if ((random >> 32 & 1) != 0) {
            type_locked();
        }
        uart_model_update_line();
        pthread_mutex_unlock(&uart.lock);
        sched_yield();
    }
    return argument;
}

/** Reads all lines and returns how many were as they were typed. */
static void *input_thread(void *argument)
{
    uintptr_t good = 0;

    (void)argument;
    for (unsigned number = 0; number < LINES; number++) {
        char line[64] = "";
        char expected[32];
        size_t length = 0;
        bool end;

        do {
            length += serial_take_input((uint8_t *)line + length, &end);
        } while (!end && length < 32);
        snprintf(expected, sizeof(expected), "line %u", number);
        good += length == strlen(expected) && memcmp(line, expected, length) == 0;
    }
    return (void *)good;
}

/** Written bytes have bit 7 set, echo has not: so what was sent falls in two. */
static size_t separate(uint8_t *out_echo, size_t *out_echo_size)
{
    size_t written = 0;
    size_t echo = 0;

    for (size_t i = 0; i < wire.sent_count; i++) {
        if ((wire.sent[i] & 0x80) != 0) {
            wire.sent[written++] = wire.sent[i];
        } else {
            out_echo[echo++] = wire.sent[i];
        }
    }
    *out_echo_size = echo;
    return written;
}

static void expect_echo(const uint8_t *echo, size_t size)
{
    size_t at = 0;

    for (unsigned number = 0; number < LINES; number++) {
        char expected[40];
        int length = snprintf(expected, sizeof(expected), "line %ux\b \b\r\n", number);

        assert_true(at + (size_t)length <= size);
        assert_memory_equal(echo + at, expected, (size_t)length);
        at += (size_t)length;
    }
    assert_int_equal(at, size);
}

static void write_burst(const uint8_t *bytes, size_t size)
{
    uint64_t seed = 31337;

    for (size_t done = 0; done < size;) {
        size_t part = unit_random(&seed) % 5000;

        part = part < size - done ? part : size - done;
        serial_write(bytes + done, part);
        done += part;
        if (unit_random(&seed) % 64 == 0) {
            serial_drain();
        }
    }
    serial_drain();
}

static void burst_while_somebody_types(size_t fifo_bytes, size_t size)
{
    static uint8_t burst[BURST];
    static uint8_t echo[LINES * 32];
    pthread_t reader;
    uint64_t seed = 1;
    size_t echo_size;
    void *good;

    for (size_t i = 0; i < BURST; i++) {
        burst[i] = (uint8_t)(unit_random(&seed) | 0x80);
    }
    alarm(LIMIT_SECONDS);
    pthread_mutex_lock(&uart.lock);
    uart.fifo_bytes = fifo_bytes;
    wire.sent_count = 0;
    pthread_mutex_unlock(&uart.lock);
    assert_int_equal(serial_init(), MN_OK);
    pthread_mutex_lock(&uart.lock);
    wire.typed_lines = 0;
    wire.stalled_steps = 0;
    pthread_mutex_unlock(&uart.lock);
    pthread_create(&reader, NULL, input_thread, NULL);
    write_burst(burst, size);
    pthread_join(reader, &good);
    serial_drain();
    assert_int_equal((uintptr_t)good, LINES);
    pthread_mutex_lock(&uart.lock);
    assert_int_equal(uart.overruns, 0);
    assert_int_equal(separate(echo, &echo_size), size);
    assert_memory_equal(wire.sent, burst, size);
    expect_echo(echo, echo_size);
    pthread_mutex_unlock(&uart.lock);
    for (size_t slot = 0; slot < SLOTS; slot++) {
        assert_int_equal(endpoints.sent[slot], endpoints.received[slot]);
    }
}

static void a_burst_while_somebody_types(void **state)
{
    (void)state;
    burst_while_somebody_types(UART16550_FIFO_BYTES, BURST);
}

static void the_same_without_a_fifo(void **state)
{
    (void)state;
    burst_while_somebody_types(1, BURST / 32);
}

/** The interrupt thread and the wire run for ever. */
static int start_device(void **state)
{
    pthread_t threads[2];

    (void)state;
    wire.typed_lines = LINES;
    uart.fifo_bytes = UART16550_FIFO_BYTES;
    return pthread_create(&threads[0], NULL, interrupt_thread, NULL) == 0 &&
                   pthread_create(&threads[1], NULL, wire_thread, NULL) == 0
               ? 0
               : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_while_somebody_types),
        cmocka_unit_test(the_same_without_a_fifo),
    };
    /* Not exit(): the two threads still run. */
    int failed = cmocka_run_group_tests(tests, start_device, NULL);
    fflush(stdout);
    _exit(failed);
}
