/**
 * trap.h - a thread's own handler of its exceptions, and back.
 *
 * The handler gets the registers of the moment, may change them, and returns: the thread goes
 * on with what then stands in the frame. An engine with guard pages sends it elsewhere:
 * it sets RIP, RSP and what else the place there expects. An exception inside of the
 * handler is none of its own: it goes to the fault endpoint, or ends the process.
 */
#ifndef MNOS_TRAP_H
#define MNOS_TRAP_H

#include "abi/status.h"
#include "abi/trap_frame.h"
#include "core/attributes.h"
#include <stddef.h>

/** The least size of a handler's stack: the registers of every kind, and the handler. */
#define MNOS_TRAP_STACK_MIN 8192u

/** Runs with interrupts of all kinds as ever, on the handler's stack; @p frame, lent for the
 *  call, is what it returns to. */
typedef void mnos_trap_function(struct mn_trap_frame *frame);

/**
 * Makes @p function the calling thread's handler, on a stack of @p size bytes that is lent
 * until it is taken away (mnos_trap_handler_clear()) or the thread ends.
 *
 * The vector registers, MXCSR and the x87 state are kept over the handler: it may be any
 * C function, which finds MXCSR and the x87 control word as a new thread does.
 * MN_ERROR_INVALID_ARGUMENT: the stack is smaller than MNOS_TRAP_STACK_MIN.
 */
MN_MUST_CHECK mn_status mnos_trap_handler_set(mnos_trap_function *function, void *stack,
                                              size_t size);

/** The calling thread has no handler any more. */
void mnos_trap_handler_clear(void);

/**
 * SET_TRAP_HANDLER: exceptions of the calling thread go on at @p rip (0: no handler) with RDI
 * a struct mn_trap_frame below @p stack_top, which is 16-aligned, and RSP 8 below that.
 * RFLAGS are MN_RFLAGS_ALWAYS, RBP is 0; all else is as it was at the exception.
 */
MN_MUST_CHECK mn_status sys_set_trap_handler(uint64_t rip, uint64_t stack_top);

/** TRAP_RETURN: ends the handler; the registers are those of @p frame. Returns only to tell
 *  an error. */
MN_MUST_CHECK mn_status sys_trap_return(const struct mn_trap_frame *frame);

#endif
