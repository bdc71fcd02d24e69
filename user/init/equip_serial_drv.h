/**
 * equip_serial_drv.h - what serial_drv gets once it has shown how little it had.
 */
#ifndef INIT_EQUIP_SERIAL_DRV_H
#define INIT_EQUIP_SERIAL_DRV_H

#include "abi/status.h"
#include "core/attributes.h"
#include "mnos/process_loader.h"
#include "protocols/console.h"

/** A block of fresh pages in Init and in the driver. */
struct shared_pages {
    uint64_t driver;       /**< slot of its Process */
    uint64_t frame_slot;   /**< Empty; keeps the MemoryFrame */
    uint64_t order;        /**< 2^order pages */
    uint64_t vaddr;        /**< in Init, writable */
    uint64_t driver_vaddr; /**< in the driver, with driver_flags */
    uint64_t driver_flags; /**< MN_MAP_* */
};

/** Makes and maps @p pages. On an error nothing is left of them in Init. */
MN_MUST_CHECK mn_status share_pages(const struct shared_pages *pages);

/**
 * Fills the driver's slots of enum console_slot and Init's INIT_SLOT_REQUESTS to
 * INIT_SLOT_LOG_CONSOLE, and shares a buffer with it, which it notes in @p startup; no
 * memory for a buffer is no error. After an error: unequip_serial_drv().
 */
MN_MUST_CHECK mn_status equip_serial_drv(const struct mnos_process *driver,
                                         struct console_startup *startup);

/** Empties Init's slots again and unmaps the buffer; the driver is gone. */
void unequip_serial_drv(void);

#endif
