/**
 * virtio_pci.c - see virtio_pci.h.
 */
#include "libvirtio/virtio_pci.h"
#include "core/bits.h"
#include "core/checked_math.h"

/** PCI's configuration space: PCI 3.0, 6.1 and 6.7. */
enum {
    CONFIG_STATUS = 0x04, /* in the upper half */
    CONFIG_STATUS_LIST = 1 << 20,
    CONFIG_CAPABILITIES = 0x34,
    CONFIG_BYTES = 256,
    CONFIG_HEADER_BYTES = 0x40,
    CAPABILITIES_MAX = 48,
    CAPABILITY_VENDOR = 0x09
};

/** virtio 1.2, 4.1.4: a vendor capability. */
enum {
    CAPABILITY_BAR = 4,
    CAPABILITY_OFFSET = 8,
    CAPABILITY_LENGTH = 12,
    CAPABILITY_NOTIFY_MULTIPLIER = 16,
    KIND_COMMON = 1,
    KIND_NOTIFY = 2,
    KIND_ISR = 3,
    KIND_DEVICE = 4
};

/** virtio 1.2, 4.1.4.3: the common structure. */
enum {
    COMMON_DEVICE_FEATURE_SELECT = 0,
    COMMON_DEVICE_FEATURE = 4,
    COMMON_DRIVER_FEATURE_SELECT = 8,
    COMMON_DRIVER_FEATURE = 12,
    COMMON_CONFIG_VECTOR = 16,
    COMMON_STATUS = 20,
    COMMON_GENERATION = 21,
    COMMON_QUEUE_SELECT = 22,
    COMMON_QUEUE_SIZE = 24,
    COMMON_QUEUE_VECTOR = 26,
    COMMON_QUEUE_ENABLE = 28,
    COMMON_QUEUE_NOTIFY_OFFSET = 30,
    COMMON_QUEUE_DESCRIPTORS = 32,
    COMMON_QUEUE_AVAILABLE = 40,
    COMMON_QUEUE_USED = 48,
    COMMON_BYTES = 56
};

/** virtio 1.2, 2.1: the device's status. */
enum {
    STATUS_ACKNOWLEDGE = 1,
    STATUS_DRIVER = 2,
    STATUS_DRIVER_OK = 4,
    STATUS_FEATURES_OK = 8,
    STATUS_NEEDS_RESET = 64,
    STATUS_FAILED = 128
};

enum {
    RESET_READS = 1 << 20, /* how often the status is read until it must be 0 */
    GENERATION_TRIES = 64
};

/* --- registers --- */

static uint32_t read(const struct virtio_pci *device, uint32_t offset, uint32_t width)
{
    const struct virtio_registers *registers = device->registers;

    return registers->read(registers->context, device->common.bar,
                           device->common.offset + offset, width);
}

static void write(const struct virtio_pci *device, uint32_t offset, uint32_t width,
                  uint32_t value)
{
    const struct virtio_registers *registers = device->registers;

    registers->write(registers->context, device->common.bar,
                     device->common.offset + offset, width, value);
}

/** A field of 64 bits is written as two of 32: virtio 1.2, 4.1.3.1. */
static void write_64(const struct virtio_pci *device, uint32_t offset, uint64_t value)
{
    write(device, offset, 4, (uint32_t)value);
    write(device, offset + 4, 4, (uint32_t)(value >> 32));
}

static uint32_t read_config(const struct virtio_registers *registers, uint32_t offset)
{
    return registers->read_config(registers->context, offset);
}

/* --- the capability list --- */

/** A place of at least @p least bytes that lies in a BAR and is aligned; else none. */
static struct virtio_place place_at(const struct virtio_registers *registers,
                                    uint32_t capability, uint32_t least)
{
    struct virtio_place place = {
        .bar = read_config(registers, capability + CAPABILITY_BAR) & 0xff,
        .offset = read_config(registers, capability + CAPABILITY_OFFSET),
        .bytes = read_config(registers, capability + CAPABILITY_LENGTH)};

    if (place.bar >= VIRTIO_BARS || place.bytes < least ||
        !bits_is_aligned(place.offset, 4) ||
        !range_fits(place.offset, place.bytes, registers->bar_bytes[place.bar])) {
        return (struct virtio_place){0};
    }
    return place;
}

/** Takes @p place unless an earlier capability of its kind was good: 4.1.4.1. */
static bool take(struct virtio_place *out_place, struct virtio_place place)
{
    if (out_place->bytes != 0 || place.bytes == 0) {
        return false;
    }
    *out_place = place;
    return true;
}

static void read_capability(struct virtio_pci *device, uint32_t capability,
                            uint32_t header)
{
    const struct virtio_registers *registers = device->registers;

    switch (header >> 24) {
    case KIND_COMMON:
        (void)take(&device->common, place_at(registers, capability, COMMON_BYTES));
        break;
    case KIND_NOTIFY:
        if (capability + CAPABILITY_NOTIFY_MULTIPLIER < CONFIG_BYTES &&
            take(&device->notify, place_at(registers, capability, 2))) {
            device->notify_multiplier =
                read_config(registers, capability + CAPABILITY_NOTIFY_MULTIPLIER);
        }
        break;
    case KIND_ISR:
        (void)take(&device->isr, place_at(registers, capability, 1));
        break;
    case KIND_DEVICE:
        (void)take(&device->device, place_at(registers, capability, 1));
        break;
    default:
        break;
    }
}

enum virtio_status virtio_pci_open(struct virtio_pci *device,
                                   const struct virtio_registers *registers)
{
    uint32_t at = 0;

    *device = (struct virtio_pci){.registers = registers};
    if ((read_config(registers, CONFIG_STATUS) & CONFIG_STATUS_LIST) != 0) {
        at = read_config(registers, CONFIG_CAPABILITIES) & 0xfc;
    }
    /* The list may be a ring, and any byte of it a lie. */
    for (unsigned i = 0; i < CAPABILITIES_MAX && at >= CONFIG_HEADER_BYTES; i++) {
        uint32_t header = read_config(registers, at);

        if ((header & 0xff) == CAPABILITY_VENDOR &&
            at + CAPABILITY_LENGTH < CONFIG_BYTES) {
            read_capability(device, at, header);
        }
        at = header >> 8 & 0xfc;
    }
    return device->common.bytes != 0 && device->notify.bytes != 0 &&
                   device->isr.bytes != 0
               ? VIRTIO_OK
               : VIRTIO_NOT_MODERN;
}

/* --- status and features --- */

static void add_status(const struct virtio_pci *device, uint32_t bits)
{
    write(device, COMMON_STATUS, 1, read(device, COMMON_STATUS, 1) | bits);
}

enum virtio_status virtio_pci_reset(struct virtio_pci *device)
{
    device->features = 0;
    write(device, COMMON_STATUS, 1, 0);
    for (uint32_t i = 0; i < RESET_READS; i++) {
        if (read(device, COMMON_STATUS, 1) == 0) {
            return VIRTIO_OK;
        }
    }
    return VIRTIO_FAILED;
}

static uint64_t offered_features(const struct virtio_pci *device)
{
    uint64_t features;

    write(device, COMMON_DEVICE_FEATURE_SELECT, 4, 0);
    features = read(device, COMMON_DEVICE_FEATURE, 4);
    write(device, COMMON_DEVICE_FEATURE_SELECT, 4, 1);
    return features | (uint64_t)read(device, COMMON_DEVICE_FEATURE, 4) << 32;
}

static void accept_features(const struct virtio_pci *device, uint64_t features)
{
    write(device, COMMON_DRIVER_FEATURE_SELECT, 4, 0);
    write(device, COMMON_DRIVER_FEATURE, 4, (uint32_t)features);
    write(device, COMMON_DRIVER_FEATURE_SELECT, 4, 1);
    write(device, COMMON_DRIVER_FEATURE, 4, (uint32_t)(features >> 32));
    add_status(device, STATUS_FEATURES_OK);
}

enum virtio_status virtio_pci_negotiate(struct virtio_pci *device, uint64_t wanted,
                                        uint64_t needed)
{
    enum virtio_status status = virtio_pci_reset(device);

    if (status != VIRTIO_OK) {
        return status;
    }
    needed |= VIRTIO_FEATURE_VERSION_1;
    add_status(device, STATUS_ACKNOWLEDGE);
    add_status(device, STATUS_DRIVER);
    device->features = offered_features(device) & (wanted | needed);
    if ((device->features & needed) == needed) {
        accept_features(device, device->features);
        if ((read(device, COMMON_STATUS, 1) & STATUS_FEATURES_OK) != 0) {
            return VIRTIO_OK;
        }
    }
    add_status(device, STATUS_FAILED);
    return VIRTIO_REFUSED;
}

enum virtio_status virtio_pci_config_vector(const struct virtio_pci *device,
                                            uint16_t vector)
{
    write(device, COMMON_CONFIG_VECTOR, 2, vector);
    return read(device, COMMON_CONFIG_VECTOR, 2) == vector ? VIRTIO_OK
                                                           : VIRTIO_NO_VECTOR_LEFT;
}

void virtio_pci_start(const struct virtio_pci *device)
{
    add_status(device, STATUS_DRIVER_OK);
}

bool virtio_pci_is_dead(const struct virtio_pci *device)
{
    uint32_t status = read(device, COMMON_STATUS, 1);

    return (status & STATUS_NEEDS_RESET) != 0 || (status & STATUS_DRIVER_OK) == 0;
}

/* --- queues --- */

enum virtio_status virtio_pci_queue_size(const struct virtio_pci *device,
                                         uint16_t index, uint16_t most,
                                         uint16_t *out_size)
{
    uint32_t size;

    write(device, COMMON_QUEUE_SELECT, 2, index);
    size = read(device, COMMON_QUEUE_SIZE, 2);
    if (size == 0) {
        return VIRTIO_NO_QUEUE;
    }
    size = size < most ? size : most;
    *out_size = (uint16_t)(1u << bits_highest_set(size));
    return VIRTIO_OK;
}

/** Where the device is told of queue buffers; the queue is selected. */
static bool find_notify(const struct virtio_pci *device, uint32_t *out_offset)
{
    uint64_t offset = (uint64_t)read(device, COMMON_QUEUE_NOTIFY_OFFSET, 2) *
                      device->notify_multiplier;

    if (!range_fits(offset, 2, device->notify.bytes) || !bits_is_aligned(offset, 2)) {
        return false;
    }
    *out_offset = device->notify.offset + (uint32_t)offset;
    return true;
}

enum virtio_status virtio_pci_queue_start(const struct virtio_pci *device,
                                          struct virtio_queue *queue, uint16_t index,
                                          uint16_t vector)
{
    struct virtqueue_addresses addresses = virtqueue_addresses(&queue->ring);

    queue->index = index;
    write(device, COMMON_QUEUE_SELECT, 2, index);
    if (!find_notify(device, &queue->notify_offset)) {
        return VIRTIO_FAILED;
    }
    write(device, COMMON_QUEUE_SIZE, 2, queue->ring.size);
    if (vector != VIRTIO_NO_VECTOR) {
        write(device, COMMON_QUEUE_VECTOR, 2, vector);
        if (read(device, COMMON_QUEUE_VECTOR, 2) != vector) {
            return VIRTIO_NO_VECTOR_LEFT;
        }
    }
    write_64(device, COMMON_QUEUE_DESCRIPTORS, addresses.descriptors);
    write_64(device, COMMON_QUEUE_AVAILABLE, addresses.available);
    write_64(device, COMMON_QUEUE_USED, addresses.used);
    write(device, COMMON_QUEUE_ENABLE, 2, 1);
    return VIRTIO_OK;
}

void virtio_pci_notify(const struct virtio_pci *device,
                       const struct virtio_queue *queue)
{
    const struct virtio_registers *registers = device->registers;

    if (virtqueue_must_notify(&queue->ring)) {
        registers->write(registers->context, device->notify.bar, queue->notify_offset,
                         2, queue->index);
    }
}

/* --- the other structures --- */

uint32_t virtio_pci_take_isr(const struct virtio_pci *device)
{
    const struct virtio_registers *registers = device->registers;

    return registers->read(registers->context, device->isr.bar, device->isr.offset, 1);
}

enum virtio_status virtio_pci_read_device(const struct virtio_pci *device,
                                          uint32_t offset, void *out_bytes,
                                          uint32_t size)
{
    const struct virtio_registers *registers = device->registers;
    uint8_t *bytes = out_bytes;

    if (!range_fits(offset, size, device->device.bytes)) {
        return VIRTIO_FAILED;
    }
    for (unsigned tries = 0; tries < GENERATION_TRIES; tries++) {
        uint32_t before = read(device, COMMON_GENERATION, 1);

        for (uint32_t i = 0; i < size; i++) {
            bytes[i] = (uint8_t)registers->read(registers->context, device->device.bar,
                                                device->device.offset + offset + i, 1);
        }
        if (read(device, COMMON_GENERATION, 1) == before) {
            return VIRTIO_OK;
        }
    }
    return VIRTIO_FAILED;
}
