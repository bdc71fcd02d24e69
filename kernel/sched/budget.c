/**
 * budget.c - see budget.h.
 */
#include "sched/budget.h"

#include "arch/x86_64/lapic.h"
#include "arch/x86_64/timer.h"
#include "cap/account_cap.h"
#include "core/slab.h"
#include "core/vectors.h"
#include "sched/scheduler.h"
#include "sched/timer_queue.h"

/** How many threads are woken, or members moved, in one step. */
enum { STEP_WAKES = 8, STEP_MEMBERS = 16 };

struct budget_object {
    struct budget budget;
    struct timer_event event; /**< pending while somebody is put away */
};
_Static_assert(sizeof(struct budget_object) <= 512, "SLAB_512");

static void on_replenish(struct timer_event *event);

/** What those live on whose budget's account was closed. */
static struct budget_object gone = {
    .budget = {.time = {.period_ns = TIME_BUDGET_PERIOD_MIN_NS},
               .members = {&gone.budget.members, &gone.budget.members},
               .waiting = {&gone.budget.waiting, &gone.budget.waiting},
               .leaving = {&gone.budget.leaving, &gone.budget.leaving},
               .references = 1,
               .depth = BUDGET_DEPTH_NONE},
    .event = {.expired = on_replenish}};

uint32_t budget_count;

static struct timer_event *event_of(struct budget *budget)
{
    return &container_of(budget, struct budget_object, budget)->event;
}

mn_status budget_create(struct account *account, struct budget *parent,
                        uint64_t budget_ns, uint64_t period_ns,
                        struct budget **out_budget)
{
    struct budget_object *object = slab_take(account, SLAB_512);

    if (object == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    if (!budget_init(&object->budget, parent, budget_ns, period_ns, timer_now_ns())) {
        slab_give(object);
        return MN_ERROR_INVALID_ARGUMENT;
    }
    object->event.expired = on_replenish;
    object->budget.node.word = CAP_NODE_BUDGET;
    derivation_add_child(&account_cap_of(account)->anchor, &object->budget.node);
    budget_count++;
    *out_budget = &object->budget;
    return MN_OK;
}

void budget_pause(struct budget *payer)
{
    budget_meter_pay(&cpu_this()->meter, payer, timer_now_ns());
}

/** Has a CPU settle anew as soon as it can be interrupted. */
static void settle_soon(struct cpu *cpu)
{
    if (cpu == cpu_this()) {
        cpu->meter.end_ns = 0;
        timer_queue_arm();
    } else {
        lapic_send_ipi(cpu->lapic_id, VECTOR_IPI);
    }
}

/** A member has changed: all CPUs settle, this one when it leaves the kernel. */
static void all_settle_soon(void)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        settle_soon(cpu_table[i]);
    }
}

/** Has all who are put away looked at anew. */
static void stir(struct budget *budget)
{
    if (!budget_is_calm(budget)) {
        budget_stir(budget);
        timer_event_insert(event_of(budget), 0);
    }
}

/** Frees a budget that is unused, and then perhaps the one that it was taken out of. True: it
 *  is no more. */
static bool forget(struct budget *budget)
{
    struct budget *next = budget;

    while (next != NULL && budget_is_unused(next)) {
        struct budget *unused = next;

        if (!budget_is_calm(unused)) {
            /* Servers of callers that are gone. */
            stir(unused);
            return unused != budget;
        }
        timer_event_cancel(event_of(unused));
        for (uint32_t i = 0; i < cpu_count; i++) {
            if (budget_meter_forget(&cpu_table[i]->meter, unused)) {
                settle_soon(cpu_table[i]);
            }
        }
        derivation_remove(&unused->node);
        next = budget_part(unused);
        slab_give(unused);
        budget_count -= list_is_empty(&gone.budget.members);
    }
    return next != budget;
}

void budget_move(struct budget_member *member, struct budget *budget)
{
    struct budget *old = budget_join(member, budget);

    if (old != NULL) {
        (void)forget(old);
    }
}

void budget_set(struct budget_member *member, struct budget *budget)
{
    if (member->budget != NULL) {
        stir(member->budget);
    }
    budget_bind(member, budget);
    all_settle_soon();
}

bool budget_close(struct budget *budget)
{
    budget->references++;
    stir(budget);
    for (unsigned i = 0; i < STEP_MEMBERS && !list_is_empty(&budget->members); i++) {
        budget_move(container_of(budget->members.next, struct budget_member, link),
                    &gone.budget);
    }
    budget->references--;
    return forget(budget);
}

bool budget_settle(struct thread *thread)
{
    struct budget_meter *meter = &cpu_this()->meter;
    struct budget *payer = budget_payer(thread);
    struct budget *short_of;

    if (payer == meter->payer) {
        return true;
    }
    short_of = budget_meter_settle(meter, payer, *thread->budget,
                                   (thread->holds & THREAD_REAPS) != 0, timer_now_ns());
    if (short_of != NULL) {
        thread->state = THREAD_BLOCKED;
        thread->put_away = true;
        list_insert_before(&short_of->waiting, &thread->queue);
        if (!timer_event_is_pending(event_of(short_of))) {
            timer_event_insert(event_of(short_of),
                               time_budget_next_ns(&short_of->time));
        }
        /* Others that are to be put away are looked at too, and pay for that. */
        budget_pause(BUDGET_UNSETTLED);
        return false;
    }
    if (meter->payer == BUDGET_UNSETTLED) {
        /* On credit. The reply must not resume a caller by the fast path. */
        for (unsigned i = 0; thread->replies_to != NULL && i < BUDGET_CHAIN_MAX; i++) {
            thread = thread->replies_to;
            if (thread->fast_key != THREAD_FAST_KEY_PLAIN) {
                thread->fast_key = 0;
            }
        }
    }
    timer_queue_arm();
    return true;
}

/** Makes a thread ready that was put away. */
static void take_back(struct list_node *queue)
{
    struct thread *thread = container_of(queue, struct thread, queue);

    list_remove(&thread->queue);
    thread->put_away = false;
    scheduler_ready(thread);
}

/** Time has come, or somebody is to be looked at anew. The group pays for being woken. */
static void on_replenish(struct timer_event *event)
{
    struct budget *budget = &container_of(event, struct budget_object, event)->budget;
    struct list_node *next;

    budget_pause(budget);
    time_budget_refresh(&budget->time, cpu_this()->meter.paid_ns);
    next = budget_next(budget);
    for (unsigned i = 0; i < STEP_WAKES && next != NULL; i++) {
        take_back(next);
        next = budget_next(budget);
    }
    budget_pause(BUDGET_UNSETTLED);
    if (next != NULL) {
        timer_event_insert(event, 0);
    } else if (!list_is_empty(&budget->waiting)) {
        timer_event_insert(event, time_budget_next_ns(&budget->time));
    } else {
        (void)forget(budget);
    }
}

void budget_chain_changed(struct thread *thread)
{
    for (unsigned i = 0; i < BUDGET_CHAIN_MAX && thread->state == THREAD_CALLED; i++) {
        thread = thread->called;
    }
    if (thread->put_away) {
        take_back(&thread->queue);
    }
}

static void retain(struct slot *slot)
{
    ((struct budget *)slot->object)->references++;
}

static void release(struct slot *slot)
{
    struct budget *budget = slot->object;

    budget->references--;
    (void)forget(budget);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    struct budget *budget = slot->object;

    time_budget_refresh(&budget->time, timer_now_ns());
    info->a = budget->time.budget_ns;
    info->b = budget->time.period_ns;
    info->c = budget->time.left_ns > 0 ? (uint64_t)budget->time.left_ns : 0;
}

const struct object_ops budget_ops = {retain, release, describe, NULL, NULL};
