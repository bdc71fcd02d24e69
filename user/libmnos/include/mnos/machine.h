/**
 * machine.h - the Machine capability: the kernel's log, and the end of the machine.
 */
#ifndef MNOS_MACHINE_H
#define MNOS_MACHINE_H

#include "abi/status.h"
#include "abi/syscall.h"
#include "core/attributes.h"
#include <stddef.h>
#include <stdint.h>

/** A piece of the kernel's log: @p size bytes, the first of them at @p offset. */
struct mnos_log_piece {
    uint64_t offset;
    uint64_t size;
};

/**
 * Copies at most @p size bytes of the kernel's log, from @p offset on, to @p buffer,
 * through the Machine in @p machine [READ].
 *
 * Older bytes may have been overwritten: out_piece->offset, which may be above
 * @p offset, says where the first copied byte stands. The next call's offset is
 * out_piece->offset + out_piece->size. With MN_READ_LOG_WAIT in @p flags the call
 * blocks until there is a byte; without it out_piece->size may be 0.
 */
MN_MUST_CHECK mn_status sys_read_log(uint64_t machine, char *buffer, size_t size,
                                     uint64_t offset, uint64_t flags,
                                     struct mnos_log_piece *out_piece);

/** Ends the machine through the Machine in @p machine [EXEC] with @p end, MN_END_OK or
 *  MN_END_FAILED. Returns only with an error. */
mn_status sys_end_machine(uint64_t machine, uint64_t end);

#endif
