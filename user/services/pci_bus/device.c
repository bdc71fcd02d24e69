/**
 * device.c - see device.h.
 */
#include "services/pci_bus/device.h"
#include "abi/user_memory_map.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/irq.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "services/pci_bus/window.h"

enum { MESSAGE_LINES = 64, NO_LINE = 255 };

/** Lines of messages that devices have, from the first such line on. */
static bool line_taken[MESSAGE_LINES];

/** The command register's bits by which a device decodes its BARs. */
static uint32_t decode_bits(const struct pci_function *function)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < PCI_BARS; i++) {
        if (function->bars[i].kind == PCI_BAR_IO) {
            bits |= PCI_COMMAND_IO;
        } else if (function->bars[i].kind == PCI_BAR_MEMORY) {
            bits |= PCI_COMMAND_MEMORY;
        }
    }
    return bits;
}

/* --- giving back --- */

static void revoke_all(struct device *device)
{
    for (uint32_t i = 0; i < device->lent_count; i++) {
        (void)!sys_revoke(device->lent[i]); /* a notification has nothing below it */
        (void)sys_drop_cap(device->lent[i]);
    }
    for (uint32_t i = 0; i < device->line_count; i++) {
        line_taken[device->lines[i]] = false;
    }
    device->lent_count = 0;
    device->line_count = 0;
}

void device_release(const struct pci_access *access, struct device *device)
{
    const struct pci_function *function = &device->function;

    pci_config_command(access, function, decode_bits(function) | PCI_COMMAND_NO_PIN);
    if (device->started && !window_reset_virtio(access, function)) {
        device->lost = true;
    }
    pci_config_msix(access, function, false);
    revoke_all(device);
    /* The frames of a device that may still write to them stay where they are. */
    if (device->account != 0 && !device->lost) {
        (void)!sys_close_account(device->account);
        (void)sys_drop_cap(device->account);
        device->account = 0;
    }
    device->started = false;
    device->claimed = false;
}

enum pci_bus_status device_claim(const struct pci_access *access, struct device *device)
{
    if (device->claimed) {
        device_release(access, device);
    }
    if (device->lost) {
        return PCI_BUS_BUSY;
    }
    pci_config_command(access, &device->function,
                       decode_bits(&device->function) | PCI_COMMAND_NO_PIN);
    device->claimed = true;
    return PCI_BUS_OK;
}

/* --- lending --- */

/** A slot for one more capability above what is lent, or 0. */
static uint64_t next_slot(const struct device *device)
{
    uint64_t slot = mnos_service_slot();

    return device->lent_count < DEVICE_LENT_MAX && slot != MNOS_NO_SLOT ? slot : 0;
}

static void keep(struct device *device, uint64_t slot)
{
    device->lent[device->lent_count++] = slot;
}

enum pci_bus_status device_take_bar(struct device *device, uint64_t index,
                                    struct device_loan *out_loan)
{
    uint64_t bytes =
        index < PCI_BARS ? pci_config_lendable(&device->function, (uint32_t)index) : 0;

    if (bytes == 0) {
        return PCI_BUS_INVALID;
    }
    const struct pci_bar *bar = &device->function.bars[index];
    bool io = bar->kind == PCI_BAR_IO;
    uint64_t slot = next_slot(device);
    if (slot == 0) {
        return PCI_BUS_NO_MEMORY;
    }
    mn_status status =
        sys_mint_cap(io ? PCI_BUS_SLOT_PORTS : PCI_BUS_SLOT_DEVICE_MEMORY, slot,
                     MN_RIGHTS_SAME, io ? bar->base : bar->base >> MN_PAGE_SHIFT,
                     io ? bytes : bytes >> MN_PAGE_SHIFT);
    if (status != MN_OK) {
        return PCI_BUS_FAILED;
    }
    keep(device, slot);
    *out_loan = (struct device_loan){
        .slot = slot,
        .rights = MN_RIGHT_READ | MN_RIGHT_WRITE,
        .words = {bytes, io ? bar->base : bar->base % MN_PAGE_SIZE, io}};
    return PCI_BUS_OK;
}

/** The line of a message that nobody has, as an index from the first, or NO_LINE. */
static uint32_t free_line(const struct mn_cap_info *lines)
{
    for (uint32_t i = 0; i < MESSAGE_LINES && lines->c + i < lines->a + lines->b; i++) {
        if (!line_taken[i]) {
            return i;
        }
    }
    return NO_LINE;
}

/** Makes the Interrupt of one line in @p slot and binds it. */
static bool bind_line(uint64_t slot, uint64_t line, uint64_t notification,
                      struct mnos_interrupt_message *out_message)
{
    if (sys_mint_cap(PCI_BUS_SLOT_INTERRUPTS, slot, MN_RIGHTS_SAME, line, 1) != MN_OK) {
        return false;
    }
    if (sys_bind_interrupt(slot, notification, out_message) != MN_OK) {
        (void)sys_drop_cap(slot);
        return false;
    }
    return true;
}

static bool take_message(const struct pci_access *access, struct device *device,
                         uint32_t vector, uint64_t slot, uint64_t notification)
{
    struct mn_cap_info lines;
    struct mnos_interrupt_message message;

    if (sys_cap_info(PCI_BUS_SLOT_INTERRUPTS, &lines) != MN_OK) {
        return false;
    }
    uint32_t line = free_line(&lines);
    if (line == NO_LINE || !bind_line(slot, lines.c + line, notification, &message)) {
        return false;
    }
    if (!window_set_vector(&device->function, vector, message.address, message.data)) {
        (void)sys_drop_cap(slot);
        return false;
    }
    pci_config_msix(access, &device->function, true);
    line_taken[line] = true;
    device->lines[device->line_count++] = line;
    return true;
}

static bool take_pin(struct device *device, uint64_t slot, uint64_t notification)
{
    struct mnos_interrupt_message message;

    return device->function.pin != 0 && device->function.line != NO_LINE &&
           bind_line(slot, device->function.line, notification, &message);
}

enum pci_bus_status device_take_interrupt(const struct pci_access *access,
                                          struct device *device, uint64_t vector,
                                          uint64_t notification,
                                          struct device_loan *out_loan)
{
    bool messages = device->function.msix_vectors != 0;
    uint64_t slot = next_slot(device);

    if (notification == 0 || vector >= (messages ? device->function.msix_vectors : 1)) {
        return PCI_BUS_INVALID;
    }
    if (slot == 0 || device->lent_count + 2 > DEVICE_LENT_MAX) {
        return PCI_BUS_NO_MEMORY;
    }
    if (messages ? !take_message(access, device, (uint32_t)vector, slot, notification)
                 : !take_pin(device, slot, notification)) {
        return PCI_BUS_FAILED;
    }
    keep(device, slot);
    keep(device, notification); /* the binding lasts as long as this is held */
    *out_loan = (struct device_loan){
        .slot = messages ? 0 : slot, .rights = MN_RIGHT_READ, .words = {messages}};
    return PCI_BUS_OK;
}

/** The account that pays for the device's frames. */
static bool make_account(struct device *device)
{
    if (device->account == 0) {
        uint64_t slot = mnos_service_slot();

        if (slot == MNOS_NO_SLOT || sys_create_account(SERVICE_SLOT_ACCOUNT, slot,
                                                       PCI_BUS_DMA_PAGES) != MN_OK) {
            return false;
        }
        device->account = slot;
    }
    return true;
}

enum pci_bus_status device_take_dma(struct device *device, uint64_t order,
                                    struct device_loan *out_loan)
{
    uint64_t physical;

    if (order > PCI_BUS_DMA_ORDER_MAX) {
        return PCI_BUS_INVALID;
    }
    uint64_t slot = make_account(device) ? mnos_service_slot() : MNOS_NO_SLOT;
    if (slot == MNOS_NO_SLOT ||
        sys_alloc_memory(device->account, slot, order) != MN_OK) {
        return PCI_BUS_NO_MEMORY;
    }
    if (sys_frame_address(PCI_BUS_SLOT_DMA, slot, &physical) != MN_OK) {
        (void)sys_drop_cap(slot);
        return PCI_BUS_FAILED;
    }
    *out_loan = (struct device_loan){.slot = slot, .move = true, .words = {physical}};
    return PCI_BUS_OK;
}

void device_start(const struct pci_access *access, struct device *device)
{
    device->started = true;
    pci_config_command(
        access, &device->function,
        decode_bits(&device->function) | PCI_COMMAND_MASTER |
            (device->function.msix_vectors != 0 ? PCI_COMMAND_NO_PIN : 0));
}
