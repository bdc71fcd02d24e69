/**
 * budget.c - see budget.h.
 */
#include "sched/budget.h"

#include "arch/x86_64/lapic.h"
#include "arch/x86_64/timer.h"
#include "arch/x86_64/vectors.h"
#include "cap/account_cap.h"
#include "core/slab.h"
#include "sched/scheduler.h"

/** How many threads are woken, or members moved, in one step. */
enum { STEP_WAKES = 8, STEP_MEMBERS = 16 };

/** How often a budget may be taken out of one that was taken out of one ... */
enum { DEPTH_MAX = 8 };

/** How long a server goes on for a caller without time before somebody looks again. */
#define OVERDRAFT_NS 100000ull

#define STATIC_BUDGET(name)                                                           \
    {                                                                                 \
        .time = {.period_ns = TIME_BUDGET_PERIOD_MIN_NS},                             \
        .members = {&(name).members, &(name).members},                                \
        .waiting = {&(name).waiting, &(name).waiting},                                \
        .leaving = {&(name).leaving, &(name).leaving}, .event.expired = on_replenish, \
        .references = 1                                                               \
    }

static void on_replenish(struct timer_event *event);

struct budget budget_gone = STATIC_BUDGET(budget_gone);
struct budget budget_unsettled = STATIC_BUDGET(budget_unsettled);
uint32_t budget_count;

mn_status budget_create(struct account *account, struct budget *parent,
                        uint64_t budget_ns, uint64_t period_ns,
                        struct budget **out_budget)
{
    uint64_t taken_ns = 0;
    struct budget *budget;

    if (!time_budget_is_valid(budget_ns, period_ns) ||
        (parent != NULL && parent->depth == DEPTH_MAX)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    budget = slab_take(account, SLAB_512);
    if (budget == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    if (parent != NULL) {
        taken_ns = time_budget_take(&parent->time, budget_ns, period_ns);
        if (taken_ns == UINT64_MAX) {
            slab_give(budget);
            return MN_ERROR_INVALID_ARGUMENT;
        }
    }
    time_budget_init(&budget->time, budget_ns, period_ns, timer_now_ns());
    list_init(&budget->members);
    list_init(&budget->waiting);
    list_init(&budget->leaving);
    list_init(&budget->parent.link);
    budget->event.expired = on_replenish;
    budget->taken_ns = taken_ns;
    budget->node.word = CAP_NODE_BUDGET;
    budget->depth = parent != NULL ? parent->depth + 1 : 0;
    budget_bind(&budget->parent, parent);
    derivation_add_child(&account_cap_of(account)->anchor, &budget->node);
    budget_count++;
    *out_budget = budget;
    return MN_OK;
}

/** Charges what was used since the CPU settled last; from now on @p payer is to be charged. */
static void pay(struct cpu *cpu, struct budget *payer, uint64_t now_ns)
{
    uint64_t used_ns = now_ns > cpu->paid_ns ? now_ns - cpu->paid_ns : 0;

    for (unsigned i = 0; i < 2; i++) {
        if (cpu->charged[i] != NULL) {
            time_budget_charge(&cpu->charged[i]->time, used_ns);
        }
        cpu->charged[i] = NULL;
    }
    cpu->payer = payer;
    cpu->charged[0] = payer;
    cpu->paid_ns = now_ns;
    cpu->budget_end_ns = UINT64_MAX;
}

/** Has a CPU settle anew as soon as it can be interrupted. */
static void settle_soon(struct cpu *cpu)
{
    if (cpu == cpu_this()) {
        cpu->budget_end_ns = 0;
        timer_queue_arm();
    } else {
        lapic_send_ipi(cpu->lapic_id, VECTOR_IPI);
    }
}

void budget_changed(void)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        settle_soon(cpu_table[i]);
    }
}

/** No CPU runs on @p budget any more. */
static void leave_cpus(const struct budget *budget)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        struct cpu *cpu = cpu_table[i];

        if (cpu->charged[0] == budget || cpu->charged[1] == budget) {
            cpu->payer = &budget_unsettled;
            cpu->charged[0] = NULL;
            cpu->charged[1] = NULL;
            settle_soon(cpu);
        }
    }
}

/** Frees a budget that nothing is left of, and then perhaps the one that it was taken out of.
 *  False: there is something. */
static bool forget(struct budget *budget)
{
    bool freed = false;

    while (budget->references == 0 && list_is_empty(&budget->members)) {
        struct budget *parent = budget->parent.budget;

        if (!list_is_empty(&budget->waiting) || !list_is_empty(&budget->leaving)) {
            /* Servers of callers that are gone. */
            list_append(&budget->leaving, &budget->waiting);
            timer_event_insert(&budget->event, 0);
            return false;
        }
        timer_event_cancel(&budget->event);
        leave_cpus(budget);
        list_remove(&budget->parent.link);
        derivation_remove(&budget->node);
        if (parent != NULL && parent != &budget_gone) {
            time_budget_give(&parent->time, budget->taken_ns);
        }
        slab_give(budget);
        budget_count -= list_is_empty(&budget_gone.members);
        freed = true;
        if (parent == NULL) {
            break;
        }
        budget = parent;
    }
    return freed;
}

void budget_move(struct budget_member *member, struct budget *budget)
{
    struct budget *old = member->budget;

    list_remove(&member->link);
    member->budget = budget;
    if (budget != NULL) {
        list_insert_before(&budget->members, &member->link);
    }
    if (old == NULL) {
        return;
    }
    if (!list_is_empty(&old->waiting)) {
        /* Who of them is a member of another one now? */
        list_append(&old->leaving, &old->waiting);
        timer_event_insert(&old->event, 0);
    }
    (void)forget(old);
}

bool budget_close(struct budget *budget)
{
    budget->references++;
    for (unsigned i = 0; i < STEP_MEMBERS && !list_is_empty(&budget->members); i++) {
        budget_bind(container_of(budget->members.next, struct budget_member, link),
                    &budget_gone);
    }
    budget->references--;
    return forget(budget);
}

/** Puts a thread away, which is on no queue, until @p budget has time. */
static bool put_away(struct cpu *cpu, struct thread *thread, struct budget *budget)
{
    thread->state = THREAD_BLOCKED;
    thread->put_away = true;
    list_insert_before(&budget->waiting, &thread->queue);
    if (!timer_event_is_pending(&budget->event)) {
        timer_event_insert(&budget->event, time_budget_next_ns(&budget->time));
    }
    /* Others that are to be put away are looked at too, and pay for that. */
    pay(cpu, &budget_unsettled, timer_now_ns());
    return false;
}

/** May @p thread go on though its payer has no time? Then this CPU settles again soon, and at
 *  the next switch: the callers of such a thread are not resumed by the fast path. */
static bool goes_on(struct cpu *cpu, struct thread *thread, uint64_t now_ns)
{
    struct budget *own = *thread->budget;
    uint64_t left_ns = OVERDRAFT_NS;

    if (thread->continuation == NULL && own != NULL) {
        time_budget_refresh(&own->time, now_ns);
        if (own->time.left_ns <= 0) {
            return false;
        }
        cpu->charged[1] = own;
        left_ns = left_ns < (uint64_t)own->time.left_ns ? left_ns
                                                        : (uint64_t)own->time.left_ns;
    }
    cpu->payer = &budget_unsettled;
    cpu->budget_end_ns = now_ns + left_ns;
    for (unsigned i = 0; thread->replies_to != NULL && i < BUDGET_CHAIN_MAX; i++) {
        thread = thread->replies_to;
        if (thread->fast_key != THREAD_FAST_KEY_PLAIN) {
            thread->fast_key = 0;
        }
    }
    return true;
}

bool budget_settle(struct thread *thread)
{
    struct cpu *cpu = cpu_this();
    struct budget *payer = budget_payer(thread);
    struct budget *own = *thread->budget;
    uint64_t now_ns;

    if (payer == cpu->payer) {
        return true;
    }
    now_ns = timer_now_ns();
    pay(cpu, payer, now_ns);
    if (payer == NULL) {
        return true;
    }
    time_budget_refresh(&payer->time, now_ns);
    if (payer->time.left_ns > 0) {
        cpu->budget_end_ns = now_ns + (uint64_t)payer->time.left_ns;
    } else if (!goes_on(cpu, thread, now_ns)) {
        if (time_budget_next_ns(&own->time) < time_budget_next_ns(&payer->time)) {
            payer = own;
        }
        return put_away(cpu, thread, payer);
    }
    timer_queue_arm();
    return true;
}

void budget_settle_idle(void)
{
    pay(cpu_this(), NULL, timer_now_ns());
}

void budget_interrupt(uint64_t now_ns)
{
    struct cpu *cpu = cpu_this();

    if (cpu->budget_end_ns <= now_ns) {
        pay(cpu, &budget_unsettled, now_ns);
    }
}

/** Makes a thread ready that was put away. */
static void take_back(struct list_node *queue)
{
    struct thread *thread = container_of(queue, struct thread, queue);

    list_remove(&thread->queue);
    thread->put_away = false;
    scheduler_ready(thread);
}

/** The next one that may run again; NULL: none. */
static struct list_node *next_to_take_back(struct budget *budget)
{
    if (!list_is_empty(&budget->leaving)) {
        return budget->leaving.next;
    }
    return budget->time.left_ns > 0 && !list_is_empty(&budget->waiting)
               ? budget->waiting.next
               : NULL;
}

/** Time has come, or somebody is to be looked at anew. The group pays for being woken. */
static void on_replenish(struct timer_event *event)
{
    struct budget *budget = container_of(event, struct budget, event);
    struct cpu *cpu = cpu_this();
    uint64_t now_ns = timer_now_ns();
    struct list_node *next;

    pay(cpu, budget, now_ns);
    time_budget_refresh(&budget->time, now_ns);
    next = next_to_take_back(budget);
    for (unsigned i = 0; i < STEP_WAKES && next != NULL; i++) {
        take_back(next);
        next = next_to_take_back(budget);
    }
    pay(cpu, &budget_unsettled, timer_now_ns());
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
