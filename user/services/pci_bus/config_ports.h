/**
 * config_ports.h - PCI's configuration space by the ports 0xCF8 and 0xCFC (PCI 3.0,
 * 3.2.2.3.2).
 */
#ifndef PCI_BUS_CONFIG_PORTS_H
#define PCI_BUS_CONFIG_PORTS_H

#include "services/pci_bus/pci_config.h"

/** Access through the IoPort in PCI_BUS_SLOT_CONFIG. What the kernel refuses reads as all
 *  ones, as where no device is. */
extern const struct pci_access config_ports;

#endif
