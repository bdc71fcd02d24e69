/**
 * interrupt.h - interrupt lines as capabilities, and who waits for them.
 *
 * An Interrupt capability is a range of lines (the root that Init has), or one line with a
 * handler object: narrowing a range to one line makes the object. A line may have
 * several handlers: it fires for all, and a level-triggered one is let through again when
 * every handler waits. Lock: the kernel's.
 */
#ifndef DEVICE_INTERRUPT_H
#define DEVICE_INTERRUPT_H

#include "cap/capability.h"
#include "core/list.h"

extern const struct object_ops interrupt_ops;

struct thread;

/** Once, at boot, when the I/O APICs are known. */
void interrupt_init(void);

/** WAIT_IRQ by @p self, the current thread. MN_ERROR_GONE: somebody waits already;
 *  MN_ERROR_INVALID_ARGUMENT: a range, not one line; MN_ERROR_CANCELLED: the capability
 *  went away meanwhile. */
mn_status interrupt_wait(struct slot *slot, struct thread *self);

/** A line's interrupt has arrived. */
void interrupt_on_line(uint32_t line);

#endif
