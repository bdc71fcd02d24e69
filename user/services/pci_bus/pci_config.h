/**
 * pci_config.h - what a PCI function's configuration space says, and switching it.
 *
 * Pure: how the space is read and written is the caller's. What a device says of itself is
 * not believed: lists end, BARs have sizes that are powers of two, and what does not fit is
 * left out. Sources: PCI 3.0, 6.1 (header), 6.2.5.1 (BARs), 6.7 (capabilities), 6.8.2 (MSI-X).
 */
#ifndef PCI_BUS_PCI_CONFIG_H
#define PCI_BUS_PCI_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

enum { PCI_BARS = 6, PCI_FUNCTIONS_MAX = 64, PCI_CONFIG_BYTES = 256 };

/** How the configuration space is reached; @p function is bus << 8 | device << 3 |
 *  function, @p offset a multiple of 4 below 256. */
struct pci_access {
    void *context; /**< lent */
    uint32_t (*read)(void *context, uint32_t function, uint32_t offset);
    void (*write)(void *context, uint32_t function, uint32_t offset, uint32_t value);
};

enum pci_bar_kind { PCI_BAR_NONE = 0, PCI_BAR_IO, PCI_BAR_MEMORY };

struct pci_bar {
    enum pci_bar_kind kind;
    uint64_t base; /**< what the firmware assigned; not 0 */
    uint64_t size; /**< a power of two */
};

/** A function that is no bridge. */
struct pci_function {
    uint32_t address; /**< bus << 8 | device << 3 | function */
    uint16_t vendor;
    uint16_t device; /**< a transitional virtio device's: as its modern one */
    uint16_t subsystem;
    uint32_t class_code;   /**< 24 bits: class, subclass, interface */
    uint8_t pin;           /**< 1 to 4: INTA to INTD; 0: none */
    uint8_t line;          /**< as the firmware wrote it; 255: none */
    uint8_t msix;          /**< offset of the MSI-X capability; 0: none */
    uint8_t msix_bar;      /**< where its table lies */
    uint16_t msix_vectors; /**< 0 without the capability */
    uint32_t msix_offset;  /**< of the table in its BAR */
    struct pci_bar bars[PCI_BARS];
};

/** Bits of the command register. */
enum {
    PCI_COMMAND_IO = 1,
    PCI_COMMAND_MEMORY = 2,
    PCI_COMMAND_MASTER = 4,
    PCI_COMMAND_NO_PIN = 0x400
};

/**
 * Finds all functions that are no bridges, in the order of their addresses, on all buses
 * that bridges lead to. Each is left without bus mastering and without its pin; its BARs and
 * what it decodes are as they were.
 *
 * Returns how many were found, at most PCI_FUNCTIONS_MAX; further ones are switched
 * off and left out.
 */
uint32_t pci_config_scan(const struct pci_access *access,
                         struct pci_function out_functions[PCI_FUNCTIONS_MAX]);

/** Sets the command register, whose other bits become 0. */
void pci_config_command(const struct pci_access *access,
                        const struct pci_function *function, uint32_t command);

/** Switches MSI-X on, with no vector masked by the function as a whole, or off. */
void pci_config_msix(const struct pci_access *access,
                     const struct pci_function *function, bool on);

/** How many bytes of BAR @p index a driver may have: all, or those before the page of the
 *  MSI-X table; 0: none. Memory BARs below a page count as one page. */
uint64_t pci_config_lendable(const struct pci_function *function, uint32_t index);

#endif
