/**
 * io.h - x86 I/O ports through an IoPort capability.
 *
 * A port and its width must lie inside of the capability's range: MN_ERROR_RIGHTS
 * otherwise. Reads write their result on MN_OK only.
 */
#ifndef MNOS_IO_H
#define MNOS_IO_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/** Writes one byte to @p port through the IoPort in @p slot [WRITE]. */
MN_MUST_CHECK mn_status sys_port_out(uint64_t slot, uint16_t port, uint8_t value);

/** Reads one byte from @p port through the IoPort in @p slot [READ]. */
MN_MUST_CHECK mn_status sys_port_in(uint64_t slot, uint16_t port, uint8_t *out_value);

/** Writes 32 bits to @p port and the three behind it. */
MN_MUST_CHECK mn_status sys_port_out_32(uint64_t slot, uint16_t port, uint32_t value);

/** Reads 32 bits from @p port and the three behind it. */
MN_MUST_CHECK mn_status sys_port_in_32(uint64_t slot, uint16_t port,
                                       uint32_t *out_value);

#endif
