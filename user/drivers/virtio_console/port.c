/**
 * port.c - see port.h.
 *
 * Going out: bytes are gathered in one buffer while the device is busy with others, so that
 * many small writes become few large ones.
 */
#include "drivers/virtio_console/port.h"
#include "core/bytes.h"
#include "drivers/virtio_console/control.h"
#include "libdriver/virtio_driver.h"

enum {
    PORT = CONTROL_PORT,
    QUEUE_RECEIVE = 2 + 2 * PORT,
    QUEUE_TRANSMIT = 3 + 2 * PORT,
    BUFFERS = 8,
    BUFFER_BYTES = 4096,
    BUFFERS_ORDER = 3,
    RINGS_ORDER = 1
};
_Static_assert(BUFFERS *BUFFER_BYTES == 4096 << BUFFERS_ORDER, "one block");
_Static_assert(4 * VIRTQUEUE_BYTES_MAX <= 4096 << RINGS_ORDER, "four queues");

/** One direction: its queue, its buffers, and which buffer a chain is. */
struct direction {
    struct virtio_queue queue;
    struct virtio_memory memory;
    uint8_t buffer_of[VIRTQUEUE_SIZE_MAX];
};

static struct virtio_driver driver;
static struct direction receive;
static struct direction transmit;

/** Buffers that the device filled, oldest first. */
static struct {
    uint8_t buffer[BUFFERS];
    uint32_t size[BUFFERS];
    uint32_t first; /* index of the oldest */
    uint32_t count;
    uint32_t offset; /* bytes of the oldest that were read */
    size_t bytes;    /* that can be read, of all */
} filled;

/** Buffers that the device does not have, and the one that is being filled. */
static struct {
    uint8_t free[BUFFERS];
    uint32_t free_count;
    uint32_t size; /* bytes in the buffer free[free_count - 1] */
} outgoing;

static void give(struct direction *direction, uint8_t buffer, uint32_t size,
                 bool writable)
{
    const struct virtqueue_buffer room = {
        direction->memory.physical + (uint64_t)buffer * BUFFER_BYTES, size};
    const struct virtqueue_chain chain = {
        .buffers = &room, .readable = !writable, .writable = writable};
    uint16_t id;

    if (virtqueue_add(&direction->queue.ring, &chain, &id) != VIRTQUEUE_OK) {
        virtio_driver_fail(&driver, "the port's queue is broken");
    }
    direction->buffer_of[id] = buffer;
}

/** Takes one chain back. false: there is none. */
static bool take(struct direction *direction, uint8_t *out_buffer, uint32_t *out_size)
{
    struct virtqueue_completion done;

    switch (virtqueue_take(&direction->queue.ring, &done)) {
    case VIRTQUEUE_OK:
        *out_buffer = direction->buffer_of[done.id];
        *out_size = done.written;
        return true;
    case VIRTQUEUE_EMPTY:
        return false;
    default:
        virtio_driver_fail(&driver, "the device breaks a rule");
    }
}

/** Gives the buffer that is being filled to the device, unless the device is busy and there is
 *  room for more. */
static void push(void)
{
    bool idle = outgoing.free_count == BUFFERS;

    if (outgoing.size == BUFFER_BYTES || (outgoing.size > 0 && idle)) {
        outgoing.free_count--;
        give(&transmit, outgoing.free[outgoing.free_count], outgoing.size, false);
        outgoing.size = 0;
        virtio_pci_notify(&driver.device, &transmit.queue);
    }
}

static bool start_queues(void)
{
    struct virtio_memory rings;
    enum { A_RING = VIRTQUEUE_BYTES_MAX };

    return virtio_driver_memory(&driver, RINGS_ORDER, &rings) &&
           virtio_driver_memory(&driver, BUFFERS_ORDER, &receive.memory) &&
           virtio_driver_memory(&driver, BUFFERS_ORDER, &transmit.memory) &&
           virtio_driver_queue(&driver, &receive.queue, QUEUE_RECEIVE, BUFFERS, &rings,
                               0) &&
           virtio_driver_queue(&driver, &transmit.queue, QUEUE_TRANSMIT, BUFFERS,
                               &rings, A_RING) &&
           control_start(&driver, &rings, 2 * A_RING);
}

bool port_start(void)
{
    memset(&filled, 0, sizeof(filled));
    memset(&outgoing, 0, sizeof(outgoing));
    if (!virtio_driver_open(&driver, "virtio_console", 0, CONTROL_FEATURE_PORTS) ||
        !start_queues() || !virtio_driver_start(&driver)) {
        return false;
    }
    if (receive.queue.ring.size < BUFFERS || transmit.queue.ring.size < BUFFERS) {
        virtio_driver_fail(&driver, "the device's queues are too small");
    }
    for (uint32_t i = 0; i < BUFFERS; i++) {
        give(&receive, (uint8_t)i, BUFFER_BYTES, true);
        outgoing.free[outgoing.free_count++] = (uint8_t)i;
    }
    virtio_pci_notify(&driver.device, &receive.queue);
    control_ready(&driver);
    return true;
}

/** The device is done with a buffer. The one that is being filled stays the last. */
static void add_free(uint8_t buffer)
{
    uint32_t count = outgoing.free_count++;

    outgoing.free[count] = buffer;
    if (count > 0) {
        outgoing.free[count] = outgoing.free[count - 1];
        outgoing.free[count - 1] = buffer;
    }
}

void port_on_interrupt(void)
{
    uint8_t buffer;
    uint32_t size;

    virtio_driver_acknowledge(&driver);
    control_on_interrupt(&driver);
    while (take(&receive, &buffer, &size)) {
        if (size == 0) {
            give(&receive, buffer, BUFFER_BYTES, true);
            continue;
        }
        uint32_t at = (filled.first + filled.count) % BUFFERS;

        filled.buffer[at] = buffer;
        filled.size[at] = size;
        filled.count++;
        filled.bytes += size;
    }
    while (take(&transmit, &buffer, &size)) {
        add_free(buffer);
    }
    push();
}

bool port_is_closed(void)
{
    return control_is_closed();
}

size_t port_available(void)
{
    return filled.bytes;
}

/** The oldest buffer is read: back to the device. */
static void next_buffer(void)
{
    uint8_t buffer = filled.buffer[filled.first];

    filled.first = (filled.first + 1) % BUFFERS;
    filled.count--;
    filled.offset = 0;
    give(&receive, buffer, BUFFER_BYTES, true);
    virtio_pci_notify(&driver.device, &receive.queue);
}

size_t port_read(void *out_bytes, size_t size)
{
    uint8_t *out = out_bytes;
    size_t done = 0;

    while (filled.count > 0 && done < size) {
        size_t left = filled.size[filled.first] - filled.offset;
        size_t piece = left < size - done ? left : size - done;

        memcpy(out + done,
               receive.memory.bytes +
                   (size_t)filled.buffer[filled.first] * BUFFER_BYTES + filled.offset,
               piece);
        done += piece;
        filled.offset += (uint32_t)piece;
        filled.bytes -= piece;
        if (piece == left) {
            next_buffer();
        }
    }
    return done;
}

size_t port_write(const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    size_t done = 0;

    while (done < size && outgoing.free_count > 0) {
        uint8_t buffer = outgoing.free[outgoing.free_count - 1];
        size_t room = BUFFER_BYTES - outgoing.size;
        size_t piece = room < size - done ? room : size - done;

        memcpy(transmit.memory.bytes + (size_t)buffer * BUFFER_BYTES + outgoing.size,
               from + done, piece);
        outgoing.size += (uint32_t)piece;
        done += piece;
        push();
    }
    return done;
}

bool port_is_flushed(void)
{
    return outgoing.free_count == BUFFERS && outgoing.size == 0;
}
