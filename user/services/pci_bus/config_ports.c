/**
 * config_ports.c - see config_ports.h.
 */
#include "services/pci_bus/config_ports.h"
#include "mnos/io.h"
#include "protocols/pci_bus.h"

enum { PORT_ADDRESS = 0xcf8, PORT_DATA = 0xcfc };

#define ADDRESS_ENABLE 0x80000000u

static bool select(uint32_t function, uint32_t offset)
{
    return sys_port_out_32(PCI_BUS_SLOT_CONFIG, PORT_ADDRESS,
                           ADDRESS_ENABLE | function << 8 | (offset & 0xfc)) == MN_OK;
}

static uint32_t read(void *context, uint32_t function, uint32_t offset)
{
    uint32_t value;

    (void)context;
    if (!select(function, offset) ||
        sys_port_in_32(PCI_BUS_SLOT_CONFIG, PORT_DATA, &value) != MN_OK) {
        return UINT32_MAX;
    }
    return value;
}

static void write(void *context, uint32_t function, uint32_t offset, uint32_t value)
{
    (void)context;
    if (select(function, offset)) {
        (void)!sys_port_out_32(PCI_BUS_SLOT_CONFIG, PORT_DATA, value);
    }
}

const struct pci_access config_ports = {.read = read, .write = write};
