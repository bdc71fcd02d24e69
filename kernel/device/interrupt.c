/**
 * interrupt.c - see interrupt.h.
 */
#include "device/interrupt.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/ioapic.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/vectors.h"
#include "cap/account_cap.h"
#include "core/assert.h"
#include "core/checked_math.h"
#include "mem/slab.h"
#include "sched/scheduler.h"

struct handler {
    struct list_node link;   /**< among the handlers of its line */
    struct list_node waiter; /**< the thread in WAIT_IRQ; at most one */
    uint32_t line;
    uint32_t references; /**< capabilities */
    bool pending;        /**< fired since the last WAIT_IRQ returned */
};

static struct list_node lines[VECTOR_IRQ_LINES];

void interrupt_init(void)
{
    for (uint32_t i = 0; i < VECTOR_IRQ_LINES; i++) {
        list_init(&lines[i]);
    }
}

/** Lets a level-triggered line through again if every handler of it waits, @p about_to
 *  (or NULL) counted as if it did. */
static void unmask_if_all_wait(uint32_t line, const struct handler *about_to)
{
    if (!ioapic_is_level(line)) {
        return;
    }
    for (struct list_node *at = lines[line].next; at != &lines[line]; at = at->next) {
        const struct handler *handler = container_of(at, struct handler, link);

        ASSERT(at != NULL);
        if (handler != about_to && list_is_empty(&handler->waiter)) {
            return;
        }
    }
    ioapic_unmask(line);
}

mn_status interrupt_wait(struct slot *slot, struct thread *self)
{
    struct handler *handler = slot->object;

    if (handler == NULL) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (!list_is_empty(&handler->waiter)) {
        return MN_ERROR_GONE;
    }
    if (handler->pending) {
        handler->pending = false;
        return MN_OK;
    }
    unmask_if_all_wait(handler->line, handler);
    self->via = slot;
    thread_block(&handler->waiter);
}

void interrupt_on_line(uint32_t line)
{
    if (line >= VECTOR_IRQ_LINES) {
        return;
    }
    if (ioapic_is_level(line)) {
        ioapic_mask(line);
    }
    for (struct list_node *at = lines[line].next; at != &lines[line]; at = at->next) {
        struct handler *handler = container_of(at, struct handler, link);
        struct list_node *first = handler->waiter.next;

        if (first == &handler->waiter) {
            handler->pending = true;
            continue;
        }
        list_remove(first);
        container_of(first, struct thread, queue)->frame.rax = MN_OK;
        scheduler_ready_first(container_of(first, struct thread, queue));
    }
}

static void retain(struct slot *slot)
{
    struct handler *handler = slot->object;

    if (handler != NULL) {
        handler->references++;
    }
}

static void release(struct slot *slot)
{
    struct handler *handler = slot->object;

    if (handler == NULL) {
        return;
    }
    thread_wake_via(&handler->waiter, slot);
    handler->references--;
    if (handler->references > 0) {
        return;
    }
    list_remove(&handler->link);
    if (list_is_empty(&lines[handler->line])) {
        ioapic_mask(handler->line);
    } else {
        unmask_if_all_wait(handler->line, NULL);
    }
    slab_give(handler);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    info->a = SLOT_FIRST(slot->value);
    info->b = SLOT_COUNT(slot->value);
}

/** Makes the handler of one line, which may fire from now on if it is edge-triggered. */
static struct handler *handler_create(struct account *account, uint32_t line)
{
    struct handler *handler = slab_take(account, SLAB_64);

    if (handler == NULL) {
        return NULL;
    }
    handler->line = line;
    list_init(&handler->waiter);
    if (list_is_empty(&lines[line])) {
        ioapic_route(line, cpu_table[0]->lapic_id);
        if (!ioapic_is_level(line)) {
            ioapic_unmask(line);
        }
    }
    list_insert_before(&lines[line], &handler->link);
    return handler;
}

static mn_status narrow(const struct slot *source, uint64_t a, uint64_t b,
                        struct account *account, struct slot *target)
{
    uint64_t first = SLOT_FIRST(source->value);
    uint64_t count = SLOT_COUNT(source->value);

    if (a < first || b == 0 || !range_fits(a - first, b, count)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    target->value = SLOT_RANGE(a, b);
    if (b > 1 || source->object != NULL) {
        return MN_OK;
    }
    if (!ioapic_has_line((uint32_t)a)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    /* Handlers outlive whoever narrowed the range: the machine's account pays. */
    (void)account;
    target->object = handler_create(&root_account.account, (uint32_t)a);
    return target->object == NULL ? MN_ERROR_NO_MEMORY : MN_OK;
}

const struct object_ops interrupt_ops = {retain, release, describe, narrow};
