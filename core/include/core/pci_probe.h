/**
 * pci_probe.h - finds the legacy virtio-blk device, whose ports are Init's slot 4.
 *
 * This and nothing more: buses and drivers are ring 3's. Pure: who can reach the
 * configuration space lends two functions. Virtio 1.2, 4.1.2: a legacy device is 1af4:1001 and has its registers
 * in I/O BAR 0.
 */
#ifndef CORE_PCI_PROBE_H
#define CORE_PCI_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct pci_probe_result {
    bool has_device;  /**< the rest is meaningful */
    uint16_t io_base; /**< first port of BAR 0 */
    uint32_t io_size; /**< ports, a power of two */
    uint8_t irq_line; /**< what the firmware wrote into the interrupt line register */
};

/** The configuration space. A function is named by its bus, device and function in bits 8
 *  to 23; offsets are those of 32-bit registers. */
struct pci_config {
    uint32_t (*read)(uint32_t function, uint32_t offset);
    void (*write)(uint32_t function, uint32_t offset, uint32_t value);
};

/** Looks at every bus that exists, in order; enables I/O decoding of the device. */
void pci_probe_virtio_blk(const struct pci_config *config,
                          struct pci_probe_result *out_result);

#endif
