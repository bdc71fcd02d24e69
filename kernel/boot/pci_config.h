/**
 * pci_config.h - PCI's configuration space, by mechanism #1 (PCI 3.0, 3.2.2.3.2).
 */
#ifndef BOOT_PCI_CONFIG_H
#define BOOT_PCI_CONFIG_H

#include "core/pci_probe.h"

/** NULL: the machine has no mechanism #1. */
const struct pci_config *pci_config(void);

#endif
