/**
 * trap.c - interrupts and exceptions: the upcalls of entry.S.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/entry.h"
#include "arch/x86_64/instructions.h"
#include "arch/x86_64/kernel_lock.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/tlb.h"
#include "arch/x86_64/upcalls.h"
#include "arch/x86_64/user_copy.h"
#include "core/vectors.h"
#include "debug/panic.h"
#include "device/interrupt.h"
#include "process/fault.h"
#include "process/process.h"
#include "process/thread_control.h"
#include "sched/scheduler.h"
#include "sched/timer_queue.h"

/** Debug status register: single step (SDM vol. 3, 18.2.3). */
#define DR6_SINGLE_STEP (1u << 14)
#define RFLAGS_TRAP     (1u << 8)

/** A panic on another CPU stops this one by NMI. */
static _Noreturn void stop_for_good(void)
{
    for (;;) {
        x86_cli();
        x86_hlt();
    }
}

/** Acknowledges and handles an interrupt, under the kernel's lock. True: a time slice is
 *  over. */
static bool handle_interrupt(uint64_t vector)
{
    if (vector == VECTOR_SPURIOUS || vector < VECTOR_IRQ) {
        return false;
    }
    lapic_eoi();
    if (vector == VECTOR_TIMER) {
        return timer_queue_interrupt();
    }
    if (vector < VECTOR_IRQ + VECTOR_IRQ_LINES) {
        interrupt_on_line((uint32_t)(vector - VECTOR_IRQ));
    }
    return false;
}

void on_direct_call_left(void)
{
    scheduler_forget_registers();
    scheduler_run();
}

void on_user_trap(struct trap_frame *frame)
{
    uint64_t vector = frame->vector;
    uint64_t address = vector == VECTOR_PAGE_FAULT ? x86_read_cr2() : 0;
    bool slice_over = false;

    if (vector == VECTOR_NMI) {
        stop_for_good();
    }
    tlb_serve();
    kernel_lock();
    if (vector == VECTOR_MACHINE_CHECK || vector == VECTOR_DOUBLE_FAULT) {
        panic_with_frame(frame, "vector %u in ring 3", (unsigned)vector);
    }
    if (vector >= VECTOR_EXCEPTIONS) {
        slice_over = handle_interrupt(vector);
    }
    if (thread_current() == NULL) {
        /* A timer has ended its process. */
        scheduler_run();
    }
    if (thread_current()->process->state != MN_PROCESS_RUNNING) {
        process_stop_current();
    }
    if (vector < VECTOR_EXCEPTIONS) {
        fault_raise(frame, address);
    } else {
        thread_control_serve();
    }
    scheduler_leave(slice_over);
}

static void go_on_in_tcb(void)
{
    on_user_trap(&thread_current()->frame);
}

void on_user_ist_trap(struct trap_frame *frame)
{
    thread_current()->frame = *frame;
    cpu_call_on_stack(cpu_this()->stack_top, go_on_in_tcb);
}

void on_kernel_trap(struct trap_frame *frame)
{
    uint64_t vector = frame->vector;

    if (vector == VECTOR_NMI) {
        stop_for_good();
    }
    if (vector >= VECTOR_EXCEPTIONS) {
        tlb_serve();
        kernel_lock();
        (void)handle_interrupt(vector);
        cpu_call_on_stack(cpu_this()->stack_top, scheduler_run);
    }
    if (vector == VECTOR_DEBUG && (x86_read_dr6() & DR6_SINGLE_STEP) != 0) {
        /* Ring 3's trap flag, seen before FMASK took effect. */
        x86_write_dr6(0);
        frame->rflags &= ~(uint64_t)RFLAGS_TRAP;
        return;
    }
    if (!user_copy_mend(frame)) {
        panic_with_frame(frame, "vector %u in the kernel, error 0x%llx, address 0x%llx",
                         (unsigned)vector, (unsigned long long)frame->error,
                         (unsigned long long)x86_read_cr2());
    }
}
