/**
 * scheduler.h - which thread a CPU runs: fixed priorities, round robin within one.
 *
 * A thread has a CPU and stays there. The timer is armed only while somebody of the same
 * priority waits. Lock: the kernel's.
 */
#ifndef SCHED_SCHEDULER_H
#define SCHED_SCHEDULER_H

#include "arch/x86_64/cpu.h"
#include "core/run_queue.h"
#include "sched/thread.h"

/** How long a thread runs while others of its priority wait. */
#define SCHEDULER_SLICE_NS 10000000ull

_Static_assert(offsetof(struct run_queue, occupied) == RUN_QUEUE_OCCUPIED,
               "fast_path.S");

/** Gives @p cpu an empty run queue, at @p queue, borrowed for good. */
void scheduler_init_cpu(struct cpu *cpu, struct run_queue *queue);

/** Makes a thread ready, behind the others of its priority. Its CPU is woken if need be. */
void scheduler_ready(struct thread *thread);

/** The same for a thread that an interrupt woke: before the others of its priority. */
void scheduler_ready_first(struct thread *thread);

/** Takes a thread that is ready off its run queue: it is stopped. */
void scheduler_remove(struct thread *thread);

/** Runs the best thread of this CPU, or idles. The current one, if any, is on a queue, or
 *  is forgotten. */
_Noreturn void scheduler_run(void);

/** Runs @p next, which is on no queue, at once if it is of this CPU and nobody better is ready;
 *  else it is made ready. The current thread, if any, is on a queue or waits. */
_Noreturn void scheduler_switch_to(struct thread *next);

/** Ends a trap from ring 3: the current thread goes on, unless one that is ready is better
 *  (or @p yield: as good). */
_Noreturn void scheduler_leave(bool yield);

/** Runs a thread with THREAD_HAS_BASES, which is on no queue; none is current. While it runs
 *  the fast path is not taken. */
_Noreturn void scheduler_resume_with_bases(struct thread *thread);

/** Ends a system call that may have made others ready: returns @p status, unless one of
 *  them is better, which then runs first. */
uint64_t scheduler_return(uint64_t status);

/**
 * Ends a direct call (arch/x86_64/upcalls.h) whose thread is on a queue: another one will run.
 * Answers @p status, for the handler to return.
 */
uint64_t scheduler_switch(uint64_t status);

/** Ends a direct call that may have made others ready: if one of them is better it runs
 *  first. Answers @p status, for the handler to return. */
uint64_t scheduler_prefer(uint64_t status);

/** Ends a direct call that has woken @p thread, which is on no queue: it is ready, before others
 *  of its priority, and runs first if it is better. Answers MN_OK, for the handler. */
uint64_t scheduler_wake_direct(struct thread *thread);

/** Ends a direct call: others that are ready and as good as the current thread run first.
 *  Answers MN_OK, for the handler to return. */
uint64_t scheduler_yield(void);

/** Does for a direct call whose handler has returned @p status what entry.S does where it is
 *  alone: returns, or runs the thread that cpu->switch_to says. */
uint64_t scheduler_end_direct(uint64_t status);

/** The current thread is no more, or not ring 3's any more: its registers are dropped and
 *  this CPU leaves its address space. */
void scheduler_forget_current(void);

/** The current thread has left its vector state in its TCB: it is nobody's in the registers
 *  any more. */
void scheduler_forget_registers(void);

/** Asks the CPU of a running thread to look at it. */
void scheduler_interrupt(const struct thread *thread);

#endif
