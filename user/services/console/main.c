/**
 * main.c - console: the standard streams of programs (protocols/console_service.h).
 */
#include "mnos/process.h"
#include "mnos/service.h"
#include "protocols/stream.h"
#include "services/console/clients.h"
#include "services/console/way.h"
#include <stddef.h>

static const struct console_way *way;
static uint64_t foreground; /* the client that stdin is for; 0: any */

int main(void);

static uint64_t would_block(uint64_t badge)
{
    clients_wait(badge);
    return STREAM_WOULD_BLOCK;
}

/** May this badge's client read what is there? */
static bool may_read_now(uint64_t badge)
{
    return foreground == 0 || foreground == CONSOLE_BADGE_CLIENT(badge);
}

static uint64_t read(struct mnos_message *message, uint32_t size)
{
    size_t done = 0;

    if (CONSOLE_BADGE_STREAM(message->badge) != CONSOLE_STDIN) {
        return STREAM_REFUSED;
    }
    if (size == 0) {
        return STREAM_INVALID;
    }
    if (may_read_now(message->badge)) {
        done = way->read(message->words,
                         size < STREAM_MESSAGE_BYTES ? size : STREAM_MESSAGE_BYTES);
    }
    if (done == 0 && way->input_ended() && may_read_now(message->badge)) {
        way->input_end_told();
        return STREAM_END;
    }
    if (done == 0) {
        return would_block(message->badge);
    }
    message->length = (uint32_t)(done + 7) / 8;
    return STREAM_LABEL(STREAM_OK, done);
}

static uint64_t available(const struct mnos_message *message)
{
    size_t size = may_read_now(message->badge) ? way->available() : 0;

    if (CONSOLE_BADGE_STREAM(message->badge) != CONSOLE_STDIN) {
        return STREAM_REFUSED;
    }
    if (size == 0 && way->input_ended() && may_read_now(message->badge)) {
        return STREAM_END;
    }
    if (size == 0) {
        clients_wait(message->badge);
    }
    return STREAM_LABEL(STREAM_OK, size < 0xffff ? size : 0xffff);
}

static uint64_t write(const struct mnos_message *message, uint32_t size)
{
    uint32_t stream = CONSOLE_BADGE_STREAM(message->badge);
    size_t done;

    if (stream < CONSOLE_STDOUT || stream > CONSOLE_LOG) {
        return STREAM_REFUSED;
    }
    if (size > message->length * sizeof(message->words[0])) {
        return STREAM_INVALID;
    }
    if (way->is_over()) {
        return STREAM_END;
    }
    done = way->write((enum console_stream)stream, message->words, size);
    return done == 0 && size > 0 ? would_block(message->badge)
                                 : STREAM_LABEL(STREAM_OK, done);
}

static uint64_t subscribe(struct mnos_message *message)
{
    if (message->received[0] == 0) {
        return STREAM_INVALID;
    }
    if (!clients_subscribe(message->badge, message->received[0], message->words[0])) {
        return STREAM_FULL;
    }
    message->received[0] = 0;
    return STREAM_OK;
}

/** What only a CONSOLE_CONTROL badge may ask for. */
static uint64_t control(struct mnos_message *message)
{
    uint32_t signal;

    if (CONSOLE_BADGE_STREAM(message->badge) != CONSOLE_CONTROL) {
        return STREAM_REFUSED;
    }
    switch (STREAM_CODE(message->label)) {
    case CONSOLE_TAKE_SIGNAL:
        signal = way->take_signal();
        message->words[0] = signal;
        return signal != 0 ? STREAM_OK : would_block(message->badge);
    case CONSOLE_EXIT:
        if (message->words[0] > 255) {
            return STREAM_INVALID;
        }
        way->exit((uint32_t)message->words[0]);
        return way->is_flushed() ? STREAM_OK : would_block(message->badge);
    case CONSOLE_FOREGROUND:
        foreground = message->words[0];
        console_changed();
        return STREAM_OK;
    default:
        return STREAM_INVALID;
    }
}

static uint64_t answer(struct mnos_message *message)
{
    uint32_t size = STREAM_BYTES(message->label);

    switch (STREAM_CODE(message->label)) {
    case STREAM_READ:
        return read(message, size);
    case STREAM_WRITE:
        return write(message, size);
    case STREAM_SUBSCRIBE:
        return subscribe(message);
    case STREAM_CLOSE:
        return STREAM_OK;
    case STREAM_AVAILABLE:
        return available(message);
    case STREAM_FLUSHED:
        return way->is_flushed() ? STREAM_OK : would_block(message->badge);
    default:
        return control(message);
    }
}

static void request(void *context, struct mnos_message *message)
{
    uint32_t opcode = STREAM_CODE(message->label);
    uint64_t label = answer(message);

    (void)context;
    if (message->received[0] != 0) {
        (void)sys_drop_cap(message->received[0]); /* nobody wanted it */
    }
    if (opcode != STREAM_READ || STREAM_CODE(label) != STREAM_OK) {
        message->length = opcode == CONSOLE_TAKE_SIGNAL ? 1 : 0;
    }
    message->label = label;
}

static void signals(void *context, uint64_t bits)
{
    (void)context;
    if ((bits & CONSOLE_EVENT_WAY) != 0) {
        way->on_event();
    }
}

static void gone(void *context, uint64_t badge)
{
    (void)context;
    clients_forget(badge);
    if (CONSOLE_BADGE_STREAM(badge) == CONSOLE_STDIN &&
        foreground == CONSOLE_BADGE_CLIENT(badge)) {
        foreground = 0;
    }
}

int main(void)
{
    const struct mnos_service service = {
        .request = request, .signals = signals, .gone = gone};

    way = port_way_open();
    if (way == NULL) {
        way = serial_way_open();
    }
    if (way == NULL) {
        return 1;
    }
    return mnos_service_run(&service) == MN_OK ? 0 : 1;
}
