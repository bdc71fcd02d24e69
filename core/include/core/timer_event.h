/**
 * timer_event.h - what happens at a time: an element of a CPU's queue of deadlines.
 */
#ifndef CORE_TIMER_EVENT_H
#define CORE_TIMER_EVENT_H

#include "core/leftist_heap.h"

struct cpu;

/** Embedded in what waits for a time; all zero: not pending. */
struct timer_event {
    struct leftist_node node; /**< its key is the deadline, ns */
    struct cpu *cpu;          /**< while it is pending: in whose queue */
    /** Called once the deadline is past, under the lock, interrupts off, the event not
     *  pending any more. It may insert events and make threads ready; it may free the
     *  event; it must not block. */
    void (*expired)(struct timer_event *event);
};

static inline bool timer_event_is_pending(const struct timer_event *event)
{
    return leftist_node_is_in_heap(&event->node);
}

#endif
