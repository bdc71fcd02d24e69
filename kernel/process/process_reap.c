/**
 * process_reap.c - taking a process apart, a bounded step at a time.
 *
 * The order: the other threads stop, then the capabilities go, the mappings, the page
 * tables, the CNode, at last the reaper's own TCB. Only then is the process GONE and are
 * those told that wait for it, so that who hears of it finds every frame given back.
 */
#include "arch/x86_64/kernel_lock.h"
#include "core/assert.h"
#include "core/frame.h"
#include "ipc/notification.h"
#include "process/process.h"
#include "process/thread_cap.h"
#include "sched/budget.h"
#include "sched/scheduler.h"

/** How many threads, slots or mappings one step deals with. */
enum { STEP_THREADS = 16, STEP_SLOTS = 32, STEP_MAPPINGS = 16 };

void process_free_thread(struct process *process, struct thread *thread)
{
    derivation_changes++;
    list_remove(&thread->siblings);
    thread_cut_call(thread);
    notification_unbind(thread);
    timer_event_cancel(&thread->deadline);
    budget_bind(&thread->time, NULL);
    budget_bind(&thread->estate, NULL);
    thread_cap_forget(thread);
    if (!slot_is_empty(&thread->fault.handler)) {
        capability_drop(&thread->fault.handler);
    }
    if (thread->zeroing != NULL) {
        frame_release(thread->zeroing);
    }
    account_give_page(process->account, thread);
}

/** Stops the other threads. True: some still run, on other CPUs that have been told. */
static bool stop_threads(struct process *process)
{
    struct list_node *node = process->threads.next;
    unsigned budget = STEP_THREADS;

    kernel_quiesce_all();
    while (node != &process->threads && budget > 0) {
        struct thread *thread = container_of(node, struct thread, siblings);

        node = node->next;
        budget--;
        if (thread == process->reaper) {
            continue;
        }
        if (thread->state == THREAD_RUNNING) {
            scheduler_interrupt(thread);
            continue;
        }
        if (thread->state == THREAD_READY) {
            scheduler_remove(thread);
        } else if (thread->state == THREAD_BLOCKED) {
            list_remove(&thread->queue);
        }
        process_free_thread(process, thread);
    }
    return process->threads.next != process->threads.previous;
}

/** Drops capabilities, those of the last page first. True: there may be more. */
static bool drop_slots(struct process *process)
{
    struct cnode *cnode = &process->cnode;
    unsigned dropped = 0;

    if (cnode->slot_count == 0) {
        return false;
    }
    if (!slot_is_empty(&process->fault_handler)) {
        if (capability_shrink(&process->fault_handler)) {
            return true;
        }
        capability_drop(&process->fault_handler);
    }
    for (uint32_t i = cnode->slot_count - CNODE_PAGE_SLOTS; i < cnode->slot_count;
         i++) {
        struct slot *slot = cnode_slot(cnode, i);

        if (slot_is_empty(slot)) {
            continue;
        }
        if (dropped == STEP_SLOTS || capability_shrink(slot)) {
            return true;
        }
        capability_drop(slot);
        dropped++;
    }
    cnode_remove_page(cnode);
    return cnode->slot_count > 0;
}

/** Ends mappings. True: there are more. */
static bool drop_mappings(struct process *process)
{
    for (unsigned i = 0; i < STEP_MAPPINGS && process->vspace.tree.root != NULL; i++) {
        vspace_unmap(container_of(process->vspace.tree.root, struct mapping, place));
    }
    return process->vspace.tree.root != NULL;
}

/** Ends processes that it made and that were never started: maybe nobody could do so any
 *  more. True: there are more. */
static bool end_made(struct process *process)
{
    for (unsigned i = 0; i < STEP_THREADS && !list_is_empty(&process->made); i++) {
        process_end(container_of(process->made.next, struct process, made_by), 0);
    }
    return !list_is_empty(&process->made);
}

static void finish(struct process *process)
{
    uint64_t code = process->exit_code;

    vspace_destroy(&process->vspace);
    cnode_destroy(&process->cnode);
    process_free_thread(process, process->reaper);
    process->reaper = NULL;
    budget_bind(&process->time, NULL);
    derivation_remove(&process->node);
    process->state = MN_PROCESS_GONE;
    while (!list_is_empty(&process->waiters)) {
        struct thread *waiter =
            container_of(process->waiters.next, struct thread, queue);

        if (waiter->via == NULL) {
            thread_wake(waiter, waiter->frame.rax); /* the number of its call */
        } else {
            waiter->frame.rdi = code;
            thread_wake(waiter, MN_OK);
        }
    }
    process_forget(process);
}

bool process_reap(struct thread *reaper)
{
    struct process *process = reaper->process;

    ASSERT(process->reaper == reaper);
    if (stop_threads(process) || drop_slots(process) || drop_mappings(process) ||
        end_made(process)) {
        return true;
    }
    finish(process);
    return false;
}
