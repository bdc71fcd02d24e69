/**
 * control.c - see control.h.
 */
#include "drivers/virtio_console/control.h"
#include "core/bytes.h"

/** The name of the port that `mnos` puts behind the link: docs/link.md. */
static const char port_name[] = "mnos.link";

enum { QUEUE_RECEIVE = 2, QUEUE_TRANSMIT = 3, QUEUE_SIZE = 8, BUFFER_BYTES = 128 };

enum control_event {
    EVENT_DEVICE_READY = 0,
    EVENT_PORT_ADD = 1,
    EVENT_PORT_REMOVE = 2,
    EVENT_PORT_READY = 3,
    EVENT_PORT_OPEN = 6,
    EVENT_PORT_NAME = 7
};

struct control_message {
    uint32_t port;
    uint16_t event;
    uint16_t value;
};
_Static_assert(sizeof(struct control_message) == 8, "virtio 1.2, 5.3.6.2");

#define EVERY_PORT UINT32_MAX

static struct virtio_queue receive;
static struct virtio_queue transmit;
static struct virtio_memory
    memory; /* QUEUE_SIZE buffers to receive, then to transmit */
static uint8_t buffer_of[VIRTQUEUE_SIZE_MAX]; /* of a chain to receive */
static uint8_t free_buffers[QUEUE_SIZE];      /* to transmit */
static uint32_t free_count;
static uint8_t transmit_of[VIRTQUEUE_SIZE_MAX];
static bool was_open;
static bool is_open;

static void give_receive(struct virtio_driver *driver, uint8_t buffer)
{
    const struct virtqueue_buffer room = {
        memory.physical + (uint64_t)buffer * BUFFER_BYTES, BUFFER_BYTES};
    const struct virtqueue_chain chain = {.buffers = &room, .writable = 1};
    uint16_t id;

    if (virtqueue_add(&receive.ring, &chain, &id) != VIRTQUEUE_OK) {
        virtio_driver_fail(driver, "the control queue is broken");
    }
    buffer_of[id] = buffer;
}

static void send(struct virtio_driver *driver, uint32_t port, uint16_t event,
                 uint16_t value)
{
    const struct control_message message = {port, event, value};
    struct virtqueue_completion done;
    uint16_t id;

    while (virtqueue_take(&transmit.ring, &done) == VIRTQUEUE_OK) {
        free_buffers[free_count++] = transmit_of[done.id];
    }
    if (free_count == 0) {
        virtio_driver_fail(driver, "the device does not take control messages");
    }
    uint8_t buffer = free_buffers[--free_count];
    uint64_t offset = (uint64_t)(QUEUE_SIZE + buffer) * BUFFER_BYTES;
    const struct virtqueue_buffer bytes = {memory.physical + offset, sizeof(message)};
    const struct virtqueue_chain chain = {.buffers = &bytes, .readable = 1};
    memcpy(memory.bytes + offset, &message, sizeof(message));
    if (virtqueue_add(&transmit.ring, &chain, &id) != VIRTQUEUE_OK) {
        virtio_driver_fail(driver, "the control queue is broken");
    }
    transmit_of[id] = buffer;
    virtio_pci_notify(&driver->device, &transmit);
}

/** Acts on a message of the device's: a copy, of @p size bytes. Other events and ports are
 *  none of this driver's. */
static void act(struct virtio_driver *driver, const uint8_t *bytes, uint32_t size)
{
    struct control_message message;

    if (size < sizeof(message)) {
        return;
    }
    memcpy(&message, bytes, sizeof(message));
    if (message.port != CONTROL_PORT) {
        return;
    }
    switch (message.event) {
    case EVENT_PORT_ADD:
        send(driver, CONTROL_PORT, EVENT_PORT_READY, 1);
        break;
    case EVENT_PORT_NAME:
        /* QEMU counts a terminating zero; the specification knows none. */
        if (size >= sizeof(message) + sizeof(port_name) - 1 &&
            memcmp(bytes + sizeof(message), port_name, sizeof(port_name) - 1) == 0) {
            send(driver, CONTROL_PORT, EVENT_PORT_OPEN, 1);
        }
        break;
    case EVENT_PORT_OPEN:
        is_open = message.value != 0;
        was_open |= is_open;
        break;
    case EVENT_PORT_REMOVE:
        is_open = false;
        break;
    default:
        break;
    }
}

bool control_start(struct virtio_driver *driver, const struct virtio_memory *rings,
                   uint32_t offset)
{
    for (uint32_t i = 0; i < QUEUE_SIZE; i++) {
        free_buffers[i] = (uint8_t)i;
    }
    free_count = QUEUE_SIZE;
    was_open = false;
    is_open = false;
    return virtio_driver_memory(driver, 0, &memory) &&
           virtio_driver_queue(driver, &receive, QUEUE_RECEIVE, QUEUE_SIZE, rings,
                               offset) &&
           virtio_driver_queue(driver, &transmit, QUEUE_TRANSMIT, QUEUE_SIZE, rings,
                               offset + VIRTQUEUE_BYTES_MAX);
}

void control_ready(struct virtio_driver *driver)
{
    for (uint32_t i = 0; i < receive.ring.size; i++) {
        give_receive(driver, (uint8_t)i);
    }
    virtio_pci_notify(&driver->device, &receive);
    send(driver, EVERY_PORT, EVENT_DEVICE_READY, 1);
}

void control_on_interrupt(struct virtio_driver *driver)
{
    struct virtqueue_completion done;
    enum virtqueue_status status;

    while ((status = virtqueue_take(&receive.ring, &done)) == VIRTQUEUE_OK) {
        uint8_t bytes[BUFFER_BYTES];
        uint8_t buffer = buffer_of[done.id];

        memcpy(bytes, memory.bytes + (uint64_t)buffer * BUFFER_BYTES, sizeof(bytes));
        give_receive(driver, buffer);
        act(driver, bytes, done.written);
    }
    if (status == VIRTQUEUE_BROKEN) {
        virtio_driver_fail(driver, "the device breaks a rule");
    }
    virtio_pci_notify(&driver->device, &receive);
}

bool control_is_closed(void)
{
    return was_open && !is_open;
}
