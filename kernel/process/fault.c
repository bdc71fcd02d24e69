/**
 * fault.c - see fault.h.
 */
#include "process/fault.h"

#include "ipc/endpoint.h"
#include "process/process.h"
#include "process/thread_control.h"
#include "process/trap_handler.h"
#include "sched/scheduler.h"

/** The endpoint that is told of the thread's faults; NULL: there is none. */
static struct slot *handler_of(struct thread *thread)
{
    if (!slot_is_empty(&thread->fault.handler)) {
        return &thread->fault.handler;
    }
    return slot_is_empty(&thread->process->fault_handler)
               ? NULL
               : &thread->process->fault_handler;
}

static void end_process(struct thread *thread)
{
    fault_report(thread);
    process_end(thread->process, PROCESS_FAULT_CODE(thread->frame.vector));
}

void fault_raise(struct trap_frame *frame, uint64_t address)
{
    struct thread *thread = thread_current();
    struct slot *handler;

    if (thread->trap.rip != 0 && trap_handler_enter(frame, address)) {
        return;
    }
    thread->fault.address = address;
    thread->fault.rax = frame->rax;
    handler = handler_of(thread);
    if (handler != NULL) {
        thread->holds |= THREAD_FAULTED;
        thread->continuation = thread_control_continue;
        /* It comes back only if nobody receives there any more. */
        (void)endpoint_fault(handler);
    }
    end_process(thread);
    scheduler_run();
}

void fault_give_up(struct thread *thread)
{
    if (thread->process->state == MN_PROCESS_RUNNING) {
        address_space_load(thread->cr3);
        end_process(thread);
        address_space_unload();
    }
}
