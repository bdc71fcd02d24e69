/**
 * pc_ports.h - I/O ports of a PC that Init has from the start.
 */
#ifndef CORE_PC_PORTS_H
#define CORE_PC_PORTS_H

#define PC_PCI_CONFIG       0xcf8u /**< PCI's configuration mechanism 1 */
#define PC_PCI_CONFIG_PORTS 8u
#define PC_PCI_BAR          0x1000u /**< where devices' ports lie */
#define PC_PCI_BAR_PORTS    0xf000u
#define PC_RTC              0x70u /**< the clock of the date */
#define PC_RTC_PORTS        2u

#endif
