/**
 * port_way.c - the standard streams over the link to the host's command, by virtio_console.
 */
#include "core/bytes.h"
#include "mnos/cap.h"
#include "mnos/service.h"
#include "protocols/stream.h"
#include "services/console/clients.h"
#include "services/console/link_guest.h"
#include "services/console/way.h"

static struct mn_ipc_buffer *buffer;
static struct link_guest guest;
static bool port_is_gone;

/** One CALL to the port. */
static enum stream_status call(struct mnos_message *message)
{
    if (mnos_message_call(buffer, CONSOLE_SERVICE_SLOT_PORT, message) != MN_OK) {
        port_is_gone = true;
        return STREAM_END;
    }
    return (enum stream_status)STREAM_CODE(message->label);
}

static enum stream_status ask(uint32_t opcode)
{
    struct mnos_message message = {.label = STREAM_LABEL(opcode, 0)};

    return call(&message);
}

/** Takes all that the port has. */
static void receive(void)
{
    for (;;) {
        struct mnos_message message = {
            .label = STREAM_LABEL(STREAM_READ, STREAM_MESSAGE_BYTES)};
        enum stream_status status = call(&message);
        size_t size = STREAM_BYTES(message.label);

        if (status == STREAM_END) {
            port_is_gone = true;
        }
        if (status != STREAM_OK || size > message.length * sizeof(uint64_t) ||
            !link_guest_receive(&guest, (const uint8_t *)message.words, size)) {
            return;
        }
    }
}

/** Gives the port what it takes. */
static void send(void)
{
    while (!link_guest_is_flushed(&guest) && !port_is_gone) {
        struct mnos_message message = {.length = 0};
        size_t size =
            link_guest_send(&guest, (uint8_t *)message.words, STREAM_MESSAGE_BYTES);

        message.label = STREAM_LABEL(STREAM_WRITE, size);
        message.length = (uint32_t)(size + 7) / 8;
        if (call(&message) != STREAM_OK || STREAM_BYTES(message.label) > size) {
            return;
        }
        link_guest_sent(&guest, STREAM_BYTES(message.label));
    }
}

static size_t available(void)
{
    return link_guest_available(&guest);
}

static bool input_ended(void)
{
    return link_guest_input_ended(&guest) ||
           (port_is_gone && link_guest_available(&guest) == 0);
}

static void input_end_told(void)
{
}

static size_t read(void *out_bytes, size_t size)
{
    size_t done = link_guest_read(&guest, out_bytes, size);

    send(); /* the credit for it */
    return done;
}

static size_t write(enum console_stream stream, const void *bytes, size_t size)
{
    size_t done = link_guest_write(&guest, (enum link_stream)stream, bytes, size);

    send();
    return done;
}
_Static_assert((int)CONSOLE_STDOUT == (int)LINK_STDOUT &&
                   (int)CONSOLE_STDERR == (int)LINK_STDERR &&
                   (int)CONSOLE_LOG == (int)LINK_LOG,
               "the same streams");

static bool is_over(void)
{
    return port_is_gone || link_guest_is_over(&guest);
}

static bool is_flushed(void)
{
    send();
    return port_is_gone ||
           (link_guest_is_flushed(&guest) && ask(STREAM_FLUSHED) != STREAM_WOULD_BLOCK);
}

static uint32_t take_signal(void)
{
    return link_guest_take_signal(&guest);
}

static void exit_link(uint32_t status)
{
    link_guest_exit(&guest, status);
    send();
}

static void on_event(void)
{
    receive();
    send();
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
    .exit = exit_link,
    .on_event = on_event,
};

const struct console_way *port_way_open(void)
{
    struct mnos_message message = {.label = STREAM_LABEL(STREAM_SUBSCRIBE, 0),
                                   .words = {CONSOLE_EVENT_WAY},
                                   .length = 1};
    uint64_t event = mnos_service_event(CONSOLE_EVENT_WAY);

    buffer = mnos_service_buffer();
    if (buffer == NULL || event == MNOS_NO_SLOT) {
        return NULL;
    }
    mnos_message_move_cap(&message, event);
    if (call(&message) != STREAM_OK) {
        return NULL; /* no such slot, or the machine has no port */
    }
    link_guest_init(&guest);
    on_event();
    return &way;
}
