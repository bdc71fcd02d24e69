/**
 * virtio_driver.h - a driver's way to its virtio device: claimed from the bus, its registers
 * mapped, its interrupt bound, its queues in DMA frames.
 *
 * A driver that finds anything wrong says so in its log and ends: its supervisor starts it
 * again, and the bus resets the device for it. One thread; one device a process.
 */
#ifndef LIBDRIVER_VIRTIO_DRIVER_H
#define LIBDRIVER_VIRTIO_DRIVER_H

#include "libvirtio/virtio_pci.h"
#include "mnos/service.h"
#include "protocols/pci_bus.h"

/** Bit of SERVICE_SLOT_EVENTS that the device's interrupt signals. */
#define VIRTIO_DRIVER_INTERRUPT (UINT64_C(1) << 0)

/** The device. Private but for `device`, which is for reading its configuration. */
struct virtio_driver {
    const char *name; /**< of the driver, for its log */
    struct virtio_pci device;
    struct virtio_registers registers;
    uint64_t pin;          /**< slot of the Interrupt of its pin; 0: it has MSI-X */
    uint64_t next_address; /**< where the next DMA block is mapped */
};

/** Memory that driver and device share. */
struct virtio_memory {
    uint8_t *bytes;
    uint64_t physical;
    uint64_t frame; /**< slot of its MemoryFrame, READ, WRITE and GRANT */
};

/** Claims the device, of the bus in DRIVER_SLOT_BUS, and negotiates: virtio_pci_negotiate().
 *  false: the log says why. @p name is borrowed for good. */
bool virtio_driver_open(struct virtio_driver *driver, const char *name, uint64_t wanted,
                        uint64_t needed);

/** 2^@p order zeroed, contiguous pages. */
bool virtio_driver_memory(struct virtio_driver *driver, uint32_t order,
                          struct virtio_memory *out_memory);

/** Makes queue @p index of at most @p most descriptors in @p memory, VIRTQUEUE_BYTES_MAX at
 *  @p offset, a multiple of 16. */
bool virtio_driver_queue(struct virtio_driver *driver, struct virtio_queue *queue,
                         uint16_t index, uint16_t most,
                         const struct virtio_memory *memory, uint32_t offset);

/** After all queues: the device is live, and interrupts by VIRTIO_DRIVER_INTERRUPT. */
bool virtio_driver_start(struct virtio_driver *driver);

/** After each VIRTIO_DRIVER_INTERRUPT, before the queues are looked at: lets the next one
 *  come. A device that says that it needs a reset ends the driver. */
void virtio_driver_acknowledge(struct virtio_driver *driver);

/** Waits for the next interrupt, and acknowledges it; or returns after half a second, having
 *  looked whether the device is still the driver's. */
void virtio_driver_wait(struct virtio_driver *driver);

/** Ends the driver: the device or the bus broke a rule. */
_Noreturn void virtio_driver_fail(const struct virtio_driver *driver, const char *what);

#endif
