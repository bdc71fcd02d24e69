/**
 * edu_device.c - see edu_device.h. PCI 3.0: configuration mechanism #1 (3.2.2.3.2), the
 * header (6.1), capabilities (6.7), MSI (6.8.1).
 */
#include "guest/runner/edu_device.h"

#include "abi/user_memory_map.h"
#include "guest/common/edu.h"
#include "guest/runner/harness.h"
#include "mnos/cap.h"
#include "mnos/io.h"
#include "mnos/process.h"

enum {
    PORT_ADDRESS = 0xcf8,
    PORT_DATA = 0xcfc,
    DEVICES = 32,
    COMMAND = 0x04,
    COMMAND_MEMORY = 2,
    COMMAND_BUS_MASTER = 4,
    BAR0 = 0x10,
    CAPABILITIES = 0x34,
    CAPABILITY_MSI = 5,
    MSI_ENABLE = 1 << 16,
    MSI_64_BIT = 1 << 23
};

static uint32_t device; /**< number on bus 0 */

static void select(uint32_t offset)
{
    CHECK_EQUAL(sys_port_out_32(MN_INIT_SLOT_PCI_CONFIG, PORT_ADDRESS,
                                0x80000000u | device << 11 | offset),
                MN_OK);
}

static uint32_t read(uint32_t offset)
{
    uint32_t value = 0;

    select(offset);
    CHECK_EQUAL(sys_port_in_32(MN_INIT_SLOT_PCI_CONFIG, PORT_DATA, &value), MN_OK);
    return value;
}

static void write(uint32_t offset, uint32_t value)
{
    select(offset);
    CHECK_EQUAL(sys_port_out_32(MN_INIT_SLOT_PCI_CONFIG, PORT_DATA, value), MN_OK);
}

/** Where the capability for messages begins. */
static uint32_t find_message_capability(void)
{
    uint32_t at = read(CAPABILITIES) & 0xfc;

    for (unsigned i = 0; i < DEVICES && at != 0; i++) {
        uint32_t header = read(at);

        if ((header & 0xff) == CAPABILITY_MSI) {
            return at;
        }
        at = header >> 8 & 0xfc;
    }
    test_fail(__FILE__, __LINE__, "edu has no MSI");
    return 0;
}

bool edu_exists(void)
{
    struct mn_cap_info info;

    if (sys_cap_info(MN_INIT_SLOT_PCI_CONFIG, &info) != MN_OK ||
        info.type != MN_CAP_IO_PORT) {
        return false;
    }
    for (device = 0; device < DEVICES; device++) {
        if (read(0) == EDU_PCI_ID) {
            return true;
        }
    }
    return false;
}

void edu_open(uint64_t target)
{
    uint32_t at = find_message_capability();

    write(COMMAND, COMMAND_MEMORY | COMMAND_BUS_MASTER);
    write(at, read(at) & ~(uint32_t)MSI_ENABLE);
    CHECK_EQUAL(sys_mint_cap(MN_INIT_SLOT_DEVICE_MEMORY, target, 0,
                             read(BAR0) >> MN_PAGE_SHIFT, EDU_BAR_PAGES),
                MN_OK);
}

void edu_map(uint64_t slot)
{
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, slot, EDU_VADDR, MN_MAP_WRITABLE),
                MN_OK);
}

void edu_set_message(uint64_t address, uint32_t data)
{
    uint32_t at = find_message_capability();
    uint32_t header = read(at);
    uint32_t behind = (header & MSI_64_BIT) != 0 ? at + 12 : at + 8;

    write(at + 4, (uint32_t)address);
    if ((header & MSI_64_BIT) != 0) {
        write(at + 8, (uint32_t)(address >> 32));
    }
    write(behind, data);
    write(at, header | MSI_ENABLE);
}
