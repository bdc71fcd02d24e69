/**
 * io_port.c - see io_port.h.
 */
#include "device/io_port.h"

#include "arch/x86_64/instructions.h"
#include "core/checked_math.h"

uint32_t io_port_bytes(uint64_t width)
{
    switch (width) {
    case 0:
    case 1:
        return 1;
    case 2:
        return 2;
    case 4:
        return 4;
    default:
        return 0;
    }
}

bool io_port_contains(const struct slot *slot, uint64_t port, uint32_t bytes)
{
    uint64_t first = SLOT_FIRST(slot->value);

    return port >= first && range_fits(port - first, bytes, SLOT_COUNT(slot->value));
}

void io_port_out(uint16_t port, uint64_t value, uint32_t bytes)
{
    if (bytes == 1) {
        x86_outb(port, (uint8_t)value);
    } else if (bytes == 2) {
        x86_outw(port, (uint16_t)value);
    } else {
        x86_outl(port, (uint32_t)value);
    }
}

uint64_t io_port_in(uint16_t port, uint32_t bytes)
{
    if (bytes == 1) {
        return x86_inb(port);
    }
    return bytes == 2 ? x86_inw(port) : x86_inl(port);
}
