/**
 * timer_queue.c - see timer_queue.h.
 */
#include "sched/timer_queue.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/timer.h"
#include "core/list.h"

/** How many events expire before interrupts get a moment. */
enum { EXPIRATIONS_MAX = 16 };

void timer_event_insert(struct timer_event *event, uint64_t deadline_ns)
{
    timer_event_cancel(event);
    event->cpu = cpu_this();
    leftist_heap_insert(&event->cpu->timers, &event->node, deadline_ns);
    timer_queue_arm();
}

void timer_event_cancel(struct timer_event *event)
{
    if (timer_event_is_pending(event)) {
        /* The timer of that CPU may come in vain. */
        leftist_heap_remove(&event->cpu->timers, &event->node);
    }
}

void timer_queue_arm(void)
{
    struct cpu *cpu = cpu_this();
    const struct leftist_node *first = leftist_heap_first(&cpu->timers);
    uint64_t deadline_ns = first != NULL ? first->key : UINT64_MAX;

    if (cpu->slice_end_ns != 0 && cpu->slice_end_ns < deadline_ns) {
        deadline_ns = cpu->slice_end_ns;
    }
    if (cpu->meter.end_ns < deadline_ns) {
        deadline_ns = cpu->meter.end_ns;
    }
    if (deadline_ns < cpu->armed_ns) {
        cpu->armed_ns = deadline_ns;
        timer_arm(deadline_ns);
    }
}

bool timer_queue_interrupt(void)
{
    struct cpu *cpu = cpu_this();
    uint64_t now_ns = timer_now_ns();
    bool slice_over = cpu->slice_end_ns != 0 && cpu->slice_end_ns <= now_ns;

    cpu->armed_ns = UINT64_MAX;
    if (slice_over) {
        cpu->slice_end_ns = 0;
    }
    if (cpu->meter.payer != NULL || cpu->meter.end_ns <= now_ns) {
        /* What expires now is nobody's fault; and perhaps the payer's time is used up. */
        budget_meter_pay(&cpu->meter, BUDGET_UNSETTLED, now_ns);
    }
    for (unsigned i = 0; i < EXPIRATIONS_MAX; i++) {
        struct leftist_node *first = leftist_heap_first(&cpu->timers);
        struct timer_event *event;

        if (first == NULL || first->key > now_ns) {
            break;
        }
        event = container_of(first, struct timer_event, node);
        leftist_heap_remove(&cpu->timers, first);
        event->expired(event);
    }
    timer_queue_arm();
    return slice_over;
}
