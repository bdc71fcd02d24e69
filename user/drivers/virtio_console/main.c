/**
 * main.c - virtio_console: the bytes of one virtio-serial port, by protocols/stream.h.
 *
 * One client reads and writes: the console service. It may come anew with another
 * subscription after it was started again.
 */
#include "drivers/virtio_console/port.h"
#include "libdriver/virtio_driver.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "mnos/signal.h"
#include "protocols/stream.h"

/** Who is to be signalled, and what for. */
static struct {
    uint64_t slot; /* 0: nobody */
    uint64_t bits;
    bool wants_read;
    bool wants_write;
} subscriber;

int main(void);

static uint64_t would_block(bool *out_wants)
{
    *out_wants = true;
    return STREAM_WOULD_BLOCK;
}

static uint64_t read(struct mnos_message *message, uint32_t size)
{
    size_t done;

    if (size == 0) {
        return STREAM_INVALID;
    }
    done = port_read(message->words,
                     size < STREAM_MESSAGE_BYTES ? size : STREAM_MESSAGE_BYTES);
    if (done == 0) {
        return port_is_closed() ? STREAM_END : would_block(&subscriber.wants_read);
    }
    message->length = (uint32_t)(done + 7) / 8;
    return STREAM_LABEL(STREAM_OK, done);
}

static uint64_t write(const struct mnos_message *message, uint32_t size)
{
    size_t done;

    if (size > message->length * sizeof(message->words[0])) {
        return STREAM_INVALID;
    }
    if (port_is_closed()) {
        return STREAM_END;
    }
    done = port_write(message->words, size);
    return done == 0 && size > 0 ? would_block(&subscriber.wants_write)
                                 : STREAM_LABEL(STREAM_OK, done);
}

static uint64_t subscribe(struct mnos_message *message)
{
    if (message->received[0] == 0) {
        return STREAM_INVALID;
    }
    if (subscriber.slot != 0) {
        (void)sys_drop_cap(subscriber.slot);
    }
    subscriber.slot = message->received[0];
    subscriber.bits = message->words[0];
    message->received[0] = 0;
    return STREAM_OK;
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
        size = (uint32_t)(port_available() < 0xffff ? port_available() : 0xffff);
        subscriber.wants_read = subscriber.wants_read || size == 0;
        return size == 0 && port_is_closed() ? STREAM_END
                                             : STREAM_LABEL(STREAM_OK, size);
    case STREAM_FLUSHED:
        return port_is_flushed() ? STREAM_OK : would_block(&subscriber.wants_write);
    default:
        return STREAM_INVALID;
    }
}

static void request(void *context, struct mnos_message *message)
{
    uint64_t label = answer(message);

    (void)context;
    if (message->received[0] != 0) {
        (void)sys_drop_cap(message->received[0]); /* nobody wanted it */
    }
    if (STREAM_CODE(message->label) != STREAM_READ) {
        message->length = 0;
    }
    message->label = label;
}

/** Signals the subscriber if what it waits for may be there. */
static void tell(void)
{
    bool readable = subscriber.wants_read && (port_available() > 0 || port_is_closed());

    if (subscriber.slot != 0 && (readable || subscriber.wants_write)) {
        subscriber.wants_read = subscriber.wants_read && !readable;
        subscriber.wants_write = false;
        (void)!sys_signal(subscriber.slot, subscriber.bits);
    }
}

static void signals(void *context, uint64_t bits)
{
    (void)context;
    if ((bits & VIRTIO_DRIVER_INTERRUPT) != 0) {
        port_on_interrupt();
        tell();
    }
}

int main(void)
{
    const struct mnos_service service = {.request = request, .signals = signals};

    if (!port_start()) {
        return 1;
    }
    return mnos_service_run(&service) == MN_OK ? 0 : 1;
}
