/**
 * fake_virtio.h - a virtio device on the host: its registers, its configuration space, and
 * the device's side of its queues. A physical address is the host's.
 */
#ifndef TESTS_UNIT_USER_FAKE_VIRTIO_H
#define TESTS_UNIT_USER_FAKE_VIRTIO_H

#include "libvirtio/virtio_pci.h"

enum { FAKE_BAR = 4, FAKE_BAR_BYTES = 0x4000, FAKE_QUEUES = 4, FAKE_DEVICE_BYTES = 16 };

struct fake_queue {
    uint16_t size; /**< what the device offers, then what the driver chose */
    uint16_t vector;
    uint16_t enabled;
    uint64_t descriptors;
    uint64_t available;
    uint64_t used;
    uint16_t taken; /**< chains ever taken from the available ring */
    uint16_t given; /**< chains ever put into the used ring */
    uint32_t notified;
};

struct fake_virtio {
    struct virtio_registers registers;
    uint8_t config[256];
    uint8_t device_config[FAKE_DEVICE_BYTES];
    uint64_t offered;
    uint64_t accepted;
    uint32_t device_select;
    uint32_t driver_select;
    uint32_t status;
    uint32_t generation;
    uint32_t queue_select;
    uint32_t isr;
    uint32_t config_vector;
    uint16_t vectors; /**< MSI-X vectors that it has */
    struct fake_queue queues[FAKE_QUEUES];
    bool stuck_in_reset;       /**< its status never becomes 0 */
    bool refuses_features;     /**< it takes FEATURES_OK back */
    bool generation_moves;     /**< its configuration changes all the time */
    uint16_t notify_off_extra; /**< added to each queue's notify offset */
};

/** A sound device: four structures in BAR 4, queues of 16, VERSION_1 offered. */
void fake_virtio_init(struct fake_virtio *fake);

/** A chain that the device took: its buffers, readable ones first. */
struct fake_chain {
    uint16_t head;
    unsigned count;
    struct {
        uint8_t *bytes;
        uint32_t size;
        bool writable;
    } buffers[VIRTQUEUE_SIZE_MAX];
};

/** Takes the next available chain of a queue. false: there is none. */
bool fake_virtio_take(struct fake_queue *queue, struct fake_chain *out_chain);

/** Puts a chain into the used ring. */
void fake_virtio_give(struct fake_queue *queue, uint16_t head, uint32_t written);

#endif
