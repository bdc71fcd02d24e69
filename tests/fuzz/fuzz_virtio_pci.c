/**
 * fuzz_virtio_pci.c - libvirtio's transport against a device whose configuration space is
 * the input and whose every register answers with the input's next byte.
 *
 * Whatever it answers: accesses stay inside of the BARs that are there and are aligned, and
 * everything ends.
 */
#include "libvirtio/virtio_pci.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CONFIG_BYTES = 256 };

struct world {
    struct virtio_registers registers;
    uint8_t config[CONFIG_BYTES];
    const uint8_t *data;
    size_t size;
    size_t at;
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check(const struct world *world, uint32_t bar, uint32_t offset,
                  uint32_t width)
{
    require(bar < VIRTIO_BARS && (width == 1 || width == 2 || width == 4));
    require(offset % width == 0);
    require(offset < world->registers.bar_bytes[bar] &&
            width <= world->registers.bar_bytes[bar] - offset);
}

static uint32_t read(void *context, uint32_t bar, uint32_t offset, uint32_t width)
{
    struct world *world = context;

    check(world, bar, offset, width);
    if (world->at >= world->size) {
        return 0;
    }
    uint32_t value = world->data[world->at++];
    return width == 1 ? value : value * 0x01010101u >> 8 * (4 - width);
}

static void write(void *context, uint32_t bar, uint32_t offset, uint32_t width,
                  uint32_t value)
{
    (void)value;
    check(context, bar, offset, width);
}

static uint32_t read_config(void *context, uint32_t offset)
{
    struct world *world = context;
    uint32_t value;

    require(offset % 4 == 0 && offset < CONFIG_BYTES);
    memcpy(&value, world->config + offset, sizeof(value));
    return value;
}

static void use_queue(const struct virtio_pci *device, uint16_t index)
{
    static uint8_t memory[VIRTQUEUE_BYTES_MAX] __attribute__((aligned(16)));
    struct virtio_queue queue;
    uint16_t size;

    if (virtio_pci_queue_size(device, index, VIRTQUEUE_SIZE_MAX, &size) != VIRTIO_OK) {
        return;
    }
    require(size >= 1 && size <= VIRTQUEUE_SIZE_MAX && (size & (size - 1)) == 0);
    virtqueue_init(&queue.ring, memory, 0x1000, size);
    if (virtio_pci_queue_start(device, &queue, index, index) == VIRTIO_OK) {
        virtio_pci_notify(device, &queue);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world = {.registers = {.context = &world,
                                        .read = read,
                                        .write = write,
                                        .read_config = read_config,
                                        .bar_bytes = {64, 0x1000, 0, 0, 0x4000, 1}}};
    struct virtio_pci device;
    uint8_t bytes[8];

    if (size < CONFIG_BYTES) {
        return 0;
    }
    memcpy(world.config, data, CONFIG_BYTES);
    world.data = data + CONFIG_BYTES;
    world.size = size - CONFIG_BYTES;
    if (virtio_pci_open(&device, &world.registers) != VIRTIO_OK) {
        return 0;
    }
    (void)virtio_pci_negotiate(&device, 3, 0);
    use_queue(&device, 0);
    use_queue(&device, 1);
    (void)!virtio_pci_config_vector(&device, 0);
    virtio_pci_start(&device);
    (void)virtio_pci_read_device(&device, 0, bytes, sizeof(bytes));
    (void)virtio_pci_take_isr(&device);
    (void)virtio_pci_is_dead(&device);
    return 0;
}
