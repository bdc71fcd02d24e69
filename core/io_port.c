/**
 * io_port.c - see io_port.h.
 */
#include "core/io_port.h"

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
