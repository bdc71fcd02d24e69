/**
 * account_close.c - see account_close.h.
 */
#include "process/account_close.h"

#include "arch/x86_64/timer.h"
#include "process/revoke.h"
#include "sched/timer_queue.h"

static struct list_node abandoned = {&abandoned, &abandoned};

/** Goes on with the account that has waited longest. The one that it ends may be the current
 *  thread's process. */
static void sweep(struct timer_event *event)
{
    struct list_node *first = list_pop_front(&abandoned);
    struct account_object *object;
    struct process *process;

    if (first == NULL) {
        return;
    }
    object = container_of(first, struct account_object, abandoned);
    object->references++; /* stays until the step is done */
    (void)revoke_step(&object->anchor, false, &process);
    list_insert_before(&abandoned, first);
    object->references--;
    account_idle(&object->account);
    timer_event_insert(event, timer_now_ns() + ACCOUNT_SWEEP_NS);
}

static struct timer_event sweep_event = {.expired = sweep};

static void abandon(struct account_object *object)
{
    object->closer = NULL;
    if (list_is_empty(&object->abandoned)) {
        list_insert_before(&abandoned, &object->abandoned);
    }
    if (!timer_event_is_pending(&sweep_event)) {
        timer_event_insert(&sweep_event, timer_now_ns() + ACCOUNT_SWEEP_NS);
    }
}

static void retain(struct slot *slot)
{
    struct account_object *object = slot->object;

    object->references++;
}

static void release(struct slot *slot)
{
    struct account_object *object = slot->object;

    object->references--;
    if (object->closer == slot && object->account.used_frames > 0) {
        abandon(object);
    }
    account_idle(&object->account);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    const struct account_object *object = slot->object;

    info->a = object->account.limit_frames;
    info->b = object->account.used_frames;
    info->c = object->account.id;
}

const struct object_ops account_ops = {retain, release, describe, NULL, NULL};
