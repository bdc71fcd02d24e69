/**
 * device.h - one PCI function and what of it is lent to its driver.
 *
 * The bus keeps a capability of its own above each one that it lends: to give the device
 * back is to revoke those. DMA frames are paid by an account for the device alone, whose
 * closing takes them all. Order of a release: no bus mastering, reset, then the rest; a
 * device that cannot be reset is not lent again.
 */
#ifndef PCI_BUS_DEVICE_H
#define PCI_BUS_DEVICE_H

#include "protocols/pci_bus.h"
#include "services/pci_bus/pci_config.h"

enum { DEVICE_LENT_MAX = 16 };

struct device {
    struct pci_function function;
    bool claimed;
    bool lost;        /**< it could not be reset: it may still do DMA */
    bool started;     /**< it may do DMA */
    uint64_t account; /**< slot; 0: none yet */
    uint32_t lent_count;
    uint64_t lent[DEVICE_LENT_MAX];  /**< slots above what was lent */
    uint32_t lines[DEVICE_LENT_MAX]; /**< lines of messages that are in use */
    uint32_t line_count;
};

/** Makes the device quiet and takes it, from a driver that had it, for another one. */
enum pci_bus_status device_claim(const struct pci_access *access,
                                 struct device *device);

/** Makes the device quiet and takes everything back that was lent. */
void device_release(const struct pci_access *access, struct device *device);

/** What a driver was lent: a slot to send from, and words for the reply. */
struct device_loan {
    uint64_t slot;   /**< 0: no capability goes with it */
    uint32_t rights; /**< that the driver gets */
    bool move;       /**< the capability itself goes, the bus keeps none */
    uint64_t words[3];
};

/** PCI_TAKE_BAR. */
enum pci_bus_status device_take_bar(struct device *device, uint64_t index,
                                    struct device_loan *out_loan);

/** PCI_TAKE_INTERRUPT; @p notification is the slot of the driver's, which becomes the
 *  device's on success. */
enum pci_bus_status device_take_interrupt(const struct pci_access *access,
                                          struct device *device, uint64_t vector,
                                          uint64_t notification,
                                          struct device_loan *out_loan);

/** PCI_TAKE_DMA. */
enum pci_bus_status device_take_dma(struct device *device, uint64_t order,
                                    struct device_loan *out_loan);

/** PCI_START. */
void device_start(const struct pci_access *access, struct device *device);

#endif
