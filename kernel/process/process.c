/**
 * process.c - see process.h.
 */
#include "process/process.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/instructions.h"
#include "arch/x86_64/kernel_lock.h"
#include "cap/account_cap.h"
#include "core/assert.h"
#include "core/slab.h"
#include "mem/address_space.h"
#include "sched/budget.h"
#include "sched/scheduler.h"

/** How many of those who wait for the end of a process may lend it something at its
 *  beginning. */
enum { LENDERS = 8 };

struct list_node process_list = {&process_list, &process_list};

struct process *process_create(struct account *account, struct process *maker)
{
    static uint64_t last_pid;
    struct process *process = slab_take(account, SLAB_512);

    if (process == NULL) {
        return NULL;
    }
    process->account = account;
    process->unstarted = account_take_page(account);
    if (process->unstarted == NULL) {
        goto fail_thread;
    }
    if (!vspace_create(&process->vspace, account, phys_to_virt(0), kernel_cr3,
                       x86_rdtsc())) {
        goto fail_vspace;
    }
    if (!cnode_create(&process->cnode, account)) {
        goto fail_cnode;
    }
    process->pid = ++last_pid;
    process->state = MN_PROCESS_RUNNING;
    process->node.word = CAP_NODE_PROCESS;
    derivation_add_child(&account_cap_of(account)->anchor, &process->node);
    list_init(&process->threads);
    list_init(&process->waiters);
    list_insert_before(&process_list, &process->all);
    list_init(&process->made);
    list_init(&process->made_by);
    if (maker != NULL) {
        list_insert_before(&maker->made, &process->made_by);
    }
    list_init(&process->time.link);
    if (thread_current() != NULL) {
        budget_bind(&process->time, *thread_current()->budget);
    }
    return process;

fail_cnode:
    vspace_destroy(&process->vspace);
fail_vspace:
    account_give_page(account, process->unstarted);
fail_thread:
    slab_give(process);
    return NULL;
}

static void attach(struct process *process, struct thread *thread)
{
    thread->process = process;
    thread->fault.pid = process->pid;
    thread->cr3 = process->vspace.space.cr3;
    thread->slots = process->cnode.first;
    thread->cnode = &process->cnode;
    thread->buffer.space = &process->vspace.space;
    thread->budget = &process->time.budget;
    list_init(&thread->queue);
    list_insert_before(&process->threads, &thread->siblings);
}

/** A thread that has a budget of its own shares it with the threads that it starts beside
 *  itself: it gains no time by them. */
static void inherit_budget(const struct thread *parent, struct thread *thread)
{
    if (parent != NULL && parent->process == thread->process &&
        parent->budget == &parent->time.budget) {
        process_limit_thread(thread, parent->time.budget);
    }
}

void process_limit_thread(struct thread *thread, struct budget *budget)
{
    thread->budget = &thread->time.budget;
    budget_bind(&thread->time, budget);
}

/** The TCB that a process is born with, which is to be used now; NULL: it is already. */
static struct thread *take_unstarted(struct process *process)
{
    struct thread *thread = process->unstarted;

    process->unstarted = NULL;
    list_remove(&process->made_by);
    return thread;
}

uint64_t process_start_thread(struct process *process, const struct thread_start *start)
{
    struct thread *thread;

    if (process->state != MN_PROCESS_RUNNING) {
        return MN_ERROR_GONE;
    }
    thread = take_unstarted(process);
    if (thread == NULL) {
        thread = account_take_page(process->account);
        if (thread == NULL) {
            return MN_ERROR_NO_MEMORY;
        }
    }
    derivation_changes++;
    thread_init(thread, start->rip, start->rsp, start->argument);
    attach(process, thread);
    if (thread_current() != NULL) {
        /* Nobody makes a thread that is preferred to its maker. */
        thread->priority = thread_current()->priority;
        thread->ceiling = thread->priority;
    }
    thread->cpu = start->cpu;
    thread_renew_fast_key(thread);
    thread->fpu_cpu = start->cpu;
    inherit_budget(thread_current(), thread);
    scheduler_ready(thread);
    return thread->id;
}

/** Takes a thread that is not running off whatever queue it is on, and out of its calls:
 *  a reply would make it ready once more. */
static void stop(struct thread *thread)
{
    thread_cut_call(thread);
    if (thread->state == THREAD_READY) {
        scheduler_remove(thread);
    } else if (thread->state == THREAD_BLOCKED) {
        list_remove(&thread->queue);
    }
    thread->put_away = false;
    thread->fast_key = 0;
    thread->state = THREAD_STOPPED;
}

/** Chooses who takes the process apart: the current thread if it is one of its own, else
 *  the one that never started, else any. */
static struct thread *choose_reaper(struct process *process)
{
    struct thread *current = thread_current();
    struct thread *thread;

    if (current != NULL && current->process == process) {
        return current;
    }
    thread = take_unstarted(process);
    if (thread != NULL) {
        thread_init(thread, 0, 0, 0);
        attach(process, thread);
        thread->cpu = cpu_this()->index;
        return thread;
    }
    return container_of(process->threads.next, struct thread, siblings);
}

/** Who waits for the end of @p process pays for it and lends its priority, unless that is
 *  lower. */
static void lend(struct process *process, const struct thread *waiter)
{
    struct thread *reaper = process->reaper;
    bool queued;

    if (reaper == NULL || waiter->priority < reaper->priority ||
        (waiter->priority == reaper->priority &&
         budget_payer(waiter) == *reaper->budget)) {
        return;
    }
    queued = reaper->state == THREAD_READY || reaper->put_away;
    if (reaper->state == THREAD_READY) {
        scheduler_remove(reaper);
    } else if (reaper->put_away) {
        list_remove(&reaper->queue);
        reaper->put_away = false;
    }
    reaper->priority = waiter->priority;
    process_limit_thread(reaper, budget_payer(waiter));
    if (queued) {
        scheduler_ready(reaper);
    }
}

void process_wait(struct process *process, struct slot *via)
{
    struct thread *self = thread_current();

    self->via = via;
    lend(process, self);
    if (via == NULL) {
        thread_block_to_restart(&process->waiters);
    }
    thread_block(&process->waiters);
}

/** Lends what some of those can who wait for the end already. */
static void lend_first(struct process *process)
{
    struct list_node *node = process->waiters.next;

    for (unsigned i = 0; i < LENDERS && node != &process->waiters; i++) {
        lend(process, container_of(node, struct thread, queue));
        node = node->next;
    }
}

void process_end(struct process *process, uint64_t exit_code)
{
    struct thread *reaper = choose_reaper(process);

    kernel_quiesce_all();
    ASSERT(process->state == MN_PROCESS_RUNNING);
    process->state = MN_PROCESS_ENDING;
    process->exit_code = exit_code;
    process->reaper = reaper;
    lend_first(process);
    thread_hold(reaper, THREAD_REAPS, process_reap);
    if (reaper == thread_current()) {
        scheduler_forget_current();
        reaper->state = THREAD_STOPPED;
    } else if (reaper->state == THREAD_RUNNING) {
        /* On another CPU, which stops it on its next entry to the kernel. */
        scheduler_interrupt(reaper);
        return;
    } else {
        stop(reaper);
    }
    scheduler_ready(reaper);
}

void process_stop_current(void)
{
    struct thread *thread = thread_current();

    scheduler_forget_current();
    thread->state = THREAD_STOPPED;
    if (thread == thread->process->reaper) {
        scheduler_ready(thread);
    }
    scheduler_run();
}

void process_exit_thread(uint64_t exit_code)
{
    struct thread *thread = thread_current();
    struct process *process = thread->process;
    bool last = thread->siblings.next == thread->siblings.previous;

    if (process->state != MN_PROCESS_RUNNING) {
        process_stop_current();
    }
    if (last) {
        process_end(process, exit_code);
    } else {
        scheduler_forget_current();
        process_free_thread(process, thread);
    }
    scheduler_run();
}

void process_end_thread(struct thread *thread, uint64_t exit_code)
{
    if (thread == thread_current()) {
        process_exit_thread(exit_code);
    }
    if (thread->siblings.next == thread->siblings.previous) {
        process_end(thread->process, exit_code);
        return;
    }
    stop(thread);
    process_free_thread(thread->process, thread);
}

void process_forget(struct process *process)
{
    if (process->references == 0 && process->state == MN_PROCESS_GONE) {
        derivation_changes++;
        list_remove(&process->all);
        slab_give(process);
    }
}

static void retain(struct slot *slot)
{
    struct process *process = slot->object;

    process->references++;
}

static void release(struct slot *slot)
{
    struct process *process = slot->object;

    process->references--;
    thread_wake_via(&process->waiters, slot);
    if (process->references == 0 && process->state == MN_PROCESS_RUNNING &&
        list_is_empty(&process->threads)) {
        /* It never ran and never will: nobody can start a thread in it any more. */
        process_end(process, 0);
    }
    process_forget(process);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    const struct process *process = slot->object;

    info->a = process->pid;
    info->b = process->state;
    info->c = process->exit_code;
}

const struct object_ops process_ops = {retain, release, describe, NULL, NULL};
