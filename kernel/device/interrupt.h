/**
 * interrupt.h - interrupt lines as capabilities, and who waits for them.
 *
 * An Interrupt capability is a range of lines (the root that Init has), or one line with a
 * handler object: narrowing a range to one line makes the object. A line may have
 * several handlers: it fires for all, and a level-triggered one is let through again when
 * every handler waits, or, bound to a notification, has acknowledged. Lines behind those
 * of the I/O APICs are for messages of devices (MSI, MSI-X). Lock: the kernel's.
 */
#ifndef DEVICE_INTERRUPT_H
#define DEVICE_INTERRUPT_H

#include "core/capability.h"
#include "core/list.h"

extern const struct object_ops interrupt_ops;

struct thread;

/** Once, at boot, when the I/O APICs are known. */
void interrupt_init(void);

/** WAIT_IRQ by @p self, the current thread. MN_ERROR_GONE: somebody waits already;
 *  MN_ERROR_INVALID_ARGUMENT: a range, not one line; MN_ERROR_CANCELLED: the capability
 *  went away meanwhile. */
mn_status interrupt_wait(struct slot *slot, struct thread *self);

/**
 * BIND_INTERRUPT: from now on the handler of @p slot signals a notification, by a
 * capability.
 *
 * @p out_address and @p out_data: what a device has to write where to send it; 0 for a pin.
 * MN_ERROR_GONE: somebody waits, or it is bound; MN_ERROR_INVALID_ARGUMENT: a range.
 */
MN_MUST_CHECK mn_status interrupt_bind(const struct slot *slot,
                                       struct slot *notification, uint64_t *out_address,
                                       uint64_t *out_data);

/** ACK_INTERRUPT: its device has been served. MN_ERROR_INVALID_ARGUMENT: a range, or not
 *  bound. */
MN_MUST_CHECK mn_status interrupt_acknowledge(const struct slot *slot);

/** A line's interrupt has arrived. */
void interrupt_on_line(uint32_t line);

#endif
