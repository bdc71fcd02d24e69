/**
 * endpoint.c - see endpoint.h.
 */
#include "ipc/endpoint.h"

#include "debug/assert.h"
#include "mem/slab.h"
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

/** The message in the registers of a SEND goes to those of a RECV. */
static void transfer(const struct thread *sender, uint64_t badge,
                     struct thread *receiver)
{
    receiver->frame.rdi = sender->frame.rsi;
    receiver->frame.rsi = sender->frame.rdx;
    receiver->frame.rdx = sender->frame.r10;
    receiver->frame.r10 = badge;
}

mn_status endpoint_send(const struct slot *slot)
{
    struct endpoint *endpoint = slot->object;
    struct thread *self = thread_current();

    if (!list_is_empty(&endpoint->receivers)) {
        struct thread *receiver =
            container_of(endpoint->receivers.next, struct thread, queue);

        transfer(self, slot->value, receiver);
        thread_wake(receiver, MN_OK);
        return scheduler_return(MN_OK);
    }
    if (endpoint->readers == 0) {
        return MN_ERROR_NO_ENDPOINT;
    }
    self->badge = slot->value;
    thread_block(&endpoint->senders);
}

mn_status endpoint_receive(const struct slot *slot)
{
    struct endpoint *endpoint = slot->object;
    struct thread *self = thread_current();

    if (!list_is_empty(&endpoint->senders)) {
        struct thread *sender =
            container_of(endpoint->senders.next, struct thread, queue);

        transfer(sender, sender->badge, self);
        thread_wake(sender, MN_OK);
        return scheduler_return(MN_OK);
    }
    thread_block(&endpoint->receivers);
}

static void retain(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;

    endpoint->references++;
    if ((slot_rights(slot) & MN_RIGHT_READ) != 0) {
        endpoint->readers++;
    }
}

static void release(struct slot *slot)
{
    struct endpoint *endpoint = slot->object;

    endpoint->references--;
    if ((slot_rights(slot) & MN_RIGHT_READ) != 0) {
        endpoint->readers--;
        if (endpoint->readers == 0) {
            thread_wake_all(&endpoint->senders, MN_ERROR_NO_ENDPOINT);
            thread_wake_all(&endpoint->receivers, MN_ERROR_NO_ENDPOINT);
        }
    }
    if (endpoint->references == 0) {
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
    target->value = a;
    return MN_OK;
}

const struct object_ops endpoint_ops = {retain, release, describe, narrow};
