/**
 * window.h - the bus's own short looks at a device's registers: to reset it, and to fill in
 * its MSI-X table. Nothing stays mapped.
 */
#ifndef PCI_BUS_WINDOW_H
#define PCI_BUS_WINDOW_H

#include "services/pci_bus/pci_config.h"

/** Resets a virtio device by its own registers; memory decoding is on. false: it is no
 *  modern virtio device, or does not become ready. */
bool window_reset_virtio(const struct pci_access *access,
                         const struct pci_function *function);

/** Fills in and unmasks entry @p vector, below function->msix_vectors, of the MSI-X table.
 *  false: the kernel refused. */
bool window_set_vector(const struct pci_function *function, uint32_t vector,
                       uint64_t address, uint32_t data);

#endif
