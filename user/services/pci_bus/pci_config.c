/**
 * pci_config.c - see pci_config.h.
 */
#include "services/pci_bus/pci_config.h"
#include "core/bits.h"
#include "core/checked_math.h"

enum {
    ID = 0x00,
    COMMAND =
        0x04, /* the status in the upper half: writing zeros there changes nothing */
    STATUS_LIST = 1 << 20,
    CLASS = 0x08,
    CLASS_BRIDGE = 0x06,
    HEADER = 0x0c,
    BAR_0 = 0x10,
    BUSES = 0x18, /* of a bridge: primary, secondary, subordinate */
    SUBSYSTEM = 0x2c,
    CAPABILITIES = 0x34,
    INTERRUPT = 0x3c,
    HEADER_TYPE_MULTIFUNCTION = 0x80,
    HEADER_TYPE_BRIDGE = 1,
    FIRST_CAPABILITY = 0x40,
    CAPABILITIES_MAX = 48,
    CAPABILITY_MSIX = 0x11,
    MSIX_ENABLE = 1 << 15,
    MSIX_MASK_ALL = 1 << 14,
    MSIX_ENTRY_BYTES = 16,
    BUS_COUNT = 256,
    DEVICES = 32,
    FUNCTIONS = 8,
    PAGE_BYTES = 4096
};

enum {
    BAR_IS_IO = 1,
    BAR_TYPE = 6,
    BAR_TYPE_64 = 4,
    BAR_IO_FLAGS = 3,
    BAR_MEMORY_FLAGS = 15
};

enum {
    VENDOR_VIRTIO = 0x1af4,
    VIRTIO_TRANSITIONAL_FIRST = 0x1000,
    VIRTIO_TRANSITIONAL_LAST = 0x103f,
    VIRTIO_MODERN_FIRST = 0x1040
};

static uint32_t read(const struct pci_access *access, uint32_t function,
                     uint32_t offset)
{
    return access->read(access->context, function, offset);
}

static void write(const struct pci_access *access, uint32_t function, uint32_t offset,
                  uint32_t value)
{
    access->write(access->context, function, offset, value);
}

/* --- BARs --- */

/** Writes all ones into a BAR's word and reads what sticks; puts the word back. */
static uint32_t probe(const struct pci_access *access, uint32_t function,
                      uint32_t offset)
{
    uint32_t old = read(access, function, offset);
    uint32_t stuck;

    write(access, function, offset, 0xffffffff);
    stuck = read(access, function, offset);
    write(access, function, offset, old);
    return stuck;
}

/** Fills a BAR in if it is sound: a size that is a power of two, a base that is a multiple
 *  of it, neither of them 0. */
static void set_bar(struct pci_bar *bar, enum pci_bar_kind kind, uint64_t base,
                    uint64_t mask)
{
    uint64_t size = ~mask + 1;

    if (mask != 0 && bits_is_power_of_two(size) && base != 0 &&
        bits_is_aligned(base, size)) {
        *bar = (struct pci_bar){kind, base, size};
    }
}

static void read_bars(const struct pci_access *access, struct pci_function *function)
{
    for (uint32_t i = 0; i < PCI_BARS; i++) {
        uint32_t offset = BAR_0 + 4 * i;
        uint32_t low = read(access, function->address, offset);
        uint64_t stuck = probe(access, function->address, offset);

        if ((low & BAR_IS_IO) != 0) {
            /* The upper half of a port's BAR may be hard-wired to 0. */
            set_bar(&function->bars[i], PCI_BAR_IO, low & 0xffff & ~BAR_IO_FLAGS,
                    (stuck & ~(uint64_t)BAR_IO_FLAGS & 0xffff) | ~UINT64_C(0xffff));
            continue;
        }
        uint64_t base = low & ~(uint32_t)BAR_MEMORY_FLAGS;
        uint64_t mask = stuck & ~(uint32_t)BAR_MEMORY_FLAGS;
        if ((low & BAR_TYPE) == BAR_TYPE_64 && i + 1 < PCI_BARS) {
            base |= (uint64_t)read(access, function->address, offset + 4) << 32;
            mask |= (uint64_t)probe(access, function->address, offset + 4) << 32;
            set_bar(&function->bars[i], PCI_BAR_MEMORY, base, mask);
            i++; /* the next word is this one's upper half */
        } else {
            set_bar(&function->bars[i], PCI_BAR_MEMORY, base,
                    mask == 0 ? 0 : mask | ~UINT64_C(0xffffffff));
        }
    }
}

/* --- capabilities --- */

/** Takes MSI-X if its table lies in a memory BAR. */
static void read_msix(const struct pci_access *access, struct pci_function *function,
                      uint32_t at, uint32_t header)
{
    uint32_t table = read(access, function->address, at + 4);
    uint32_t vectors = (header >> 16 & 0x7ff) + 1;
    uint32_t bar = table & 7;
    uint32_t offset = table & ~7u;

    if (bar < PCI_BARS && function->bars[bar].kind == PCI_BAR_MEMORY &&
        range_fits(offset, (uint64_t)vectors * MSIX_ENTRY_BYTES,
                   function->bars[bar].size)) {
        function->msix = (uint8_t)at;
        function->msix_bar = (uint8_t)bar;
        function->msix_offset = offset;
        function->msix_vectors = (uint16_t)vectors;
    }
}

static void read_capabilities(const struct pci_access *access,
                              struct pci_function *function)
{
    uint32_t at = 0;

    if ((read(access, function->address, COMMAND) & STATUS_LIST) != 0) {
        at = read(access, function->address, CAPABILITIES) & 0xfc;
    }
    for (unsigned i = 0; i < CAPABILITIES_MAX && at >= FIRST_CAPABILITY; i++) {
        uint32_t header = read(access, function->address, at);

        if ((header & 0xff) == CAPABILITY_MSIX && function->msix == 0 &&
            at + 8 < PCI_CONFIG_BYTES) {
            read_msix(access, function, at, header);
        }
        at = header >> 8 & 0xfc;
    }
}

/* --- functions --- */

static uint16_t modern_device(uint16_t vendor, uint16_t device, uint16_t subsystem)
{
    if (vendor == VENDOR_VIRTIO && device >= VIRTIO_TRANSITIONAL_FIRST &&
        device <= VIRTIO_TRANSITIONAL_LAST) {
        return (uint16_t)(VIRTIO_MODERN_FIRST + subsystem);
    }
    return device;
}

/** Reads a function that is no bridge, which decodes nothing meanwhile. Afterwards it does as
 *  before, but has no way to memory and no interrupt. */
static void read_function(const struct pci_access *access, uint32_t address,
                          struct pci_function *out_function)
{
    uint32_t id = read(access, address, ID);
    uint32_t interrupt = read(access, address, INTERRUPT);
    uint32_t decodes =
        read(access, address, COMMAND) & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY);

    *out_function = (struct pci_function){.address = address,
                                          .vendor = (uint16_t)id,
                                          .device = (uint16_t)(id >> 16),
                                          .line = (uint8_t)interrupt};
    out_function->subsystem = (uint16_t)(read(access, address, SUBSYSTEM) >> 16);
    out_function->device = modern_device(out_function->vendor, out_function->device,
                                         out_function->subsystem);
    out_function->class_code = read(access, address, CLASS) >> 8;
    out_function->pin = (interrupt >> 8 & 0xff) <= 4 ? (uint8_t)(interrupt >> 8) : 0;
    write(access, address, COMMAND, PCI_COMMAND_NO_PIN);
    read_bars(access, out_function);
    write(access, address, COMMAND, PCI_COMMAND_NO_PIN | decodes);
    read_capabilities(access, out_function);
}

/** What a scan has found so far. */
struct scan {
    const struct pci_access *access;
    struct pci_function *functions;
    uint32_t count;
    uint8_t bus_exists[BUS_COUNT / 8];
};

/** Takes one function, or follows a bridge. Bridges of other kinds (to the host, to ISA)
 *  carry what the system stands on, and are left alone. */
static void visit(struct scan *scan, uint32_t address, uint32_t header)
{
    uint32_t type = header >> 16 & 0x7f;

    if (type == HEADER_TYPE_BRIDGE) {
        uint32_t bus = read(scan->access, address, BUSES) >> 8 & 0xff;
        scan->bus_exists[bus / 8] |= (uint8_t)(1u << bus % 8);
    } else if (read(scan->access, address, CLASS) >> 24 == CLASS_BRIDGE) {
        return;
    } else if (type == 0 && scan->count < PCI_FUNCTIONS_MAX) {
        read_function(scan->access, address, &scan->functions[scan->count++]);
    } else {
        write(scan->access, address, COMMAND, PCI_COMMAND_NO_PIN);
    }
}

static void scan_device(struct scan *scan, uint32_t address)
{
    uint32_t functions = 1;

    for (uint32_t i = 0; i < functions; i++) {
        if ((read(scan->access, address + i, ID) & 0xffff) == 0xffff) {
            continue; /* nobody answers */
        }
        uint32_t header = read(scan->access, address + i, HEADER);
        if (i == 0 && (header >> 16 & HEADER_TYPE_MULTIFUNCTION) != 0) {
            functions = FUNCTIONS;
        }
        visit(scan, address + i, header);
    }
}

uint32_t pci_config_scan(const struct pci_access *access,
                         struct pci_function out_functions[PCI_FUNCTIONS_MAX])
{
    struct scan scan = {
        .access = access, .functions = out_functions, .bus_exists = {1}};

    for (uint32_t bus = 0; bus < BUS_COUNT; bus++) {
        if ((scan.bus_exists[bus / 8] >> bus % 8 & 1) == 0) {
            continue;
        }
        for (uint32_t device = 0; device < DEVICES; device++) {
            scan_device(&scan, bus << 8 | device << 3);
        }
    }
    return scan.count;
}

void pci_config_command(const struct pci_access *access,
                        const struct pci_function *function, uint32_t command)
{
    write(access, function->address, COMMAND, command);
}

void pci_config_msix(const struct pci_access *access,
                     const struct pci_function *function, bool on)
{
    uint32_t header;

    if (function->msix == 0) {
        return;
    }
    header = read(access, function->address, function->msix) &
             ~((uint32_t)(MSIX_ENABLE | MSIX_MASK_ALL) << 16);
    write(access, function->address, function->msix,
          header | (on ? (uint32_t)MSIX_ENABLE << 16 : 0));
}

uint64_t pci_config_lendable(const struct pci_function *function, uint32_t index)
{
    const struct pci_bar *bar = &function->bars[index];
    uint64_t bytes = bar->size;

    if (bar->kind == PCI_BAR_MEMORY && bytes < PAGE_BYTES) {
        return bits_is_aligned(bar->base, PAGE_BYTES) &&
                       (function->msix == 0 || function->msix_bar != index)
                   ? PAGE_BYTES
                   : 0;
    }
    if (bar->kind == PCI_BAR_MEMORY && function->msix != 0 &&
        function->msix_bar == index) {
        bytes = bits_align_down(function->msix_offset, PAGE_BYTES);
    }
    return bar->kind == PCI_BAR_NONE ? 0 : bytes;
}
