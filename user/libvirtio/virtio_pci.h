/**
 * virtio_pci.h - a virtio device behind PCI: its registers, its start and its queues.
 *
 * Source: virtio 1.2, section 4.1 (the modern interface: structures in memory BARs, found
 * by the capability list) and 3.1 (the order of initialisation). A transitional device
 * is driven by its modern interface; one without it is refused.
 *
 * Pure: how registers are reached is the caller's (struct virtio_registers), so that the
 * host's tests put a device of their own there. The device is hostile: every offset,
 * length, number and answer of it is checked, and no loop waits for it without an end.
 */
#ifndef LIBVIRTIO_VIRTIO_PCI_H
#define LIBVIRTIO_VIRTIO_PCI_H

#include "core/attributes.h"
#include "libvirtio/virtqueue.h"

enum { VIRTIO_BARS = 6, VIRTIO_NO_VECTOR = 0xffff };

enum virtio_status {
    VIRTIO_OK,
    VIRTIO_NOT_MODERN, /**< the capability list does not have what is needed */
    VIRTIO_REFUSED,    /**< it does not offer, or accept, a feature that is needed */
    VIRTIO_NO_QUEUE,   /**< it has no such queue */
    VIRTIO_NO_VECTOR_LEFT, /**< it could not set the interrupt vector up */
    VIRTIO_FAILED /**< it does not do what it must: reset, a place out of range */
};

/** Feature bits that are no device's own: virtio 1.2, 6. */
#define VIRTIO_FEATURE_VERSION_1 (UINT64_C(1) << 32)

/** How the device's registers are reached. Widths are 1, 2 and 4 bytes; offsets are
 *  multiples of the width and inside of the BAR. */
struct virtio_registers {
    void *context; /**< lent */
    uint32_t (*read)(void *context, uint32_t bar, uint32_t offset, uint32_t width);
    void (*write)(void *context, uint32_t bar, uint32_t offset, uint32_t width,
                  uint32_t value);
    /** 32 bits of the configuration space at a multiple of 4 below 256. */
    uint32_t (*read_config)(void *context, uint32_t offset);
    uint32_t bar_bytes[VIRTIO_BARS]; /**< 0: that BAR is not reachable */
};

/** A structure of the device: where it lies, and what is there at least. */
struct virtio_place {
    uint32_t bar;
    uint32_t offset;
    uint32_t bytes; /**< 0: there is none */
};

/** A device. Read only for the caller. */
struct virtio_pci {
    const struct virtio_registers *registers; /**< lent */
    struct virtio_place common;
    struct virtio_place notify;
    struct virtio_place isr;
    struct virtio_place device;
    uint32_t notify_multiplier;
    uint64_t features; /**< what was negotiated */
};

/** Finds the device's structures. VIRTIO_NOT_MODERN. */
MN_MUST_CHECK enum virtio_status
virtio_pci_open(struct virtio_pci *device, const struct virtio_registers *registers);

/** Resets it: it has no queue and does no DMA when this returns VIRTIO_OK. VIRTIO_FAILED: it
 *  does not become ready. */
MN_MUST_CHECK enum virtio_status virtio_pci_reset(struct virtio_pci *device);

/** Resets it and negotiates: of @p wanted what it offers, all of @p needed or
 *  VIRTIO_REFUSED. VIRTIO_FEATURE_VERSION_1 is always needed. */
MN_MUST_CHECK enum virtio_status virtio_pci_negotiate(struct virtio_pci *device,
                                                      uint64_t wanted, uint64_t needed);

/** How many descriptors queue @p index gets, at most @p most, a power of two up to
 *  VIRTQUEUE_SIZE_MAX. VIRTIO_NO_QUEUE; @p out_size is a power of two on VIRTIO_OK. */
MN_MUST_CHECK enum virtio_status virtio_pci_queue_size(const struct virtio_pci *device,
                                                       uint16_t index, uint16_t most,
                                                       uint16_t *out_size);

/** A queue, and how to tell the device of new buffers in it. */
struct virtio_queue {
    struct virtqueue ring;
    uint16_t index;
    uint32_t notify_offset; /**< in the notify structure's BAR */
};

/** Makes queue @p index of @p size descriptors, as virtio_pci_queue_size() gave, in zeroed
 *  memory; its completions interrupt by MSI-X vector @p vector or, with VIRTIO_NO_VECTOR,
 *  by the pin. */
MN_MUST_CHECK enum virtio_status virtio_pci_queue_start(const struct virtio_pci *device,
                                                        struct virtio_queue *queue,
                                                        uint16_t index,
                                                        uint16_t vector);

/** Has changes of its configuration, and that it needs a reset, told by MSI-X vector
 *  @p vector. */
MN_MUST_CHECK enum virtio_status
virtio_pci_config_vector(const struct virtio_pci *device, uint16_t vector);

/** After all queues: the device is live. */
void virtio_pci_start(const struct virtio_pci *device);

/** Tells the device of new buffers, if it wants to be told. */
void virtio_pci_notify(const struct virtio_pci *device,
                       const struct virtio_queue *queue);

/** Why the pin interrupted; reading it lets the pin fall. Bit 0: a queue, bit 1: the
 *  configuration. */
uint32_t virtio_pci_take_isr(const struct virtio_pci *device);

/** After virtio_pci_start(): does the device say that it needs a reset, or did somebody reset
 *  it? */
bool virtio_pci_is_dead(const struct virtio_pci *device);

/** Copies @p size bytes of the device's own configuration from @p offset on. VIRTIO_FAILED:
 *  there are fewer, or they change all the time. */
MN_MUST_CHECK enum virtio_status virtio_pci_read_device(const struct virtio_pci *device,
                                                        uint32_t offset,
                                                        void *out_bytes, uint32_t size);

#endif
