/**
 * serial_way.c - the standard streams over the system's console: serial_drv.
 *
 * Typed lines come on an endpoint that one has to wait at: a second thread does, puts each
 * line into a queue under a lock, and signals the first. Ctrl-D stands in the queue as the
 * byte that it is, which no line has. Output is SENT to serial_drv,
 * which takes it as fast as the line goes.
 */
#include "core/byte_queue.h"
#include "core/bytes.h"
#include "core/link.h"
#include "mnos/cap.h"
#include "mnos/console.h"
#include "mnos/lock.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "mnos/signal.h"
#include "mnos/thread.h"
#include "protocols/console.h"
#include "services/console/clients.h"
#include "services/console/way.h"

enum { LINE_BYTES = 258, QUEUE_BYTES = 4096, STACK_BYTES = 16384 };

static struct mnos_lock lock;
static uint8_t typed_bytes[QUEUE_BYTES];
static struct byte_queue typed = {.bytes = typed_bytes, .capacity = QUEUE_BYTES};
static uint32_t interrupts; /* Ctrl-C that nobody took yet */
static bool typing_ended;   /* serial_drv is gone */
static bool output_ended;   /* likewise; only the first thread looks at it */
static bool reader_waits;   /* for room in the queue */
static uint64_t event_slot; /* of the reader, to signal the first thread */
static uint64_t room_slot;  /* Notification: there is room again */
static uint8_t stack[STACK_BYTES] __attribute__((aligned(16)));

/* --- the reader --- */

/** Puts a line into the queue. false: no room; the reader is noted as waiting. */
static bool put_line(const char *line, size_t size)
{
    mnos_lock_take(&lock);
    if (line[0] == CONSOLE_INTERRUPT) {
        interrupts++;
        size = 0;
    }
    bool fits = byte_queue_room(&typed) >= size;
    for (size_t i = 0; fits && i < size; i++) {
        byte_queue_put(&typed, (uint8_t)line[i]);
    }
    reader_waits = !fits;
    mnos_lock_give(&lock);
    return fits;
}

static void reader(void *argument)
{
    struct mnos_console console = {.way = MNOS_CONSOLE_DRIVER,
                                   .input = CONSOLE_SERVICE_SLOT_TYPED};
    char line[LINE_BYTES];

    (void)argument;
    while (mnos_console_read_line(&console, line, sizeof(line) - 1) == MN_OK) {
        size_t size = strlen(line);
        uint64_t bits;

        line[size] = '\n';
        size += line[0] != CONSOLE_END_OF_FILE;
        while (!put_line(line, size)) {
            if (sys_wait_signal(room_slot, 0, &bits) != MN_OK) {
                return;
            }
        }
        (void)!sys_signal(event_slot, CONSOLE_EVENT_WAY);
    }
    mnos_lock_take(&lock);
    typing_ended = true;
    mnos_lock_give(&lock);
    (void)!sys_signal(event_slot, CONSOLE_EVENT_WAY);
}

/* --- the way --- */

/** Is Ctrl-D the next thing in the queue? */
static bool end_is_next_locked(void)
{
    return byte_queue_used(&typed) > 0 &&
           typed.bytes[typed.taken & (typed.capacity - 1)] == CONSOLE_END_OF_FILE;
}

static size_t available(void)
{
    mnos_lock_take(&lock);
    size_t size = end_is_next_locked() ? 0 : byte_queue_used(&typed);
    mnos_lock_give(&lock);
    return size;
}

static bool input_ended(void)
{
    mnos_lock_take(&lock);
    bool ended = end_is_next_locked() || (typing_ended && byte_queue_used(&typed) == 0);
    mnos_lock_give(&lock);
    return ended;
}

/** As terminals do, gives one line at most. */
static size_t read(void *out_bytes, size_t size)
{
    uint8_t *out = out_bytes;
    size_t count = 0;

    mnos_lock_take(&lock);
    while (count < size && byte_queue_used(&typed) > 0 && !end_is_next_locked() &&
           (count == 0 || out[count - 1] != '\n')) {
        out[count++] = byte_queue_take(&typed);
    }
    bool wake = reader_waits && count > 0;
    mnos_lock_give(&lock);
    if (wake) {
        (void)!sys_signal(room_slot, 1);
    }
    return count;
}

static size_t write(enum console_stream stream, const void *bytes, size_t size)
{
    struct mnos_console console = {.way = MNOS_CONSOLE_DRIVER,
                                   .requests = SERVICE_SLOT_LOG};

    (void)stream;
    output_ended = mnos_console_write(&console, bytes, size) != MN_OK;
    return size;
}

static bool is_over(void)
{
    return output_ended;
}

static bool is_flushed(void)
{
    return true; /* SEND returned: serial_drv has it */
}

static void input_end_told(void)
{
    mnos_lock_take(&lock);
    if (end_is_next_locked()) {
        (void)byte_queue_take(&typed);
    }
    mnos_lock_give(&lock);
}

static uint32_t take_signal(void)
{
    mnos_lock_take(&lock);
    bool is_interrupt = interrupts > 0;
    interrupts -= is_interrupt;
    mnos_lock_give(&lock);
    return is_interrupt ? LINK_INTERRUPT : 0;
}

static void exit_nowhere(uint32_t status)
{
    (void)status;
}

static void on_event(void)
{
    console_changed();
}

static const struct console_way way = {
    .available = available,
    .input_ended = input_ended,
    .input_end_told = input_end_told,
    .read = read,
    .write = write,
    .is_over = is_over,
    .is_flushed = is_flushed,
    .take_signal = take_signal,
    .exit = exit_nowhere,
    .on_event = on_event,
};

const struct console_way *serial_way_open(void)
{
    const struct mnos_thread thread = {
        .function = reader, .stack = stack, .stack_size = sizeof(stack)};
    struct mn_cap_info info;

    if (sys_cap_info(SERVICE_SLOT_LOG, &info) != MN_OK || info.type == MN_CAP_EMPTY) {
        return NULL;
    }
    event_slot = mnos_service_event(CONSOLE_EVENT_WAY);
    room_slot = mnos_service_slot();
    if (event_slot == MNOS_NO_SLOT || room_slot == MNOS_NO_SLOT ||
        sys_create_notification(SERVICE_SLOT_ACCOUNT, room_slot) != MN_OK ||
        mn_is_error(mnos_thread_start(SERVICE_SLOT_SELF, &thread))) {
        return NULL;
    }
    return &way;
}
