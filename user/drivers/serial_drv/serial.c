/**
 * serial.c - the 16550 behind its interrupt; see serial.h.
 *
 * COM1's line is edge-triggered: the interrupt thread serves the device until its IIR
 * says "none", which is when the line has fallen, so that the next cause is an edge.
 */
#include "drivers/serial_drv/serial.h"
#include "abi/ipc_message.h"
#include "core/byte_queue.h"
#include "drivers/serial_drv/line_discipline.h"
#include "mnos/io.h"
#include "mnos/ipc.h"
#include "mnos/lock.h"
#include "mnos/process.h"
#include "mnos/uart16550.h"
#include "protocols/console.h"

static uint8_t output_bytes[SERIAL_OUTPUT_BYTES];
static uint8_t input_bytes[SERIAL_INPUT_BYTES];

/** All that the threads share. */
static struct {
    struct mnos_lock lock; /**< guards everything below, and the device */
    struct byte_queue output;
    struct byte_queue input; /**< typed lines, each ended by '\n' */
    struct line_discipline typing;
    uint32_t room_wanted; /**< the requests thread waits for it; 0: it does not wait */
    bool input_wanted;    /**< the input thread waits for a line */
    bool active;        /**< the transmitter has bytes, or will say that it is empty */
    uint8_t ier;        /**< as it is in the device */
    uint8_t fifo_bytes; /**< what an empty transmitter takes; fixed by serial_init() */
} serial = {
    .output = {.bytes = output_bytes, .capacity = SERIAL_OUTPUT_BYTES},
    .input = {.bytes = input_bytes, .capacity = SERIAL_INPUT_BYTES},
};

/** Who is to be woken once the lock is given back. */
struct wakeups {
    bool output_space;
    bool input_ready;
};

/** Init proved the capability before it handed it out; a refusal here is our bug. */
static void require(mn_status status)
{
    if (status != MN_OK) {
        __builtin_trap();
    }
}

static uint8_t read_register(enum uart16550_register offset)
{
    uint8_t value = 0;

    require(
        sys_port_in(CONSOLE_SLOT_COM1, (uint16_t)(UART16550_COM1 + offset), &value));
    return value;
}

static void write_register(enum uart16550_register offset, uint8_t value)
{
    require(
        sys_port_out(CONSOLE_SLOT_COM1, (uint16_t)(UART16550_COM1 + offset), value));
}

/** Is there room for what one typed byte may lead to: its echo, and a line? */
static bool can_receive_locked(void)
{
    return byte_queue_room(&serial.output) >= LINE_DISCIPLINE_ECHO_MAX &&
           byte_queue_room(&serial.input) > LINE_DISCIPLINE_MAX;
}

/**
 * Turns the device's interrupts on and off as the state wants it.
 *
 * While there is no room, what is typed waits in the device, and behind it on the other
 * side of the line.
 */
static void update_interrupts_locked(void)
{
    uint8_t ier = UART16550_IER_LINE;

    if (can_receive_locked()) {
        ier |= UART16550_IER_RECEIVED;
    }
    if (serial.active) {
        ier |= UART16550_IER_THR_EMPTY;
    }
    if (ier != serial.ier) {
        serial.ier = ier;
        write_register(UART16550_IER, ier);
    }
}

mn_status serial_init(void)
{
    const struct uart16550 uart = {.slot = CONSOLE_SLOT_COM1, .base = UART16550_COM1};
    mn_status status = uart16550_drain(&uart);

    if (status != MN_OK) {
        return status;
    }
    serial.ier = 0;
    write_register(UART16550_IER, serial.ier);
    write_register(UART16550_LCR, UART16550_LCR_8N1);
    write_register(UART16550_FCR, UART16550_FCR_ENABLE | UART16550_FCR_TRIGGER_8);
    /* A UART without a FIFO that works takes one byte at a time. */
    serial.fifo_bytes =
        (read_register(UART16550_IIR) & UART16550_IIR_FIFO) == UART16550_IIR_FIFO
            ? UART16550_FIFO_BYTES
            : 1;
    write_register(UART16550_MCR,
                   UART16550_MCR_DTR | UART16550_MCR_RTS | UART16550_MCR_OUT2);
    update_interrupts_locked(); /* no other thread yet */
    return MN_OK;
}

/** Fills the FIFO from the queue, if it is empty. */
static void fill_fifo_locked(void)
{
    if ((read_register(UART16550_LSR) & UART16550_LSR_THR_EMPTY) == 0) {
        return;
    }
    for (unsigned i = 0; i < serial.fifo_bytes && byte_queue_used(&serial.output) > 0;
         i++) {
        write_register(UART16550_DATA, byte_queue_take(&serial.output));
    }
}

/** Makes the transmitter active and gives it a first fill: not every 16550 interrupts
 *  when its interrupt is turned on while it is empty. */
static void start_transmitter_locked(void)
{
    if (serial.active || byte_queue_used(&serial.output) == 0) {
        return;
    }
    serial.active = true;
    update_interrupts_locked();
    fill_fifo_locked();
}

/** The transmitter ran empty: the next fill, or rest. */
static void on_transmitter_empty_locked(void)
{
    if (byte_queue_used(&serial.output) > 0) {
        fill_fifo_locked();
    } else {
        serial.active = false;
    }
}

/** Hands a whole line to whoever reads. There is room. */
static void finish_line_locked(void)
{
    struct line_discipline *typing = &serial.typing;

    for (size_t i = 0; i < typing->length; i++) {
        byte_queue_put(&serial.input, typing->line[i]);
    }
    byte_queue_put(&serial.input, '\n');
    line_discipline_restart(typing);
}

/** One typed byte. There is room for its echo and for a line. */
static void on_typed_locked(uint8_t byte)
{
    struct line_event event = line_discipline_take(&serial.typing, byte);

    for (size_t i = 0; i < event.echo_size; i++) {
        byte_queue_put(&serial.output, event.echo[i]);
    }
    if (event.complete) {
        finish_line_locked();
    }
}

static void receive_locked(void)
{
    while ((read_register(UART16550_LSR) & UART16550_LSR_DATA_READY) != 0 &&
           can_receive_locked()) {
        on_typed_locked(read_register(UART16550_DATA));
    }
    start_transmitter_locked();
}

/** Takes the notes of waiting threads whose condition holds now. */
static struct wakeups take_wakeups_locked(void)
{
    struct wakeups wakeups = {false, false};

    if (serial.room_wanted != 0 &&
        byte_queue_room(&serial.output) >= serial.room_wanted) {
        serial.room_wanted = 0;
        wakeups.output_space = true;
    }
    if (serial.input_wanted && byte_queue_used(&serial.input) > 0) {
        serial.input_wanted = false;
        wakeups.input_ready = true;
    }
    return wakeups;
}

/** Serves one cause. false: the device wants nothing more. */
static bool serve_one_cause(void)
{
    mnos_lock_take(&serial.lock);
    uint8_t iir = read_register(UART16550_IIR);
    bool pending = (iir & UART16550_IIR_NONE) == 0;

    if (pending) {
        switch (iir & UART16550_IIR_CAUSE) {
        case UART16550_IIR_THR_EMPTY:
            on_transmitter_empty_locked();
            break;
        case UART16550_IIR_RECEIVED:
        case UART16550_IIR_TIMEOUT:
        case UART16550_IIR_LINE: /* reading LSR acknowledges it */
            receive_locked();
            break;
        default:
            (void)read_register(UART16550_MSR);
            break;
        }
    }
    update_interrupts_locked();
    struct wakeups wakeups = take_wakeups_locked();
    mnos_lock_give(&serial.lock);

    if (wakeups.output_space) {
        require(sys_send(CONSOLE_SLOT_OUTPUT_SPACE, 0, 0, 0));
    }
    if (wakeups.input_ready) {
        require(sys_send(CONSOLE_SLOT_INPUT_READY, 0, 0, 0));
    }
    return pending;
}

void serial_on_interrupt(void)
{
    while (serve_one_cause()) {
    }
}

/** Waits until the output queue has @p room free bytes. */
static void wait_for_room(uint32_t room)
{
    struct mn_message message;

    mnos_lock_take(&serial.lock);
    bool wait = byte_queue_room(&serial.output) < room;
    serial.room_wanted = wait ? room : 0;
    mnos_lock_give(&serial.lock);
    if (wait) {
        require(sys_recv(CONSOLE_SLOT_OUTPUT_SPACE, &message));
    }
}

/** Queues what there is room for and returns how much that was. */
static size_t write_some(const uint8_t *bytes, size_t size)
{
    size_t done = 0;

    mnos_lock_take(&serial.lock);
    while (done < size && byte_queue_room(&serial.output) > SERIAL_ECHO_RESERVE) {
        byte_queue_put(&serial.output, bytes[done++]);
    }
    start_transmitter_locked();
    update_interrupts_locked();
    mnos_lock_give(&serial.lock);
    return done;
}

void serial_write(const uint8_t *bytes, size_t size)
{
    size_t done = write_some(bytes, size);

    while (done < size) {
        wait_for_room(SERIAL_OUTPUT_BYTES / 2);
        done += write_some(bytes + done, size - done);
    }
}

void serial_drain(void)
{
    uint8_t line_status;

    wait_for_room(SERIAL_OUTPUT_BYTES);
    do {
        sys_yield();
        mnos_lock_take(&serial.lock);
        line_status = read_register(UART16550_LSR);
        mnos_lock_give(&serial.lock);
    } while ((line_status & UART16550_LSR_ALL_EMPTY) == 0);
}

/** Waits until a line was typed. */
static void wait_for_input(void)
{
    struct mn_message message;

    mnos_lock_take(&serial.lock);
    bool wait = byte_queue_used(&serial.input) == 0;
    serial.input_wanted = wait;
    mnos_lock_give(&serial.lock);
    if (wait) {
        require(sys_recv(CONSOLE_SLOT_INPUT_READY, &message));
    }
}

size_t serial_take_input(uint8_t bytes[16], bool *out_end)
{
    size_t size = 0;
    bool end = false;

    wait_for_input();
    mnos_lock_take(&serial.lock);
    while (!end && byte_queue_used(&serial.input) > 0) {
        const struct byte_queue *input = &serial.input;
        uint8_t next = input->bytes[input->taken & (input->capacity - 1)];

        end = next == '\n';
        if (!end && size == CONSOLE_MESSAGE_BYTES) {
            break;
        }
        (void)byte_queue_take(&serial.input);
        if (!end) {
            bytes[size++] = next;
        }
    }
    update_interrupts_locked();
    mnos_lock_give(&serial.lock);
    *out_end = end;
    return size;
}
