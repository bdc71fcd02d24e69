/**
 * scheduler.c - see scheduler.h.
 */
#include "sched/scheduler.h"

#include "arch/x86_64/entry.h"
#include "arch/x86_64/kernel_lock.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/segments.h"
#include "arch/x86_64/timer.h"
#include "core/assert.h"
#include "core/vectors.h"
#include "sched/budget.h"
#include "sched/timer_queue.h"

void scheduler_init_cpu(struct cpu *cpu, struct run_queue *queue)
{
    run_queue_init(queue);
    cpu->run_queue = queue;
    cpu->armed_ns = UINT64_MAX;
    cpu->meter.end_ns = UINT64_MAX;
}

/** Is somebody ready on @p cpu who is better than this priority (or @p equal: as good)? */
static bool has_ready(const struct cpu *cpu, uint32_t priority, bool equal)
{
    return run_queue_has(cpu->run_queue, priority, equal);
}

static void arm_slice(struct cpu *cpu)
{
    cpu->slice_end_ns = timer_now_ns() + SCHEDULER_SLICE_NS;
    timer_queue_arm();
}

/** Sees to it that a thread newly in the queue of its CPU gets its turn. */
static void notice(struct cpu *cpu, const struct thread *thread)
{
    const struct thread *current = cpu->current;

    if (cpu != cpu_this()) {
        if (current == NULL || current->priority <= thread->priority) {
            lapic_send_ipi(cpu->lapic_id, VECTOR_IPI);
        }
    } else if (current != NULL && current->priority == thread->priority &&
               cpu->slice_end_ns == 0) {
        arm_slice(cpu);
    }
}

static void enqueue(struct cpu *cpu, struct thread *thread, bool first)
{
    ASSERT(kernel_is_quiescent(cpu));
    run_queue_insert(cpu->run_queue, &thread->queue, thread->priority, first);
    thread->state = THREAD_READY;
}

void scheduler_ready(struct thread *thread)
{
    struct cpu *cpu = cpu_table[thread->cpu];

    kernel_quiesce(cpu);
    enqueue(cpu, thread, false);
    notice(cpu, thread);
}

void scheduler_ready_first(struct thread *thread)
{
    struct cpu *cpu = cpu_table[thread->cpu];

    kernel_quiesce(cpu);
    enqueue(cpu, thread, true);
    notice(cpu, thread);
}

void scheduler_remove(struct thread *thread)
{
    ASSERT(thread->state == THREAD_READY);
    run_queue_remove(cpu_table[thread->cpu]->run_queue, &thread->queue,
                     thread->priority);
    thread->state = THREAD_STOPPED;
}

static struct thread *take_best(struct cpu *cpu)
{
    struct thread *thread;

    if (cpu->run_queue->occupied == 0) {
        return NULL;
    }
    thread = container_of(run_queue_best(cpu->run_queue)->next, struct thread, queue);
    scheduler_remove(thread);
    return thread;
}

/** Vector state: the one that is in the registers is saved before @p next's is loaded. */
static void switch_fpu(struct cpu *cpu, struct thread *next)
{
    if (cpu->fpu_thread != next->id || next->fpu_cpu != cpu->index) {
        fpu_load(&next->fpu);
        next->fpu_cpu = cpu->index;
    }
}

/** Leaves the current thread, which is on a queue: its vector state goes to its TCB. */
static void leave_current(struct cpu *cpu)
{
    if (cpu->current != NULL) {
        fpu_save(&cpu->current->fpu);
        cpu->fpu_thread = cpu->current->id;
        cpu->current = NULL;
    }
}

/** The next thread has no bases, or loads its own. */
static void unload_bases(struct cpu *cpu)
{
    segments_load_bases(0, 0);
    cpu->fast_key = cpu->plain_fast_key;
    cpu->direct = cpu->plain_direct;
    cpu->plain_fast_key = 0;
}

static _Noreturn void resume(struct cpu *cpu, struct thread *thread)
{
    if (cpu->current != thread) {
        leave_current(cpu);
        cpu->current = thread;
        cpu->tss.rsp[0] = (uint64_t)&thread->frame + FRAME_SIZE;
        if (cpu->plain_fast_key != 0 && (thread->holds & THREAD_HAS_BASES) == 0) {
            unload_bases(cpu);
        }
        address_space_load(thread->cr3);
        switch_fpu(cpu, thread);
    }
    if (cpu->slice_end_ns == 0 &&
        (cpu->run_queue->occupied >> thread->priority & 1) != 0) {
        arm_slice(cpu);
    }
    thread->state = THREAD_RUNNING;
    kernel_unlock_to_ring_3();
    thread_enter_frame(&thread->frame);
}

/** Instead of going to ring 3: one step of a thread that is being taken apart, or none (NULL);
 *  and a moment for interrupts. */
static void step(struct cpu *cpu, struct thread *thread)
{
    leave_current(cpu);
    address_space_unload();
    if (thread != NULL && thread->continuation(thread)) {
        enqueue(cpu, thread, false);
    }
    kernel_unlock();
    cpu_interrupt_window();
    kernel_lock();
}

void scheduler_run(void)
{
    struct cpu *cpu = cpu_this();
    struct thread *thread = take_best(cpu);

    while (thread != NULL) {
        if (!budget_admits(thread)) {
            thread = NULL;
        } else if (thread->continuation == NULL) {
            if (cpu->cr3 != thread->cr3 && segments_are_used()) {
                segments_reset(cpu);
            }
            resume(cpu, thread);
        }
        step(cpu, thread);
        thread = take_best(cpu);
    }
    if (cpu->meter.payer != NULL) {
        budget_pause(NULL);
    }
    leave_current(cpu);
    address_space_unload();
    kernel_unlock();
    cpu_call_on_stack(cpu->stack_top, cpu_idle);
}

void scheduler_resume_with_bases(struct thread *thread)
{
    struct cpu *cpu = cpu_this();

    if (cpu->plain_fast_key == 0) {
        cpu->plain_fast_key = cpu->fast_key;
        cpu->plain_direct = cpu->direct;
        cpu->fast_key = CPU_FAST_KEY_NONE;
        cpu->direct = 0;
    }
    if (segments_are_used()) {
        segments_reset(cpu);
    }
    segments_load_bases(thread->fs_base, thread->gs_base);
    resume(cpu, thread);
}

void scheduler_switch_to(struct thread *next)
{
    struct cpu *cpu = cpu_this();

    if (next->cpu != cpu->index || next->continuation != NULL ||
        !budget_is_settled(next) || has_ready(cpu, next->priority, false)) {
        scheduler_ready_first(next);
        scheduler_run();
    }
    resume(cpu, next);
}

void scheduler_leave(bool yield)
{
    struct cpu *cpu = cpu_this();
    struct thread *current = cpu->current;

    if (has_ready(cpu, current->priority, yield)) {
        enqueue(cpu, current, !yield);
        scheduler_run();
    }
    if (!budget_admits(current)) {
        scheduler_run();
    }
    resume(cpu, current);
}

uint64_t scheduler_switch(uint64_t status)
{
    struct cpu *cpu = cpu_this();
    struct run_queue *queue = cpu->run_queue;
    struct list_node *list = run_queue_best(queue);
    struct thread *next = container_of(list->next, struct thread, queue);

    if (list_is_empty(list) || next->continuation != NULL || !budget_is_settled(next)) {
        cpu->switch_to = CPU_SWITCH_RUN;
        return status;
    }
    cpu->switch_to = (uint64_t)next;
    list_unlink(&next->queue);
    if (list_is_empty(list)) {
        queue->occupied ^= 1ull << next->priority;
    } else if (cpu->slice_end_ns == 0) {
        arm_slice(cpu);
    }
    return status;
}

uint64_t scheduler_wake_direct(struct thread *thread)
{
    struct cpu *cpu = cpu_this();
    const struct thread *current = thread_current();

    if (thread->cpu != cpu->index) {
        scheduler_ready_first(thread);
        return MN_OK;
    }
    enqueue(cpu, thread, true);
    if (thread->priority == current->priority) {
        if (cpu->slice_end_ns == 0) {
            arm_slice(cpu);
        }
        return MN_OK;
    }
    return scheduler_prefer(MN_OK);
}

uint64_t scheduler_prefer(uint64_t status)
{
    struct cpu *cpu = cpu_this();
    struct thread *current = thread_current();

    if (!has_ready(cpu, current->priority, false)) {
        return status;
    }
    enqueue(cpu, current, true);
    return scheduler_switch(status);
}

uint64_t scheduler_yield(void)
{
    struct cpu *cpu = cpu_this();
    struct thread *current = thread_current();
    uint64_t ready = cpu->run_queue->occupied >> current->priority;
    struct thread *next = container_of(cpu->run_queue->lists[current->priority].next,
                                       struct thread, queue);

    if (ready == 0) {
        return MN_OK;
    }
    if (ready != 1 || cpu->slice_end_ns == 0 || next->continuation != NULL ||
        !budget_is_settled(next)) {
        enqueue(cpu, current, false);
        return scheduler_switch(MN_OK);
    }
    /* Only others of its priority: the first of them, before which is the list's head, and the
       current thread change places. */
    list_insert_before(next->queue.previous, &current->queue);
    list_unlink(&next->queue);
    current->state = THREAD_READY;
    cpu->switch_to = (uint64_t)next;
    return MN_OK;
}

uint64_t scheduler_end_direct(uint64_t status)
{
    struct cpu *cpu = cpu_this();
    struct thread *current = cpu->current;
    uint64_t next = cpu->switch_to;

    if (next == 0) {
        return status;
    }
    cpu->switch_to = 0;
    current->frame.rax = status;
    fpu_reset(&current->fpu);
    scheduler_forget_registers();
    if (next != CPU_SWITCH_RUN) {
        resume(cpu, (struct thread *)next);
    }
    scheduler_run();
}

uint64_t scheduler_return(uint64_t status)
{
    struct cpu *cpu = cpu_this();
    struct thread *current = cpu->current;

    if (!has_ready(cpu, current->priority, false)) {
        return status;
    }
    current->frame.rax = status;
    enqueue(cpu, current, true);
    scheduler_run();
}

void scheduler_forget_current(void)
{
    struct cpu *cpu = cpu_this();

    cpu->current = NULL;
    cpu->fpu_thread = 0;
    address_space_unload();
}

void scheduler_forget_registers(void)
{
    struct cpu *cpu = cpu_this();

    cpu->current = NULL;
    cpu->fpu_thread = 0;
}

void scheduler_interrupt(const struct thread *thread)
{
    lapic_send_ipi(cpu_table[thread->cpu]->lapic_id, VECTOR_IPI);
}
