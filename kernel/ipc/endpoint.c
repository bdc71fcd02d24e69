/**
 * endpoint.c - see endpoint.h.
 */
#include "ipc/endpoint.h"

#include "abi/ipc_message.h"
#include "arch/x86_64/kernel_lock.h"
#include "core/assert.h"
#include "core/fault_message.h"
#include "core/slab.h"
#include "ipc/badge_watch.h"
#include "ipc/message.h"
#include "ipc/notification.h"
#include "sched/budget.h"
#include "sched/scheduler.h"
#include "sched/thread.h"

struct endpoint *endpoint_create(struct account *account)
{
    struct endpoint *endpoint = slab_take(account, SLAB_64);

    if (endpoint != NULL) {
        list_init(&endpoint->senders);
        list_init(&endpoint->receivers);
    }
    return endpoint;
}

void endpoint_destroy(struct endpoint *endpoint)
{
    ASSERT(endpoint->references == 0);
    slab_give(endpoint);
}

void endpoint_hold_far(const struct endpoint *endpoint)
{
    if (endpoint->fast_key != 0) {
        kernel_quiesce(cpu_table[endpoint->fast_key - 1]);
    }
}

/** The current thread is about to wait among the senders. The home is held. */
static struct list_node *join_senders(struct endpoint *endpoint)
{
    endpoint->fast_key = 0;
    return &endpoint->senders;
}

/** The current thread is about to wait among the receivers. Its CPU becomes the home if nobody
 *  waits there; the home of before is held. */
static struct list_node *join_receivers(struct endpoint *endpoint)
{
    if (list_is_empty(&endpoint->receivers)) {
        uint64_t key = cpu_this()->fast_key;

        endpoint->fast_key = key == CPU_FAST_KEY_NONE ? 0 : key;
    }
    return &endpoint->receivers;
}

static struct thread *first_of(struct list_node *queue)
{
    return container_of(queue->next, struct thread, queue);
}

/** A message in the registers of SEND goes to those of the receiver's call. */
static void transfer_sent(const struct thread *sender, struct thread *receiver)
{
    if (receiver->ipc == THREAD_RECEIVES) {
        message_send_to_recv(&sender->frame, sender->badge, &receiver->frame);
    } else {
        message_from_send(&sender->frame, sender->badge, &receiver->frame);
    }
}

/** A message in the registers of CALL goes to those of the receiver. */
static void transfer_call(struct thread *caller, struct thread *receiver)
{
    if (receiver->ipc == THREAD_RECEIVES) {
        message_call_to_recv(&caller->frame, caller->badge, &receiver->frame);
    } else {
        message_transfer(caller, receiver);
        receiver->frame.rdi = caller->badge;
    }
}

/** The fault of a thread goes to the registers of the receiver. */
static void transfer_fault(const struct thread *thread, struct thread *receiver)
{
    const struct fault_message message = {
        .registers = &thread->frame,
        .address = thread->fault.address,
        .badge = thread->badge,
        .thread = thread->id,
        .pid = thread->fault.pid,
    };

    if (receiver->ipc == THREAD_RECEIVES) {
        fault_message_to_recv(&message, &receiver->frame);
    } else {
        fault_message_fill(&message, &receiver->frame);
    }
}

/** Does with the faulted thread, which stands still, what the reply says: it is held no longer
 *  if it may go on. */
static void answer_fault(const struct trap_frame *reply, struct thread *thread)
{
    if (fault_message_answer(reply, &thread->frame)) {
        thread->holds &= ~(uint32_t)THREAD_FAULTED;
        if (thread->holds == 0) {
            thread->continuation = NULL;
        }
    }
}

/** From now on @p receiver owes @p caller a reply. */
static void owe(struct thread *receiver, struct thread *caller)
{
    thread_cut_reply(receiver);
    receiver->replies_to = caller;
    caller->called = receiver;
}

mn_status endpoint_send(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;
    struct thread *self = thread_current();

    endpoint_hold(endpoint);
    self->ipc = THREAD_SENDS;
    self->badge = slot->value;
    self->via = slot;
    if (!list_is_empty(&endpoint->receivers)) {
        struct thread *receiver = first_of(&endpoint->receivers);

        transfer_sent(self, receiver);
        thread_wake(receiver, MN_OK);
        capability_used(slot);
        return scheduler_return(MN_OK);
    }
    if (endpoint->readers == 0) {
        return MN_ERROR_NO_ENDPOINT;
    }
    thread_block(join_senders(endpoint));
}

/** Gives the wait that begins the deadline that the message's sender asks for, if any. */
static void set_deadline(const struct thread *self)
{
    if ((self->frame.rsi & MN_MESSAGE_DEADLINE) != 0) {
        thread_set_deadline(self->frame.r15);
    }
}

/** CALL; by a capability that may be one-shot, or not. */
__attribute__((always_inline)) static inline mn_status call(struct slot *slot, bool any)
{
    struct endpoint *endpoint = slot->object;
    struct thread *self = thread_current();

    endpoint_hold(endpoint);
    self->ipc = THREAD_CALLS;
    self->badge = slot->value;
    self->via = slot;
    if (!list_is_empty(&endpoint->receivers)) {
        struct thread *receiver = first_of(&endpoint->receivers);

        list_remove(&receiver->queue);
        transfer_call(self, receiver);
        owe(receiver, self);
        receiver->frame.rax = MN_OK;
        if (any) {
            receiver->fast_key = 0; /* it waits no more, whatever is signalled now */
            capability_used(slot);
        }
        set_deadline(self);
        thread_set_fast_key(self);
        thread_block_clobbered(NULL, receiver);
    }
    if (endpoint->readers == 0) {
        return MN_ERROR_NO_ENDPOINT;
    }
    if ((self->frame.rsi & MN_MESSAGE_NO_WAIT) != 0) {
        return MN_ERROR_WOULD_BLOCK;
    }
    set_deadline(self);
    thread_block_clobbered(join_senders(endpoint), NULL);
}

mn_status endpoint_call(struct slot *slot)
{
    return call(slot, false);
}

mn_status endpoint_call_any(struct slot *slot)
{
    return call(slot, true);
}

bool endpoint_fault(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;
    struct thread *self = thread_current();
    struct thread *receiver;

    endpoint_hold(endpoint);
    self->ipc = THREAD_FAULTS;
    self->badge = slot->value;
    self->via = slot;
    if (list_is_empty(&endpoint->receivers)) {
        if (endpoint->readers == 0) {
            return false;
        }
        thread_block(join_senders(endpoint));
    }
    receiver = first_of(&endpoint->receivers);
    list_remove(&receiver->queue);
    transfer_fault(self, receiver);
    owe(receiver, self);
    self->state = THREAD_CALLED;
    receiver->fast_key = 0;
    receiver->frame.rax = MN_OK;
    scheduler_switch_to(receiver);
}

/** Takes the message of the first sender; a caller among them goes on waiting. */
static void take_message(struct endpoint *endpoint, struct thread *self)
{
    struct thread *sender = first_of(&endpoint->senders);

    if (sender->ipc == THREAD_SENDS) {
        transfer_sent(sender, self);
        thread_wake(sender, MN_OK);
    } else {
        list_remove(&sender->queue);
        if (sender->ipc == THREAD_CALLS) {
            transfer_call(sender, self);
            thread_set_fast_key(sender);
        } else {
            transfer_fault(sender, self);
        }
        owe(self, sender);
        sender->state = THREAD_CALLED;
    }
    capability_used(sender->via);
}

/** Ends a call in which a message of up to eight words came, of which 5 to 7 are in registers
 *  that a handler which returns leaves as they are, or after which another one pays for the
 *  thread's time. */
static _Noreturn void return_status(struct thread *self, mn_status status)
{
    self->frame.rax = status;
    scheduler_leave(false);
}

mn_status endpoint_receive(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;
    struct thread *self = thread_current();

    endpoint_hold(endpoint);
    budget_end_estate(self);
    self->ipc = THREAD_RECEIVES;
    self->via = slot;
    if (!list_is_empty(&endpoint->senders)) {
        take_message(endpoint, self);
        if (self->replies_to != NULL) {
            return_status(self, MN_OK);
        }
        return scheduler_return(MN_OK);
    }
    thread_block(join_receivers(endpoint));
}

/** Gives the caller that is owed one, if any, the message in the current thread's registers;
 *  that caller, which is still to be woken. */
static struct thread *reply(struct thread *self)
{
    struct thread *caller = self->replies_to;

    if (caller == NULL) {
        return NULL;
    }
    caller->called = NULL;
    self->replies_to = NULL;
    if ((caller->holds & THREAD_FAULTED) != 0) {
        answer_fault(&self->frame, caller);
    } else {
        message_transfer(self, caller);
        caller->frame.rdi = 0;
        caller->frame.rax = MN_OK;
    }
    return caller;
}

mn_status endpoint_reply_receive(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;
    struct thread *self = thread_current();
    struct thread *caller = reply(self);
    /* Unless the reply moved the capability away. */
    bool receives = slot->object == endpoint;
    uint64_t signals = receives ? notification_take_bound(self) : 0;

    endpoint_hold(endpoint);
    budget_end_estate(self);
    self->ipc = THREAD_REPLY_RECEIVES;
    self->via = slot;
    if (receives && signals == 0 && list_is_empty(&endpoint->senders) &&
        (self->frame.rsi & MN_MESSAGE_NO_WAIT) == 0) {
        set_deadline(self);
        thread_set_fast_key(self);
        thread_block_clobbered(join_receivers(endpoint), caller);
    }
    if (caller != NULL) {
        thread_wake_first(caller, caller->frame.rax);
    }
    if (!receives) {
        return_status(self, MN_ERROR_INVALID_SLOT);
    }
    if (signals != 0) {
        message_signals(&self->frame, signals);
        return_status(self, MN_OK);
    }
    if (!list_is_empty(&endpoint->senders)) {
        take_message(endpoint, self);
        return_status(self, MN_OK);
    }
    return_status(self, MN_ERROR_WOULD_BLOCK);
}

static void retain(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;

    endpoint->references++;
    if ((slot_rights(slot) & MN_RIGHT_READ) != 0) {
        endpoint->readers++;
    }
    if (slot->value != 0) {
        badge_watch_retain(endpoint, slot->value);
    }
}

static void release(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;

    /* Any CPU may have read the slot, and be about to look at the endpoint. */
    kernel_quiesce_all();
    endpoint->references--;
    if ((slot_rights(slot) & MN_RIGHT_READ) != 0) {
        endpoint->readers--;
        if (endpoint->readers == 0) {
            thread_wake_all(&endpoint->senders, MN_ERROR_NO_ENDPOINT);
            thread_wake_all(&endpoint->receivers, MN_ERROR_NO_ENDPOINT);
        }
    }
    thread_wake_via(&endpoint->senders, slot);
    thread_wake_via(&endpoint->receivers, slot);
    if (slot->value != 0) {
        badge_watch_release(endpoint, slot->value);
    }
    if (endpoint->references == 0) {
        badge_watch_destroy(endpoint);
        slab_give(endpoint);
    }
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    info->a = slot->value;
}

static mn_status narrow(const struct slot *source, uint64_t a, uint64_t b,
                        struct account *account, struct slot *target)
{
    (void)account;
    if (source->value != 0 || b != 0) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (!badge_watch_prepare(source->object, a)) {
        return MN_ERROR_NO_MEMORY;
    }
    target->value = a;
    return MN_OK;
}

static bool shrink(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;

    return endpoint->references == 1 && badge_watch_shrink(endpoint);
}

const struct object_ops endpoint_ops = {retain, release, describe, narrow, shrink};
