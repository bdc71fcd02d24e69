/**
 * timer_queue.h - deadlines of the kernel's clock, each CPU's in order.
 *
 * The CPU's one-shot timer is armed to the earliest of its time slice's end, the end of the
 * budget that it runs on, and its first deadline; without any it does not tick. Lock: the kernel's.
 */
#ifndef SCHED_TIMER_QUEUE_H
#define SCHED_TIMER_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/leftist_heap.h"

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

/** Has @p event expire on this CPU once timer_now_ns() is at least @p deadline_ns: at the
 *  next interrupt if that is past, never if it is UINT64_MAX. One that is pending is
 *  cancelled first. The event is borrowed until it expires or is cancelled. */
void timer_event_insert(struct timer_event *event, uint64_t deadline_ns);

/** Ends the wait of @p event, if it is pending. */
void timer_event_cancel(struct timer_event *event);

/** Sees to it that this CPU's timer comes in time for its slice and its first deadline. */
void timer_queue_arm(void);

/** This CPU's timer has interrupted: lets a bounded number of events expire; the timer comes
 *  again at once for more. True: the time slice is over. */
bool timer_queue_interrupt(void);

#endif
