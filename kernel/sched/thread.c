/**
 * thread.c - see thread.h.
 */
#include "sched/thread.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/kernel_lock.h"
#include "sched/budget.h"
#include "sched/scheduler.h"

/** RFLAGS of a new thread: interrupts on; bit 1 is always set. */
#define RFLAGS_INITIAL 0x202
/** Bytes of the SYSCALL instruction. */
#define SYSCALL_LENGTH 2

/** Whom the thread has called owes it nothing any more; its budget pays to the end. */
static void leave_called(struct thread *thread)
{
    struct thread *called = thread->called;

    if (called != NULL) {
        kernel_quiesce_all();
        thread->called = NULL;
        called->replies_to = NULL;
        budget_bind(&called->estate, budget_payer(thread));
        budget_chain_changed(called);
    }
}

static void deadline_expired(struct timer_event *event)
{
    struct thread *thread = container_of(event, struct thread, deadline);

    if (thread->fast_key != THREAD_FAST_KEY_PLAIN) {
        /* That wait is over. */
        return;
    }
    kernel_quiesce_all();
    leave_called(thread);
    thread_wake_first(thread, MN_ERROR_TIMED_OUT);
}

void thread_set_deadline(uint64_t deadline_ns)
{
    struct thread *thread = thread_current();

    thread->deadline.expired = deadline_expired;
    timer_event_insert(&thread->deadline, deadline_ns);
    thread->fast_key = THREAD_FAST_KEY_PLAIN;
}

void thread_init(struct thread *thread, uint64_t rip, uint64_t rsp, uint64_t argument)
{
    static uint64_t last_id;

    thread->id = ++last_id;
    thread->priority = THREAD_PRIORITY_DEFAULT;
    thread->budget = &thread->time.budget;
    list_init(&thread->time.link);
    list_init(&thread->estate.link);
    thread->ceiling = THREAD_PRIORITIES - 1;
    thread->frame.rip = rip;
    thread->frame.rsp = rsp;
    thread->frame.rdi = argument;
    thread->frame.cs = SELECTOR_USER_CODE;
    thread->frame.ss = SELECTOR_USER_DATA;
    thread->frame.rflags = RFLAGS_INITIAL;
    thread_renew_fast_key(thread);
    fpu_area_init(&thread->fpu);
}

void thread_wake(struct thread *thread, mn_status status)
{
    list_remove(&thread->queue);
    thread->fast_key = 0;
    thread->frame.rax = status;
    scheduler_ready(thread);
}

void thread_wake_first(struct thread *thread, mn_status status)
{
    if (thread->state == THREAD_BLOCKED) {
        list_remove(&thread->queue);
    }
    thread->fast_key = 0;
    thread->frame.rax = status;
    scheduler_ready_first(thread);
}

void thread_wake_all(struct list_node *queue, mn_status status)
{
    while (!list_is_empty(queue)) {
        thread_wake(container_of(queue->next, struct thread, queue), status);
    }
}

void thread_wake_via(struct list_node *queue, const struct slot *via)
{
    struct list_node *node = queue->next;

    while (node != queue) {
        struct thread *thread = container_of(node, struct thread, queue);

        node = node->next;
        if (thread->via == via) {
            thread_wake(thread, MN_ERROR_CANCELLED);
        }
    }
}

void thread_cut_reply(struct thread *thread)
{
    struct thread *caller = thread->replies_to;

    if (caller != NULL) {
        thread->replies_to = NULL;
        caller->called = NULL;
        caller->fast_key = 0;
        caller->frame.rax = MN_ERROR_CANCELLED;
        scheduler_ready(caller);
    }
}

void thread_cut_call(struct thread *thread)
{
    thread_cut_reply(thread);
    leave_called(thread);
}

void thread_hold(struct thread *thread, enum thread_hold hold,
                 bool (*continuation)(struct thread *thread))
{
    if ((thread->holds & THREAD_REAPS) == 0) {
        thread->continuation = continuation;
    }
    thread->holds |= hold;
    thread_renew_fast_key(thread);
}

void thread_release(struct thread *thread, enum thread_hold hold)
{
    thread->holds &= ~(uint32_t)hold;
    if (thread->holds == 0) {
        thread->continuation = NULL;
    }
    thread_renew_fast_key(thread);
}

void thread_renew_fast_key(struct thread *thread)
{
    uint64_t holds = thread->holds & ~(uint32_t)THREAD_FAULTED;

    thread->own_fast_key = (thread->cpu + 1) | holds << 32;
    if (thread->fast_key != 0) {
        thread_set_fast_key(thread);
    }
}

void thread_block(struct list_node *queue)
{
    struct thread *thread = thread_current();

    if ((thread->holds & THREAD_REAPS) != 0) {
        /* Chosen to take its process apart while it was on its way here. */
        scheduler_ready(thread);
    } else {
        thread->state = THREAD_BLOCKED;
        list_insert_before(queue, &thread->queue);
    }
    scheduler_run();
}

void thread_block_clobbered(struct list_node *queue, struct thread *next)
{
    struct thread *thread = thread_current();

    if (next != NULL) {
        next->fast_key = 0;
    }
    if ((thread->holds & THREAD_REAPS) != 0) {
        thread_cut_call(thread);
        thread->fast_key = 0;
        scheduler_ready(thread);
        if (next != NULL) {
            scheduler_ready_first(next);
        }
        scheduler_run();
    }
    if (queue == NULL) {
        thread->state = THREAD_CALLED;
    } else {
        thread->state = THREAD_BLOCKED;
        list_insert_before(queue, &thread->queue);
    }
    fpu_reset(&thread->fpu);
    scheduler_forget_registers();
    if (next != NULL) {
        scheduler_switch_to(next);
    }
    scheduler_run();
}

uint64_t thread_block_direct(struct list_node *queue)
{
    struct thread *thread = thread_current();

    if ((thread->holds & THREAD_REAPS) != 0) {
        /* Chosen to take its process apart while it was on its way here. */
        scheduler_ready(thread);
    } else {
        thread->state = THREAD_BLOCKED;
        list_insert_before(queue, &thread->queue);
    }
    return scheduler_switch(MN_OK);
}

void thread_block_to_restart(struct list_node *queue)
{
    thread_current()->frame.rip -= SYSCALL_LENGTH;
    thread_block(queue);
}

void thread_restart_syscall(void)
{
    struct thread *thread = thread_current();

    /* RAX still has the number and RDI to R9 the arguments. */
    thread->frame.rip -= SYSCALL_LENGTH;
    scheduler_ready(thread);
    scheduler_run();
}
