/**
 * link_guest.c - see link_guest.h.
 */
#include "services/console/link_guest.h"

static void put_bytes(struct byte_queue *queue, const uint8_t *bytes, size_t size)
{
    byte_queue_put_all(queue, bytes, (uint32_t)size);
}

enum {
    /** Grants leave this much of the output queue for the last packets. */
    EXIT_BYTES = LINK_STREAMS * LINK_CONTROL_BYTES,
    /** Smaller grants wait while there is something to read. */
    GRANT_BYTES = LINK_GUEST_INPUT_BYTES / 4
};
_Static_assert(EXIT_BYTES + LINK_CONTROL_BYTES <= LINK_GUEST_CONTROL_BYTES, "room");

/** Grants what of stdin was read, as soon as there is room to say so. */
static void grant(struct link_guest *guest)
{
    uint8_t packet[LINK_CONTROL_BYTES];
    bool worthwhile = guest->owed_credit >= GRANT_BYTES ||
                      (guest->owed_credit > 0 && byte_queue_used(&guest->input) == 0);

    if (worthwhile && !guest->exit_sent &&
        byte_queue_room(&guest->output) >= LINK_CONTROL_BYTES + EXIT_BYTES) {
        put_bytes(
            &guest->output, packet,
            link_put_credit(&guest->link, LINK_STDIN, guest->owed_credit, packet));
        guest->owed_credit = 0;
    }
}

void link_guest_init(struct link_guest *guest)
{
    uint8_t packet[LINK_CONTROL_BYTES];

    *guest = (struct link_guest){.owed_credit = LINK_GUEST_INPUT_BYTES};
    guest->input = (struct byte_queue){.bytes = guest->input_bytes,
                                       .capacity = LINK_GUEST_INPUT_BYTES};
    guest->output = (struct byte_queue){.bytes = guest->output_bytes,
                                        .capacity = LINK_GUEST_OUTPUT_BYTES};
    link_init(&guest->link, LINK_GUEST);
    put_bytes(&guest->output, packet, link_put_hello(packet));
    grant(guest);
}

static void take_event(struct link_guest *guest, const struct link_event *event)
{
    switch (event->type) {
    case LINK_DATA: /* of stdin, within the credit: there is room */
        put_bytes(&guest->input, event->bytes, event->size);
        break;
    case LINK_END:
        guest->input_ended = true;
        break;
    case LINK_SIGNAL:
        if (guest->signal_count < LINK_GUEST_SIGNALS) {
            guest->signals[guest->signal_count++] = (uint8_t)event->value;
        }
        break;
    default: /* the hello, and credit, which the link counts */
        break;
    }
}

bool link_guest_receive(struct link_guest *guest, const uint8_t *bytes, size_t size)
{
    struct link_event event;
    enum link_status status;

    do {
        size_t used;

        status = link_receive(&guest->link, bytes, size, &used, &event);
        bytes += used;
        size -= used;
        if (status == LINK_EVENT) {
            take_event(guest, &event);
        }
    } while (status == LINK_EVENT);
    return status == LINK_MORE;
}

size_t link_guest_send(const struct link_guest *guest, uint8_t *out_bytes, size_t size)
{
    struct byte_queue copy = guest->output;

    return byte_queue_take_some(&copy, out_bytes, size);
}

void link_guest_sent(struct link_guest *guest, size_t size)
{
    guest->output.taken += (uint32_t)size;
    grant(guest);
}

size_t link_guest_read(struct link_guest *guest, void *out_bytes, size_t size)
{
    uint32_t count = byte_queue_take_some(&guest->input, out_bytes, size);

    guest->owed_credit += count;
    grant(guest);
    return count;
}

size_t link_guest_available(const struct link_guest *guest)
{
    return byte_queue_used(&guest->input);
}

bool link_guest_input_ended(const struct link_guest *guest)
{
    return byte_queue_used(&guest->input) == 0 &&
           (guest->input_ended || link_is_over(&guest->link));
}

size_t link_guest_write(struct link_guest *guest, enum link_stream stream,
                        const void *bytes, size_t size)
{
    uint8_t header[LINK_CONTROL_BYTES];
    uint32_t room = byte_queue_room(&guest->output);
    uint32_t most = link_sendable(&guest->link, stream);

    if (room <= LINK_GUEST_CONTROL_BYTES + LINK_HEADER_BYTES) {
        return 0;
    }
    room -= LINK_GUEST_CONTROL_BYTES + LINK_HEADER_BYTES;
    most = most < room ? most : room;
    most = most < size ? most : (uint32_t)size;
    size_t header_size = link_put_data_header(&guest->link, stream, most, header);
    if (header_size == 0) {
        return 0;
    }
    put_bytes(&guest->output, header, header_size);
    put_bytes(&guest->output, bytes, most);
    return most;
}

bool link_guest_is_over(const struct link_guest *guest)
{
    return link_is_over(&guest->link);
}

void link_guest_exit(struct link_guest *guest, uint32_t status)
{
    uint8_t packet[LINK_CONTROL_BYTES];

    if (guest->exit_sent) {
        return;
    }
    guest->exit_sent = true;
    /* Room for these is kept by writers and grants alike. */
    for (unsigned stream = LINK_STDOUT; stream < LINK_STREAMS; stream++) {
        put_bytes(&guest->output, packet,
                  link_put_end(&guest->link, (enum link_stream)stream, packet));
    }
    put_bytes(&guest->output, packet, link_put_exit(&guest->link, status, packet));
}

bool link_guest_is_flushed(const struct link_guest *guest)
{
    return byte_queue_used(&guest->output) == 0;
}

uint32_t link_guest_take_signal(struct link_guest *guest)
{
    uint32_t signal = guest->signals[0];

    if (guest->signal_count == 0) {
        return 0;
    }
    guest->signal_count--;
    for (uint32_t i = 0; i < guest->signal_count; i++) {
        guest->signals[i] = guest->signals[i + 1];
    }
    return signal;
}
