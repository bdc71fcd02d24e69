/**
 * upcalls.h - the door from arch/ up into the kernel: what entry.S calls.
 *
 * All run on the CPU's kernel stack, interrupts off.
 */
#ifndef ARCH_X86_64_UPCALLS_H
#define ARCH_X86_64_UPCALLS_H

#include <stdint.h>

#include "arch/x86_64/trap_frame.h"

/**
 * One system call: the arguments are in the caller's frame, in RDI, RSI, RDX, R10, R8, R9;
 * what is returned goes to its RAX, other results are written to the frame. A handler
 * that blocks the caller does not return.
 */
typedef uint64_t syscall_handler(struct trap_frame *frame);

/** The handlers by number, MN_SYSCALL_COUNT of them, and one for every other number. */
extern syscall_handler *const syscall_table[];

/** An interrupt or exception in ring 3: @p frame is the current thread's. */
_Noreturn void on_user_trap(struct trap_frame *frame);

/**
 * An interrupt or exception in ring 0. Interrupts come here only where the kernel
 * opened a window for them (then this does not return); exceptions are a fault in
 * user_copy, which is mended, or end in a panic.
 */
void on_kernel_trap(struct trap_frame *frame);

/** A system call where several CPUs run: looks the handler up and calls it under the
 *  kernel's lock. */
uint64_t on_syscall_locked(struct trap_frame *frame);

/** Several CPUs run: entry.S must call on_syscall_locked. */
extern uint32_t kernel_lock_in_use;

#endif
