/**
 * equip_serial_drv.c - what serial_drv gets once it has shown how little it had.
 */
#include "init/equip_serial_drv.h"
#include "abi/rights.h"
#include "init/layout.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { COM1_INTERRUPT = 4 };

/** A fresh endpoint that only the driver holds: between its threads. */
static mn_status give_private_endpoint(uint64_t driver, uint64_t target)
{
    mn_status status = sys_create_endpoint(MN_INIT_SLOT_MEMORY, INIT_SLOT_SCRATCH);

    if (status == MN_OK) {
        status = sys_delegate(driver, INIT_SLOT_SCRATCH, target,
                              MN_RIGHT_READ | MN_RIGHT_WRITE);
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    }
    return status;
}

/** Of all interrupts only COM1's. */
static mn_status give_interrupt(uint64_t driver)
{
    mn_status status = sys_mint_cap(MN_INIT_SLOT_INTERRUPTS, INIT_SLOT_SCRATCH,
                                    MN_RIGHT_READ | MN_RIGHT_GRANT, COM1_INTERRUPT, 1);

    if (status == MN_OK) {
        status = sys_delegate(driver, INIT_SLOT_SCRATCH, CONSOLE_SLOT_INTERRUPT,
                              MN_RIGHT_READ);
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    }
    return status;
}

/**
 * The endpoint of the requests. Only the driver can receive from it, so that a SEND fails,
 * and does not wait for ever, once the driver is gone.
 */
static mn_status make_requests_endpoint(uint64_t driver)
{
    mn_status status = sys_create_endpoint(MN_INIT_SLOT_MEMORY, INIT_SLOT_SCRATCH);

    if (status != MN_OK) {
        return status;
    }
    status =
        sys_delegate(driver, INIT_SLOT_SCRATCH, CONSOLE_SLOT_REQUESTS, MN_RIGHT_READ);
    if (status == MN_OK) {
        status = sys_mint_cap(INIT_SLOT_SCRATCH, INIT_SLOT_REQUESTS,
                              MN_RIGHT_WRITE | MN_RIGHT_GRANT, 0, 0);
    }
    (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    return status;
}

/** Init's own two badges for requests. */
static mn_status make_clients(void)
{
    mn_status status = sys_mint_cap(INIT_SLOT_REQUESTS, INIT_SLOT_CONSOLE,
                                    MN_RIGHT_WRITE, INIT_BADGE_MAIN, 0);

    if (status == MN_OK) {
        status = sys_mint_cap(INIT_SLOT_REQUESTS, INIT_SLOT_LOG_CONSOLE, MN_RIGHT_WRITE,
                              INIT_BADGE_LOG, 0);
    }
    return status;
}

static mn_status give_capabilities(uint64_t driver)
{
    mn_status status = give_interrupt(driver);

    if (status == MN_OK) {
        status = make_requests_endpoint(driver);
    }
    if (status == MN_OK) {
        status = sys_create_endpoint(MN_INIT_SLOT_MEMORY, INIT_SLOT_INPUT);
    }
    if (status == MN_OK) {
        status =
            sys_delegate(driver, INIT_SLOT_INPUT, CONSOLE_SLOT_INPUT, MN_RIGHT_WRITE);
    }
    if (status == MN_OK) {
        status = give_private_endpoint(driver, CONSOLE_SLOT_OUTPUT_SPACE);
    }
    if (status == MN_OK) {
        status = give_private_endpoint(driver, CONSOLE_SLOT_INPUT_READY);
    }
    if (status == MN_OK) {
        status = sys_delegate(driver, driver, CONSOLE_SLOT_SELF, MN_RIGHT_EXEC);
    }
    return status;
}

mn_status share_pages(const struct shared_pages *pages)
{
    mn_status status =
        sys_alloc_memory(MN_INIT_SLOT_MEMORY, pages->frame_slot, pages->order);

    if (status != MN_OK) {
        return status;
    }
    status = sys_map_memory(MN_INIT_SLOT_SELF, pages->frame_slot, pages->vaddr,
                            MN_MAP_WRITABLE);
    if (status == MN_OK) {
        status = sys_map_memory(pages->driver, pages->frame_slot, pages->driver_vaddr,
                                pages->driver_flags);
        if (status == MN_OK) {
            return MN_OK;
        }
        (void)sys_unmap_memory(MN_INIT_SLOT_SELF, pages->vaddr, 1ull << pages->order);
    }
    (void)sys_drop_cap(pages->frame_slot);
    return status;
}

mn_status equip_serial_drv(const struct mnos_process *driver,
                           struct console_startup *startup)
{
    const struct shared_pages buffer = {
        .driver = driver->slot,
        .frame_slot = INIT_SLOT_BUFFER_FRAME,
        .order = INIT_CONSOLE_BUFFER_ORDER,
        .vaddr = INIT_CONSOLE_BUFFER,
        .driver_vaddr = CONSOLE_BUFFER_ADDRESS(INIT_BADGE_MAIN)};
    mn_status status = give_capabilities(driver->slot);

    if (status == MN_OK) {
        status = make_clients();
    }
    if (status == MN_OK && share_pages(&buffer) == MN_OK) {
        startup->buffer_bytes[INIT_BADGE_MAIN] = MN_PAGE_SIZE << buffer.order;
    }
    return status;
}

void unequip_serial_drv(void)
{
    (void)sys_unmap_memory(MN_INIT_SLOT_SELF, INIT_CONSOLE_BUFFER,
                           1ull << INIT_CONSOLE_BUFFER_ORDER);
    (void)sys_drop_cap(INIT_SLOT_BUFFER_FRAME);
    for (uint64_t slot = INIT_SLOT_REQUESTS; slot <= INIT_SLOT_LOG_CONSOLE; slot++) {
        (void)sys_drop_cap(slot);
    }
}
