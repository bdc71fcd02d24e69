/**
 * io_port.h - ranges of x86 I/O ports as capabilities.
 */
#ifndef CORE_IO_PORT_H
#define CORE_IO_PORT_H

#include "core/capability.h"

/** How wide an access is: PORT_OUT's and PORT_IN's widths 0 and 1, 2, 4. 0: no width. */
uint32_t io_port_bytes(uint64_t width);

/** Does the range of @p slot contain @p bytes ports from @p port on? */
bool io_port_contains(const struct slot *slot, uint64_t port, uint32_t bytes);

#endif
