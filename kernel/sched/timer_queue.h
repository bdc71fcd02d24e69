/**
 * timer_queue.h - deadlines of the kernel's clock, each CPU's in order.
 *
 * The CPU's one-shot timer is armed to the earliest of its time slice's end, the end of the
 * budget that it runs on, and its first deadline; without any it does not tick. Lock: the kernel's.
 */
#ifndef SCHED_TIMER_QUEUE_H
#define SCHED_TIMER_QUEUE_H

#include "core/timer_event.h"

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
