/**
 * irq.h - waiting for an interrupt.
 */
#ifndef MNOS_IRQ_H
#define MNOS_IRQ_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/**
 * Returns when the interrupt of @p slot [READ] has fired since the last return: at once
 * when it did so in between (one pending bit, so several firings are one return).
 *
 * An edge-triggered line is never masked: a driver serves its device until the device
 * has nothing more to say, so that the line falls and the next cause is an edge again.
 * MN_ERROR_GONE when another thread waits on this interrupt already.
 */
MN_MUST_CHECK mn_status sys_wait_irq(uint64_t slot);

#endif
