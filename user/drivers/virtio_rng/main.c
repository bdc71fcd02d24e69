/**
 * main.c - virtio_rng: bytes of the device's, straight through (protocols/random.h), for the
 * random service alone.
 *
 * Source: virtio 1.2, 5.4. One buffer at a time; the client waits for the device.
 */
#include "core/bytes.h"
#include "libdriver/virtio_driver.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "protocols/random.h"

enum { QUEUE = 0, QUEUE_SIZE = 2, BYTES_OFFSET = VIRTQUEUE_BYTES_MAX };

static struct virtio_driver driver;
static struct virtio_memory memory;
static struct virtio_queue queue;

int main(void);

/** Has the device fill @p size bytes; how many it did, at least 1. */
static uint32_t read_device(uint32_t size)
{
    const struct virtqueue_buffer room = {memory.physical + BYTES_OFFSET, size};
    const struct virtqueue_chain chain = {.buffers = &room, .writable = 1};
    struct virtqueue_completion done = {.written = 0};
    enum virtqueue_status status;
    uint16_t id;

    if (virtqueue_add(&queue.ring, &chain, &id) != VIRTQUEUE_OK) {
        virtio_driver_fail(&driver, "the device does not give its buffer back");
    }
    virtio_pci_notify(&driver.device, &queue);
    while ((status = virtqueue_take(&queue.ring, &done)) == VIRTQUEUE_EMPTY) {
        virtio_driver_wait(&driver);
    }
    if (status != VIRTQUEUE_OK || done.written == 0) {
        virtio_driver_fail(&driver, "the device breaks a rule");
    }
    return done.written;
}

static void request(void *context, struct mnos_message *message)
{
    uint32_t size = RANDOM_LABEL_BYTES(message->label);

    (void)context;
    if (message->received[0] != 0) {
        (void)sys_drop_cap(message->received[0]); /* nobody asked for it */
    }
    message->length = 0;
    if (RANDOM_LABEL_CODE(message->label) != RANDOM_FILL || size == 0 ||
        size > RANDOM_MESSAGE_BYTES) {
        message->label = RANDOM_INVALID;
        return;
    }
    size = read_device(size);
    memcpy(message->words, memory.bytes + BYTES_OFFSET, size);
    memset(memory.bytes + BYTES_OFFSET, 0, size);
    message->label = RANDOM_LABEL(RANDOM_OK, size);
    message->length = (size + 7) / 8;
}

/** What the interrupt of an answer that came at once leaves. */
static void signals(void *context, uint64_t bits)
{
    (void)context;
    if ((bits & VIRTIO_DRIVER_INTERRUPT) != 0) {
        virtio_driver_acknowledge(&driver);
    }
}

int main(void)
{
    const struct mnos_service service = {.request = request, .signals = signals};

    if (!virtio_driver_open(&driver, "virtio_rng", 0, 0) ||
        !virtio_driver_memory(&driver, 0, &memory) ||
        !virtio_driver_queue(&driver, &queue, QUEUE, QUEUE_SIZE, &memory, 0) ||
        !virtio_driver_start(&driver)) {
        return 1;
    }
    return mnos_service_run(&service) == MN_OK ? 0 : 1;
}
