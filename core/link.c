/**
 * link.c - see link.h and docs/link.md.
 */
#include "core/link.h"
#include "core/bytes.h"

enum { EXIT_STATUS_MAX = 255 };

void link_init(struct link *link, enum link_side side)
{
    *link = (struct link){.side = side};
}

/** Does @p stream carry data to the side @p to? */
static bool flows_to(enum link_stream stream, enum link_side to)
{
    return (stream == LINK_STDIN) == (to == LINK_GUEST);
}

static enum link_side other(enum link_side side)
{
    return side == LINK_HOST ? LINK_GUEST : LINK_HOST;
}

/* --- receiving --- */

/** Payload bytes that a packet of a type has; LINK_DATA has as many as it says. */
static uint32_t control_size(uint8_t type)
{
    switch (type) {
    case LINK_HELLO:
        return 8;
    case LINK_CREDIT:
    case LINK_SIGNAL:
    case LINK_EXIT:
        return 4;
    default:
        return 0;
    }
}

/** May data of @p size bytes come on @p stream? */
static bool data_is_allowed(const struct link *link, uint8_t stream, uint32_t size)
{
    return stream < LINK_STREAMS && flows_to(stream, link->side) &&
           !link->got_end[stream] && size > 0 && size <= LINK_DATA_MAX &&
           size <= link->may_come[stream];
}

/** May a packet with this header come now? What a payload says is checked later. */
static bool header_is_allowed(const struct link *link, uint8_t type, uint8_t stream,
                              uint32_t size)
{
    if (link->greeted != (type != LINK_HELLO) || link->exited) {
        return false;
    }
    if (type == LINK_DATA) {
        return data_is_allowed(link, stream, size);
    }
    if (size != control_size(type)) {
        return false;
    }
    switch (type) {
    case LINK_HELLO:
        return stream == 0;
    case LINK_END:
        return stream < LINK_STREAMS && flows_to(stream, link->side) &&
               !link->got_end[stream];
    case LINK_CREDIT:
        return stream < LINK_STREAMS && flows_to(stream, other(link->side));
    case LINK_SIGNAL:
        return stream == 0 && link->side == LINK_GUEST;
    case LINK_EXIT:
        return stream == 0 && link->side == LINK_HOST;
    default:
        return false;
    }
}

static bool take_credit(struct link *link, enum link_stream stream, uint32_t bytes)
{
    if (bytes == 0 || bytes > LINK_CREDIT_MAX - link->may_send[stream]) {
        return false;
    }
    link->may_send[stream] += bytes;
    return true;
}

/** Acts on a whole packet that is not LINK_DATA. false: its payload breaks a rule. */
static bool take_control(struct link *link, struct link_event *out_event)
{
    const uint8_t *payload = link->packet + LINK_HEADER_BYTES;
    struct link_event event = {.type = link->packet[0], .stream = link->packet[1]};

    if (event.type != LINK_END) {
        event.value = bytes_load_le32(payload);
    }
    switch (event.type) {
    case LINK_HELLO:
        link->greeted = true;
        if (event.value != LINK_MAGIC || bytes_load_le32(payload + 4) != LINK_VERSION) {
            return false;
        }
        break;
    case LINK_END:
        link->got_end[event.stream] = true;
        break;
    case LINK_CREDIT:
        if (!take_credit(link, event.stream, event.value)) {
            return false;
        }
        break;
    case LINK_SIGNAL:
        if (event.value < LINK_INTERRUPT || event.value > LINK_HANGUP) {
            return false;
        }
        break;
    case LINK_EXIT:
        link->exited = true;
        if (event.value > EXIT_STATUS_MAX) {
            return false;
        }
        break;
    default:
        return false;
    }
    *out_event = event;
    return true;
}

/** Hands out what is there of a LINK_DATA packet's payload. */
static enum link_status take_data(struct link *link, const uint8_t *bytes, size_t size,
                                  size_t *out_used, struct link_event *out_event)
{
    uint32_t taken = size < link->data_left ? (uint32_t)size : link->data_left;

    if (taken == 0) {
        return LINK_MORE;
    }
    *out_event = (struct link_event){
        .type = LINK_DATA, .stream = link->packet[1], .bytes = bytes, .size = taken};
    link->data_left -= taken;
    if (link->data_left == 0) {
        link->packet_size = 0;
    }
    *out_used += taken;
    return LINK_EVENT;
}

/** Collects bytes until @p wanted of the packet are there. */
static bool collect(struct link *link, uint32_t wanted, const uint8_t *bytes,
                    size_t size, size_t *used)
{
    while (link->packet_size < wanted && *used < size) {
        link->packet[link->packet_size++] = bytes[(*used)++];
    }
    return link->packet_size >= wanted;
}

static enum link_status receive(struct link *link, const uint8_t *bytes, size_t size,
                                size_t *used, struct link_event *out_event)
{
    bool had_header = link->packet_size >= LINK_HEADER_BYTES;

    if (!collect(link, LINK_HEADER_BYTES, bytes, size, used)) {
        return LINK_MORE;
    }
    uint8_t type = link->packet[0];
    uint32_t payload = bytes_load_le16(link->packet + 2);
    if (!had_header) {
        if (!header_is_allowed(link, type, link->packet[1], payload)) {
            return LINK_BROKEN;
        }
        if (type == LINK_DATA) {
            link->may_come[link->packet[1]] -= payload;
            link->data_left = payload;
        }
    }
    if (type == LINK_DATA) {
        return take_data(link, bytes + *used, size - *used, used, out_event);
    }
    if (!collect(link, LINK_HEADER_BYTES + payload, bytes, size, used)) {
        return LINK_MORE;
    }
    link->packet_size = 0;
    return take_control(link, out_event) ? LINK_EVENT : LINK_BROKEN;
}

enum link_status link_receive(struct link *link, const uint8_t *bytes, size_t size,
                              size_t *out_used, struct link_event *out_event)
{
    enum link_status status = LINK_BROKEN;

    *out_used = 0;
    if (!link->broken) {
        status = receive(link, bytes, size, out_used, out_event);
        link->broken = status == LINK_BROKEN;
    }
    return status;
}

/* --- sending --- */

uint32_t link_sendable(const struct link *link, enum link_stream stream)
{
    if (link_is_over(link) || link->sent_end[stream] || flows_to(stream, link->side)) {
        return 0;
    }
    return link->may_send[stream] < LINK_DATA_MAX ? link->may_send[stream]
                                                  : LINK_DATA_MAX;
}

bool link_is_over(const struct link *link)
{
    return link->broken || link->exited;
}

static size_t put(uint8_t *out, enum link_type type, uint32_t stream, uint32_t size)
{
    out[0] = (uint8_t)type;
    out[1] = (uint8_t)stream;
    out[2] = (uint8_t)size;
    out[3] = (uint8_t)(size >> 8);
    return LINK_HEADER_BYTES;
}

static void put_word(uint8_t *out, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        out[i] = (uint8_t)(value >> 8 * i);
    }
}

/** A packet whose payload is one word. */
static size_t put_value(uint8_t *out, enum link_type type, uint32_t stream,
                        uint32_t value)
{
    put_word(out + put(out, type, stream, 4), value);
    return LINK_HEADER_BYTES + 4;
}

size_t link_put_hello(uint8_t out[LINK_CONTROL_BYTES])
{
    put_word(out + put(out, LINK_HELLO, 0, 8), LINK_MAGIC);
    put_word(out + LINK_HEADER_BYTES + 4, LINK_VERSION);
    return LINK_HEADER_BYTES + 8;
}

size_t link_put_data_header(struct link *link, enum link_stream stream, uint32_t size,
                            uint8_t out[LINK_CONTROL_BYTES])
{
    if (size == 0 || size > link_sendable(link, stream)) {
        return 0;
    }
    link->may_send[stream] -= size;
    return put(out, LINK_DATA, stream, size);
}

size_t link_put_end(struct link *link, enum link_stream stream,
                    uint8_t out[LINK_CONTROL_BYTES])
{
    if (link->sent_end[stream] || flows_to(stream, link->side)) {
        return 0;
    }
    link->sent_end[stream] = true;
    return put(out, LINK_END, stream, 0);
}

size_t link_put_credit(struct link *link, enum link_stream stream, uint32_t bytes,
                       uint8_t out[LINK_CONTROL_BYTES])
{
    if (bytes == 0 || link->got_end[stream] || !flows_to(stream, link->side) ||
        bytes > LINK_CREDIT_MAX - link->may_come[stream]) {
        return 0;
    }
    link->may_come[stream] += bytes;
    return put_value(out, LINK_CREDIT, stream, bytes);
}

size_t link_put_signal(enum link_signal signal, uint8_t out[LINK_CONTROL_BYTES])
{
    return put_value(out, LINK_SIGNAL, 0, signal);
}

size_t link_put_exit(struct link *link, uint32_t status,
                     uint8_t out[LINK_CONTROL_BYTES])
{
    if (link->side != LINK_GUEST || status > EXIT_STATUS_MAX || link->exited) {
        return 0;
    }
    link->exited = true;
    return put_value(out, LINK_EXIT, 0, status);
}
