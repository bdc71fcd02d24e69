/**
 * notification.c - see notification.h.
 */
#include "ipc/notification.h"

#include "abi/ipc_message.h"
#include "abi/syscall.h"
#include "arch/x86_64/kernel_lock.h"
#include "arch/x86_64/timer.h"
#include "core/slab.h"
#include "ipc/endpoint.h"
#include "ipc/message.h"
#include "sched/scheduler.h"

static void on_timer(struct timer_event *event)
{
    struct notification *notification = container_of(event, struct notification, timer);

    notification_signal(notification, notification->timer_bits);
}

struct notification *notification_create(struct account *account)
{
    struct notification *notification = slab_take(account, SLAB_192);

    if (notification != NULL) {
        list_init(&notification->waiters);
        notification->timer.expired = on_timer;
        list_init(&notification->sources);
    }
    return notification;
}

/** Gives a thread that is blocked in REPLY_RECV signals instead of a message. */
static void deliver_bound(struct thread *thread, uint64_t bits)
{
    message_signals(&thread->frame, bits);
    thread_wake_first(thread, MN_OK);
}

/** Does the thread wait in REPLY_RECV? Then neither its CPU nor the endpoint's home changes
 *  that. */
static bool waits_for_message(const struct thread *thread)
{
    kernel_quiesce(cpu_table[thread->cpu]);
    if (thread->state != THREAD_BLOCKED || thread->fast_key == 0 ||
        thread->ipc != THREAD_REPLY_RECEIVES) {
        return false;
    }
    endpoint_hold(thread->via->object);
    return true;
}

void notification_signal(struct notification *notification, uint64_t bits)
{
    struct thread *bound = notification->bound;

    if (bits == 0) {
        return;
    }
    if (!list_is_empty(&notification->waiters)) {
        struct thread *waiter =
            container_of(notification->waiters.next, struct thread, queue);

        waiter->frame.rdi = bits;
        thread_wake_first(waiter, MN_OK);
    } else if (bound != NULL && waits_for_message(bound)) {
        deliver_bound(bound, bits);
    } else {
        notification->bits |= bits;
    }
}

uint64_t notification_signal_direct(struct notification *notification, uint64_t bits)
{
    struct list_node *first = notification->waiters.next;

    if (first != &notification->waiters && bits != 0) {
        struct thread *waiter = container_of(first, struct thread, queue);

        waiter->frame.rdi = bits;
        waiter->frame.rax = MN_OK;
        waiter->fast_key = 0;
        list_unlink(first);
        return scheduler_wake_direct(waiter);
    }
    if (notification->bound == NULL) {
        notification->bits |= bits;
        return MN_OK;
    }
    notification_signal(notification, bits);
    return scheduler_prefer(MN_OK);
}

void notification_set_timer(struct notification *notification, uint64_t deadline_ns,
                            uint64_t bits)
{
    timer_event_cancel(&notification->timer);
    if (deadline_ns == 0) {
        return;
    }
    if (deadline_ns <= timer_now_ns()) {
        notification_signal(notification, bits);
        return;
    }
    notification->timer_bits = bits;
    timer_event_insert(&notification->timer, deadline_ns);
}

uint64_t notification_wait(struct slot *slot, uint64_t flags, uint64_t deadline_ns)
{
    struct notification *notification = slot->object;
    struct thread *self = thread_current();

    if (notification->bits != 0) {
        self->frame.rdi = notification->bits;
        notification->bits = 0;
        return MN_OK;
    }
    self->via = slot;
    if (flags != 0) {
        if ((flags & MN_WAIT_SIGNAL_POLL) != 0) {
            return MN_ERROR_WOULD_BLOCK;
        }
        self->ipc = THREAD_WAITS;
        thread_set_deadline(deadline_ns);
    }
    return thread_block_direct(&notification->waiters);
}

mn_status notification_bind(struct notification *notification, struct thread *thread)
{
    if (notification->bound != NULL || thread->bound != NULL) {
        return MN_ERROR_GONE;
    }
    notification->bound = thread;
    thread->bound = notification;
    return MN_OK;
}

uint64_t notification_take_bound(struct thread *thread)
{
    uint64_t bits = 0;

    if (thread->bound != NULL) {
        bits = thread->bound->bits;
        thread->bound->bits = 0;
    }
    return bits;
}

void notification_unbind(struct thread *thread)
{
    if (thread->bound != NULL) {
        thread->bound->bound = NULL;
        thread->bound = NULL;
    }
}

void notification_attach(struct notification_source *source, struct slot *slot)
{
    struct notification *notification = slot->object;

    source->via = slot;
    list_insert_before(&notification->sources, &source->link);
}

void notification_detach(struct notification_source *source)
{
    if (source->via != NULL) {
        source->via = NULL;
        list_remove(&source->link);
    }
}

void notification_fire(const struct notification_source *source)
{
    const struct slot *via = source->via;

    if (via != NULL) {
        notification_signal(via->object, via->value != 0 ? via->value : 1);
    }
}

/** Detaches the sources that signal by a capability, which is going away. */
static void detach_via(struct notification *notification, const struct slot *via)
{
    struct list_node *node = notification->sources.next;

    while (node != &notification->sources) {
        struct notification_source *source =
            container_of(node, struct notification_source, link);

        node = node->next;
        if (source->via == via) {
            notification_detach(source);
        }
    }
}

static void retain(struct slot *slot)
{
    struct notification *notification = slot->object;

    notification->references++;
}

static void release(struct slot *slot)
{
    struct notification *notification = slot->object;

    thread_wake_via(&notification->waiters, slot);
    detach_via(notification, slot);
    notification->references--;
    if (notification->references == 0) {
        timer_event_cancel(&notification->timer);
        if (notification->bound != NULL) {
            notification_unbind(notification->bound);
        }
        slab_give(notification);
    }
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    const struct notification *notification = slot->object;

    info->a = slot->value;
    info->b = notification->bits;
}

static mn_status narrow(const struct slot *source, uint64_t a, uint64_t b,
                        struct account *account, struct slot *target)
{
    (void)account;
    if (source->value != 0 || b != 0) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    target->value = a;
    return MN_OK;
}

const struct object_ops notification_ops = {retain, release, describe, narrow, NULL};
