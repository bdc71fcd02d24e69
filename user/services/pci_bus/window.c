/**
 * window.c - see window.h.
 */
#include "services/pci_bus/window.h"
#include "abi/user_memory_map.h"
#include "core/bits.h"
#include "libvirtio/virtio_pci.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "protocols/pci_bus.h"

/** Where BARs are mapped in the bus, one each. */
#define WINDOWS      0x50000000ul
#define WINDOW_BYTES 0x100000ul

enum { MSIX_ENTRY_BYTES = 16, MSIX_UNMASKED = 0 };

static uint64_t window_address(uint32_t bar)
{
    return WINDOWS + bar * WINDOW_BYTES;
}

/** Maps @p pages pages from physical @p base on. The capability is given up at once: the
 *  mapping outlives it. */
static bool map(uint32_t bar, uint64_t base, uint64_t pages)
{
    uint64_t slot = mnos_service_slot();
    mn_status status;

    if (slot == MNOS_NO_SLOT ||
        sys_mint_cap(PCI_BUS_SLOT_DEVICE_MEMORY, slot, MN_RIGHT_READ | MN_RIGHT_WRITE,
                     base >> MN_PAGE_SHIFT, pages) != MN_OK) {
        return false;
    }
    status =
        sys_map_memory(SERVICE_SLOT_SELF, slot, window_address(bar), MN_MAP_WRITABLE);
    (void)sys_drop_cap(slot);
    return status == MN_OK;
}

static void unmap(uint32_t bar, uint64_t pages)
{
    (void)!sys_unmap_memory(SERVICE_SLOT_SELF, window_address(bar), pages);
}

/* --- a virtio device's registers --- */

struct virtio_window {
    const struct pci_access *access;
    const struct pci_function *function;
};

static uint32_t read(void *context, uint32_t bar, uint32_t offset, uint32_t width)
{
    uint64_t address = window_address(bar) + offset;

    (void)context;
    switch (width) {
    case 1:
        return *(volatile uint8_t *)address;
    case 2:
        return *(volatile uint16_t *)address;
    default:
        return *(volatile uint32_t *)address;
    }
}

static void write(void *context, uint32_t bar, uint32_t offset, uint32_t width,
                  uint32_t value)
{
    uint64_t address = window_address(bar) + offset;

    (void)context;
    switch (width) {
    case 1:
        *(volatile uint8_t *)address = (uint8_t)value;
        break;
    case 2:
        *(volatile uint16_t *)address = (uint16_t)value;
        break;
    default:
        *(volatile uint32_t *)address = value;
        break;
    }
}

static uint32_t read_config(void *context, uint32_t offset)
{
    struct virtio_window *window = context;

    return window->access->read(window->access->context, window->function->address,
                                offset);
}

bool window_reset_virtio(const struct pci_access *access,
                         const struct pci_function *function)
{
    struct virtio_window window = {access, function};
    struct virtio_registers registers = {
        .context = &window, .read = read, .write = write, .read_config = read_config};
    struct virtio_pci device;
    bool done;

    for (uint32_t i = 0; i < PCI_BARS; i++) {
        const struct pci_bar *bar = &function->bars[i];

        if (bar->kind == PCI_BAR_MEMORY && bar->size >= MN_PAGE_SIZE &&
            bar->size <= WINDOW_BYTES && map(i, bar->base, bar->size / MN_PAGE_SIZE)) {
            registers.bar_bytes[i] = (uint32_t)bar->size;
        }
    }
    done = virtio_pci_open(&device, &registers) == VIRTIO_OK &&
           virtio_pci_reset(&device) == VIRTIO_OK;
    for (uint32_t i = 0; i < PCI_BARS; i++) {
        if (registers.bar_bytes[i] != 0) {
            unmap(i, registers.bar_bytes[i] / MN_PAGE_SIZE);
        }
    }
    return done;
}

/* --- MSI-X --- */

bool window_set_vector(const struct pci_function *function, uint32_t vector,
                       uint64_t address, uint32_t data)
{
    uint64_t entry = function->bars[function->msix_bar].base + function->msix_offset +
                     (uint64_t)vector * MSIX_ENTRY_BYTES;
    volatile uint32_t *words =
        (volatile uint32_t *)(window_address(0) + entry % MN_PAGE_SIZE);

    if (!map(0, bits_align_down(entry, MN_PAGE_SIZE), 1)) {
        return false;
    }
    words[0] = (uint32_t)address;
    words[1] = (uint32_t)(address >> 32);
    words[2] = data;
    words[3] = MSIX_UNMASKED;
    unmap(0, 1);
    return true;
}
