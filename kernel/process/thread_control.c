/**
 * thread_control.c - see thread_control.h.
 */
#include "process/thread_control.h"

#include "abi/thread.h"
#include "arch/x86_64/kernel_lock.h"
#include "core/thread_operation.h"
#include "core/user_registers.h"
#include "process/fault.h"
#include "sched/scheduler.h"

bool thread_control_continue(struct thread *thread)
{
    if ((thread->holds & THREAD_FAULTED) != 0) {
        fault_give_up(thread);
    } else if ((thread->holds & THREAD_SUSPENDED) == 0) {
        scheduler_resume_with_bases(thread);
    }
    return false;
}

static void suspend(struct thread *thread)
{
    thread_hold(thread, THREAD_SUSPENDED, thread_control_continue);
    if (thread->state == THREAD_READY) {
        scheduler_remove(thread);
    } else if (thread->state == THREAD_RUNNING) {
        thread->state = THREAD_STOPPED;
        scheduler_run();
    }
}

static void resume(struct thread *thread)
{
    if ((thread->holds & THREAD_SUSPENDED) != 0) {
        thread_release(thread, THREAD_SUSPENDED);
        if (thread->state == THREAD_STOPPED) {
            scheduler_ready(thread);
        }
    }
}

static void set_priority(struct thread *thread, uint32_t priority)
{
    if (thread->state == THREAD_READY) {
        scheduler_remove(thread);
        thread->priority = priority;
        scheduler_ready(thread);
        return;
    }
    thread->priority = priority;
    if (thread->state == THREAD_RUNNING && thread != thread_current()) {
        scheduler_interrupt(thread);
    }
}

static void set_ceiling(struct thread *thread, uint32_t ceiling)
{
    thread->ceiling = ceiling;
    if (thread->priority > ceiling) {
        set_priority(thread, ceiling);
    }
}

static void move(struct thread *thread, uint32_t cpu)
{
    if (thread->state == THREAD_READY) {
        scheduler_remove(thread);
        thread->cpu = cpu;
        thread_renew_fast_key(thread);
        scheduler_ready(thread);
        return;
    }
    thread->cpu = cpu;
    thread_renew_fast_key(thread);
    if (thread->state == THREAD_RUNNING) {
        scheduler_ready(thread);
        scheduler_run();
    }
}

static void set_base(struct thread *thread, uint64_t *base, uint64_t value)
{
    *base = value;
    thread_hold(thread, THREAD_HAS_BASES, thread_control_continue);
    if (thread->state == THREAD_RUNNING) {
        scheduler_ready_first(thread);
        scheduler_run();
    }
}

/** Does what is possible now, and need not be done to a thread in ring 3 on another CPU. The
 *  current thread's RAX is set: it may not come back from here. */
static void apply(struct thread *thread, enum mn_thread_operation operation,
                  uint64_t value)
{
    switch (operation) {
    case MN_THREAD_SUSPEND:
        suspend(thread);
        break;
    case MN_THREAD_RESUME:
        resume(thread);
        break;
    case MN_THREAD_KILL:
        process_end_thread(thread, value);
        break;
    case MN_THREAD_PRIORITY:
        set_priority(thread, (uint32_t)value);
        break;
    case MN_THREAD_CEILING:
        set_ceiling(thread, (uint32_t)value);
        break;
    case MN_THREAD_CPU:
        move(thread, (uint32_t)value);
        break;
    case MN_THREAD_FS_BASE:
        set_base(thread, &thread->fs_base, value);
        break;
    case MN_THREAD_GS_BASE:
        set_base(thread, &thread->gs_base, value);
        break;
    }
}

/** Is there nothing to do for a thread that runs on another CPU? */
static bool is_done(const struct thread *thread, uint64_t operation, uint64_t value)
{
    switch (operation) {
    case MN_THREAD_CPU:
        return thread->cpu == value;
    case MN_THREAD_FS_BASE:
        return thread->fs_base == value;
    case MN_THREAD_GS_BASE:
        return thread->gs_base == value;
    default:
        return false;
    }
}

/** Must the thread do it to itself? */
static bool is_its_own(const struct thread *thread, uint64_t operation)
{
    return thread->state == THREAD_RUNNING && thread != thread_current() &&
           operation != MN_THREAD_RESUME && operation != MN_THREAD_PRIORITY &&
           operation != MN_THREAD_CEILING;
}

mn_status thread_control(struct thread *thread, uint64_t operation, uint64_t value)
{
    const struct thread_operation_limits limits = {
        .cpus = cpu_count,
        .ceiling = thread->ceiling,
        .callers_ceiling = thread_current()->ceiling,
    };
    mn_status status = thread_operation_check(operation, value, &limits);

    kernel_quiesce_all();
    if (status != MN_OK || is_done(thread, operation, value)) {
        return status;
    }
    if (is_its_own(thread, operation)) {
        thread->request.operation = (uint32_t)operation;
        thread->request.value = value;
        scheduler_interrupt(thread);
        thread_restart_syscall();
    }
    thread_current()->frame.rax = MN_OK;
    apply(thread, (enum mn_thread_operation)operation, value);
    return scheduler_return(MN_OK);
}

void thread_control_serve(void)
{
    struct thread *thread = thread_current();
    uint32_t operation = thread->request.operation;

    if (operation != 0) {
        thread->request.operation = 0;
        apply(thread, (enum mn_thread_operation)operation, thread->request.value);
    }
}

/** Is it suspended or faulted, and not running? */
static bool stands_still(const struct thread *thread)
{
    return thread->state != THREAD_RUNNING &&
           (thread->holds & (THREAD_SUSPENDED | THREAD_FAULTED)) != 0;
}

mn_status thread_control_read(const struct thread *thread,
                              struct mn_trap_frame *out_frame)
{
    if (!stands_still(thread)) {
        return MN_ERROR_WOULD_BLOCK;
    }
    user_registers_tell(&thread->frame, thread->fault.address, out_frame);
    return MN_OK;
}

mn_status thread_control_write(struct thread *thread, struct mn_trap_frame *frame)
{
    if (!stands_still(thread)) {
        return MN_ERROR_WOULD_BLOCK;
    }
    if (!user_registers_admit(frame)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    user_registers_load(&thread->frame, frame);
    return MN_OK;
}
