/**
 * upcalls.h - the door from arch/ up into the kernel: what entry.S calls.
 *
 * All run on the CPU's kernel stack, interrupts off.
 */
#ifndef ARCH_X86_64_UPCALLS_H
#define ARCH_X86_64_UPCALLS_H

#include <stdint.h>

#include "abi/syscall.h"
#include "core/trap_frame.h"

/**
 * One system call: the arguments are in the caller's frame, in RDI, RSI, RDX, R10, R8, R9;
 * what is returned goes to its RAX, other results are written to the frame. A handler
 * that blocks the caller does not return.
 */
typedef uint64_t syscall_handler(struct trap_frame *frame);

/**
 * The calls that entry.S makes directly, where nobody else runs (cpu->direct): a bit each.
 *
 * Their numbers are 12 or above and below 64, so that they may clobber whatever a function may.
 * The handler finds RDI, RSI and RDX alone in the frame, may change RDI there, and always
 * returns. If the current thread does not go on it says so in cpu->switch_to; what
 * the handler returns is then in the frame's RAX when the thread runs again, unless
 * who makes it ready puts another value there.
 */
#define SYSCALLS_DIRECT                                                        \
    (1ull << MN_SYS_YIELD | 1ull << MN_SYS_THREAD_ID | 1ull << MN_SYS_SIGNAL | \
     1ull << MN_SYS_WAIT_SIGNAL)

/** The handlers by number, MN_SYSCALL_COUNT of them, and one for every other number. */
extern syscall_handler *const syscall_table[];

extern const uint64_t syscall_count; /**< MN_SYSCALL_COUNT, for entry.S */

/** An interrupt or exception in ring 3: @p frame is the current thread's. */
_Noreturn void on_user_trap(struct trap_frame *frame);

/** The same for a vector that has a stack of its own, on which @p frame lies. */
_Noreturn void on_user_ist_trap(struct trap_frame *frame);

/**
 * An interrupt or exception in ring 0. Interrupts come here only where the kernel
 * opened a window for them (then this does not return); exceptions are a fault in
 * user_copy, which is mended, or end in a panic.
 */
void on_kernel_trap(struct trap_frame *frame);

/** A system call where cpu->direct is 0, as with the kernel's lock in use: looks the handler up and calls it under
 *  the lock. */
uint64_t on_syscall_locked(struct trap_frame *frame);

/** The direct call of the current thread, whose registers are all in its TCB, has left the
 *  choice of the next to the scheduler (CPU_SWITCH_RUN). */
_Noreturn void on_direct_call_left(void);

/** Several CPUs run, or there is no XSAVE. */
extern uint32_t kernel_lock_in_use;

#endif
