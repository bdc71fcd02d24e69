/**
 * pci_probe.h - finds the legacy virtio-blk device, whose ports are Init's slot 4.
 *
 * By configuration mechanism #1 (PCI 3.0, 3.2.2.3.2) and nothing more: buses and drivers
 * are ring 3's. Virtio 1.2, 4.1.2: a legacy device is 1af4:1001 and has its registers
 * in I/O BAR 0.
 */
#ifndef DEVICE_PCI_PROBE_H
#define DEVICE_PCI_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct pci_probe_result {
    bool has_pci;     /**< mechanism #1 answers */
    bool has_device;  /**< the rest is meaningful */
    uint16_t io_base; /**< first port of BAR 0 */
    uint32_t io_size; /**< ports, a power of two */
    uint8_t irq_line; /**< what the firmware wrote into the interrupt line register */
};

/** Looks at every bus that exists, in order; enables I/O decoding of the device. */
void pci_probe_virtio_blk(struct pci_probe_result *out_result);

#endif
