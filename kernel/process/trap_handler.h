/**
 * trap_handler.h - a thread's own handler of its exceptions: in the same process, on a stack
 * of its own, and back.
 *
 * The kernel writes the thread's registers on that stack and lets it go on in the handler;
 * TRAP_RETURN takes registers from such a frame again. The vector registers, MXCSR and
 * the x87 state are the thread's own all the time: neither way touches them. Lock: the
 * kernel's.
 */
#ifndef PROCESS_TRAP_HANDLER_H
#define PROCESS_TRAP_HANDLER_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/status.h"
#include "core/attributes.h"
#include "core/trap_frame.h"

/**
 * Lets the current thread, which has a handler and whose exception is in @p frame, go on in
 * it. @p address: what CR2 held, for a page fault. False, and nothing has changed: it is in
 * its handler already, or the handler's stack can't be written.
 */
MN_MUST_CHECK bool trap_handler_enter(struct trap_frame *frame, uint64_t address);

/** Ends the current thread's handler: its registers are those of the struct mn_trap_frame
 *  at @p address. MN_ERROR_INVALID_ARGUMENT: it is not in its handler, or RIP is not in
 *  the lower half; MN_ERROR_BAD_ADDRESS. */
MN_MUST_CHECK mn_status trap_handler_return(uint64_t address);

#endif
