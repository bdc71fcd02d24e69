/**
 * pci_probe.c - see pci_probe.h. Configuration space: PCI 3.0, chapter 6.
 *
 * Buses are followed from bus 0 over bridges, in the order of their numbers, so machines
 * with few buses need few reads.
 */
#include "core/pci_probe.h"

enum {
    REGISTER_ID = 0x00,
    REGISTER_COMMAND = 0x04,
    REGISTER_HEADER = 0x0c,
    REGISTER_BAR_0 = 0x10,
    REGISTER_BUSES = 0x18, /* of a bridge */
    REGISTER_INTERRUPT = 0x3c,

    COMMAND_IO = 1 << 0,
    BAR_IO = 1 << 0,
    HEADER_MULTIFUNCTION = 0x80,
    HEADER_BRIDGE = 1,

    BUSES = 256,
    DEVICES_A_BUS = 32,
    FUNCTIONS_A_DEVICE = 8
};

#define ID_NONE        0xffffffffu
#define ID_VIRTIO_BLK  0x10011af4u
#define BAR_IO_ADDRESS 0xfffffffcu
#define IO_PORTS       0x10000u

/* How many ports BAR 0 decodes: all ones are written and read back with decoding off, so
   that the device is nowhere else in between (6.2.5.1). */
static uint32_t size_bar(const struct pci_config *config, uint32_t function,
                         uint32_t command, uint32_t bar)
{
    uint32_t mask;

    config->write(function, REGISTER_COMMAND, command & ~(uint32_t)COMMAND_IO);
    config->write(function, REGISTER_BAR_0, ID_NONE);
    mask = config->read(function, REGISTER_BAR_0) & BAR_IO_ADDRESS;
    config->write(function, REGISTER_BAR_0, bar);
    config->write(function, REGISTER_COMMAND, command);
    return (~(mask | 0xffff0000u) & (IO_PORTS - 1)) + 1;
}

/* Takes the device at @p function if its BAR 0 has ports. */
static bool take_device(const struct pci_config *config, uint32_t function,
                        struct pci_probe_result *out_result)
{
    uint32_t bar = config->read(function, REGISTER_BAR_0);
    /* The status half is written as zeros, which changes nothing in it. */
    uint32_t command = config->read(function, REGISTER_COMMAND) & 0xffff;
    uint32_t base = bar & BAR_IO_ADDRESS;
    uint32_t size;

    if ((bar & BAR_IO) == 0 || base == 0 || base >= IO_PORTS) {
        return false;
    }
    size = size_bar(config, function, command, bar);
    if (size > IO_PORTS - base) {
        return false;
    }
    config->write(function, REGISTER_COMMAND, command | COMMAND_IO);
    out_result->has_device = true;
    out_result->io_base = (uint16_t)base;
    out_result->io_size = size;
    out_result->irq_line = (uint8_t)config->read(function, REGISTER_INTERRUPT);
    return true;
}

/* Notes the bus behind a bridge. */
static void follow_bridge(const struct pci_config *config, uint32_t function,
                          uint32_t header, uint8_t *bus_exists)
{
    uint32_t secondary;

    if ((header >> 16 & 0x7f) == HEADER_BRIDGE) {
        secondary = config->read(function, REGISTER_BUSES) >> 8 & 0xff;
        bus_exists[secondary / 8] |= (uint8_t)(1u << secondary % 8);
    }
}

/* Looks at the functions of one device; true: it is the one that is looked for. */
static bool probe_device(const struct pci_config *config, uint32_t device,
                         uint8_t *bus_exists, struct pci_probe_result *out_result)
{
    uint32_t functions = 1;

    for (uint32_t i = 0; i < functions; i++) {
        uint32_t function = device | i << 8;
        uint32_t id = config->read(function, REGISTER_ID);
        uint32_t header;

        if (id == ID_NONE) {
            continue;
        }
        header = config->read(function, REGISTER_HEADER);
        if (i == 0 && (header >> 16 & HEADER_MULTIFUNCTION) != 0) {
            functions = FUNCTIONS_A_DEVICE;
        }
        if (id == ID_VIRTIO_BLK && take_device(config, function, out_result)) {
            return true;
        }
        follow_bridge(config, function, header, bus_exists);
    }
    return false;
}

void pci_probe_virtio_blk(const struct pci_config *config,
                          struct pci_probe_result *out_result)
{
    uint8_t bus_exists[BUSES / 8] = {1};

    *out_result = (struct pci_probe_result){0};
    for (uint32_t bus = 0; bus < BUSES; bus++) {
        if ((bus_exists[bus / 8] >> bus % 8 & 1) == 0) {
            continue;
        }
        for (uint32_t device = 0; device < DEVICES_A_BUS; device++) {
            if (probe_device(config, bus << 16 | device << 11, bus_exists,
                             out_result)) {
                return;
            }
        }
    }
}
