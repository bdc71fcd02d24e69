/**
 * irq.h - waiting for an interrupt, or being signalled.
 */
#ifndef MNOS_IRQ_H
#define MNOS_IRQ_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/** What a device writes where to send a message-signalled interrupt; 0 for a pin's. */
struct mnos_interrupt_message {
    uint64_t address;
    uint32_t data;
};

/**
 * Returns when the interrupt of @p slot [READ] has fired since the last return: at once
 * when it did so in between (one pending bit, so several firings are one return).
 *
 * An edge-triggered line is never masked: a driver serves its device until the device
 * has nothing more to say, so that the line falls and the next cause is an edge again.
 * MN_ERROR_GONE when another thread waits on this interrupt already.
 */
MN_MUST_CHECK mn_status sys_wait_irq(uint64_t slot);

/** From now on the interrupt of @p slot [READ] signals by the Notification in
 *  @p notification [WRITE]: the bits of its badge, or bit 0. @p out_message is written on
 *  MN_OK. */
MN_MUST_CHECK mn_status sys_bind_interrupt(uint64_t slot, uint64_t notification,
                                           struct mnos_interrupt_message *out_message);

/** The device has been served: the bound interrupt of @p slot [READ], if it is a
 *  level-triggered line, may fire again. */
MN_MUST_CHECK mn_status sys_ack_interrupt(uint64_t slot);

#endif
