/**
 * interrupt.c - see interrupt.h.
 */
#include "device/interrupt.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/ioapic.h"
#include "arch/x86_64/lapic.h"
#include "cap/account_cap.h"
#include "core/assert.h"
#include "core/range.h"
#include "core/slab.h"
#include "core/vectors.h"
#include "ipc/notification.h"
#include "sched/scheduler.h"

struct handler {
    struct list_node link;   /**< among the handlers of its line */
    struct list_node waiter; /**< the thread in WAIT_IRQ; at most one */
    uint32_t line;
    uint32_t references; /**< capabilities */
    bool pending; /**< fired since the last WAIT_IRQ returned, or ACK_INTERRUPT */
    struct notification_source source; /**< attached: BIND_INTERRUPT; nobody waits */
};
_Static_assert(sizeof(struct handler) <= 80, "SLAB_80");

/** Where devices write the data of their messages (SDM vol. 3, 10.11.1); the APIC ID of the
 *  CPU goes to bits 12 to 19. */
#define MESSAGE_ADDRESS 0xfee00000u

static struct list_node lines[VECTOR_IRQ_LINES];

void interrupt_init(void)
{
    for (uint32_t i = 0; i < VECTOR_IRQ_LINES; i++) {
        list_init(&lines[i]);
    }
}

/** Lines without an input of an I/O APIC are vectors for messages, which are edges. */
static bool is_message(uint32_t line)
{
    return line >= ioapic_line_count();
}

static bool is_level(uint32_t line)
{
    return !is_message(line) && ioapic_is_level(line);
}

/** Has the handler dealt with all that came? */
static bool is_ready(const struct handler *handler)
{
    return handler->source.via != NULL ? !handler->pending
                                       : !list_is_empty(&handler->waiter);
}

/** Lets a level-triggered line through again if every handler of it is ready, @p about_to
 *  (or NULL) counted as if it were. */
static void unmask_if_all_ready(uint32_t line, const struct handler *about_to)
{
    if (!is_level(line)) {
        return;
    }
    for (struct list_node *at = lines[line].next; at != &lines[line]; at = at->next) {
        const struct handler *handler = container_of(at, struct handler, link);

        ASSERT(at != NULL);
        if (handler != about_to && !is_ready(handler)) {
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
    if (!list_is_empty(&handler->waiter) || handler->source.via != NULL) {
        return MN_ERROR_GONE;
    }
    if (handler->pending) {
        handler->pending = false;
        return MN_OK;
    }
    unmask_if_all_ready(handler->line, handler);
    self->via = slot;
    thread_block(&handler->waiter);
}

mn_status interrupt_bind(const struct slot *slot, struct slot *notification,
                         uint64_t *out_address, uint64_t *out_data)
{
    struct handler *handler = slot->object;

    if (handler == NULL) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (!list_is_empty(&handler->waiter) || handler->source.via != NULL) {
        return MN_ERROR_GONE;
    }
    notification_attach(&handler->source, notification);
    if (handler->pending) {
        notification_fire(&handler->source);
    } else {
        unmask_if_all_ready(handler->line, NULL);
    }
    *out_address = 0;
    *out_data = 0;
    if (is_message(handler->line)) {
        *out_address = MESSAGE_ADDRESS | (uint64_t)cpu_table[0]->lapic_id << 12;
        *out_data = VECTOR_IRQ + handler->line;
    }
    return MN_OK;
}

mn_status interrupt_acknowledge(const struct slot *slot)
{
    struct handler *handler = slot->object;

    if (handler == NULL || handler->source.via == NULL) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    handler->pending = false;
    unmask_if_all_ready(handler->line, NULL);
    return MN_OK;
}

void interrupt_on_line(uint32_t line)
{
    if (line >= VECTOR_IRQ_LINES) {
        return;
    }
    if (is_level(line)) {
        ioapic_mask(line);
    }
    for (struct list_node *at = lines[line].next; at != &lines[line]; at = at->next) {
        struct handler *handler = container_of(at, struct handler, link);
        struct list_node *first = handler->waiter.next;

        if (first == &handler->waiter) {
            handler->pending = true;
            notification_fire(&handler->source);
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
    notification_detach(&handler->source);
    list_remove(&handler->link);
    if (!list_is_empty(&lines[handler->line])) {
        unmask_if_all_ready(handler->line, NULL);
    } else if (!is_message(handler->line)) {
        ioapic_mask(handler->line);
    }
    slab_give(handler);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    range_describe(slot, info);
    info->c = ioapic_line_count();
}

/** Makes the handler of one line, which may fire from now on if it is edge-triggered. */
static struct handler *handler_create(struct account *account, uint32_t line)
{
    struct handler *handler = slab_take(account, SLAB_80);

    if (handler == NULL) {
        return NULL;
    }
    handler->line = line;
    list_init(&handler->waiter);
    if (list_is_empty(&lines[line]) && !is_message(line)) {
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
    mn_status status = range_narrow(source, a, b, account, target);

    if (status != MN_OK) {
        return status;
    }
    if (b > 1 || source->object != NULL) {
        return MN_OK;
    }
    if (!is_message((uint32_t)a) && !ioapic_has_line((uint32_t)a)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    /* Handlers outlive whoever narrowed the range: the machine's account pays. */
    target->object = handler_create(&root_account.account, (uint32_t)a);
    return target->object == NULL ? MN_ERROR_NO_MEMORY : MN_OK;
}

const struct object_ops interrupt_ops = {retain, release, describe, narrow, NULL};
