/**
 * pci_bus.h - how a driver gets its device, and nothing but its device.
 *
 * A driver CALLs the bus by a badge that names one device: PCI_BUS_BADGE(vendor, device,
 * index), the index-th (from 0) of that kind in the order of bus, device, function.
 * A transitional virtio device (device ids 0x1000 to 0x103f) is found by the id that it
 * would have as a modern one (0x1040 + its type).
 *
 * PCI_CLAIM takes the device: it is quiet then (reset, no bus mastering). The driver then
 * takes what it needs, each by one call whose reply carries one capability, and at the
 * end says PCI_START, upon which the device may do DMA. Until the last capability with
 * that badge is gone, or PCI_RELEASE, nobody else can claim it. Then the bus clears bus
 * mastering, resets the device, revokes all that it lent, and only then lends it again.
 *
 * DMA frames are paid by an account that the bus makes out of its own for each device. The
 * driver is told their physical address by the bus, and has no power to ask for that of
 * any other frame.
 *
 * A request's label: the opcode. A reply's label: enum pci_bus_status.
 */
#ifndef PROTOCOLS_PCI_BUS_H
#define PROTOCOLS_PCI_BUS_H

#include "protocols/service.h"
#include <stdint.h>

#define PCI_BUS_BADGE(vendor, device, index) \
    (UINT64_C(1) << 40 | (uint64_t)(vendor) << 24 | (uint64_t)(device) << 8 | (index))

/** The ids of the virtio drivers' devices: virtio 1.2, section 5 (0x1040 + type). */
#define PCI_VENDOR_VIRTIO         0x1af4u
#define PCI_DEVICE_VIRTIO_CONSOLE 0x1043u
#define PCI_DEVICE_VIRTIO_RNG     0x1044u
#define PCI_DEVICE_VIRTIO_9P      0x1049u

/** A badge that can do nothing but PCI_LIST. */
#define PCI_BUS_BADGE_LIST (UINT64_C(2) << 40)

enum pci_bus_opcode {
    /** Takes the device. Reply: word 0 = vendor in bits 0 to 15, device in bits 16 to 31,
     *  subsystem id in bits 32 to 47; word 1 = a bit for each BAR that PCI_TAKE_BAR
     *  hands out; word 2 = how many interrupts PCI_TAKE_INTERRUPT hands out (MSI-X: one a
     *  vector, else 1 or 0). */
    PCI_CLAIM = 1,
    /** Word 0: which BAR, 0 to 5. Reply: word 0 = bytes, word 1 = first port (I/O) or the
     *  offset in the first page (memory), word 2 = 1 for I/O, 0 for memory; the
     *  capability is an IoPort or a DeviceMemory, READ and WRITE. A BAR that holds the
     *  MSI-X table is handed out only up to the table's page. */
    PCI_TAKE_BAR = 2,
    /** Word 0: which, from 0 on; carries a Notification, WRITE, that the bus binds the
     *  interrupt to. Reply: word 0 = 1 if it is an MSI-X vector: it is in the table, and
     *  nothing is to be acknowledged. Word 0 = 0 if it is the pin: then the reply carries
     *  an Interrupt, READ, for ACK_INTERRUPT. */
    PCI_TAKE_INTERRUPT = 3,
    /** Word 0: the order, 0 to PCI_BUS_DMA_ORDER_MAX: 2^order pages, zeroed, contiguous.
     *  Reply: word 0 = physical address; the capability is a MemoryFrame, READ, WRITE and
     *  GRANT. */
    PCI_TAKE_DMA = 4,
    /** Word 0: offset, 0 to 4,092, a multiple of 4. Reply: word 0 = those 4 bytes of the
     *  device's configuration space. */
    PCI_READ_CONFIG = 5,
    /** Lets the device do DMA. */
    PCI_START = 6,
    /** Gives the device back, and all that was lent. */
    PCI_RELEASE = 7,
    /** Word 0: the n-th function, from 0 on. Reply as for PCI_CLAIM; word 1 = bus << 8 |
     *  device << 3 | function; word 2 = class code, 24 bits; word 3 = 1 if claimed. */
    PCI_LIST = 8
};

enum pci_bus_status {
    PCI_BUS_OK = 0,
    PCI_BUS_NO_DEVICE = 1, /**< the machine has no such device; PCI_LIST: no n-th */
    PCI_BUS_BUSY = 2,      /**< another badge's holder has it, or it cannot be reset */
    PCI_BUS_UNCLAIMED = 3, /**< PCI_CLAIM comes first */
    PCI_BUS_INVALID = 4,   /**< opcode, BAR, vector, order or offset out of range */
    PCI_BUS_NO_MEMORY =
        5,             /**< the bus's account, or its share for a device, is used up */
    PCI_BUS_FAILED = 6 /**< the kernel refused: the bus lacks a capability */
};

#define PCI_BUS_DMA_ORDER_MAX 5u
/** Pages of DMA frames that one device may have lent at a time. */
#define PCI_BUS_DMA_PAGES 64u

/** The bus's own slots, each with all rights that are named: what it lends it narrows. */
enum pci_bus_slot {
    PCI_BUS_SLOT_CONFIG = SERVICE_SLOT_OWN, /**< IoPort 0xCF8, 8: READ, WRITE */
    PCI_BUS_SLOT_PORTS, /**< IoPort, the ports that BARs lie in: READ, WRITE, GRANT and
                         *   REVOKE; Empty: no port is lent */
    PCI_BUS_SLOT_INTERRUPTS,    /**< Interrupt, every line: READ, GRANT, REVOKE */
    PCI_BUS_SLOT_DEVICE_MEMORY, /**< DeviceMemory: READ, WRITE, GRANT, REVOKE */
    PCI_BUS_SLOT_DMA            /**< Dma: READ */
};

/** A driver's own slots. */
enum driver_slot {
    DRIVER_SLOT_BUS = SERVICE_SLOT_OWN /**< Endpoint, WRITE: the bus by a badge */
};

#endif
