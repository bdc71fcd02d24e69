/**
 * entry.h - what entry.S offers to C.
 */
#ifndef ARCH_X86_64_ENTRY_H
#define ARCH_X86_64_ENTRY_H

#include <stdint.h>

#include "core/trap_frame.h"

/** Bytes from one interrupt stub to the next; stub n is vector n's. */
#define ENTRY_STUB_SIZE 16

extern const uint8_t entry_stubs[];

/** Where SYSCALL goes (IA32_LSTAR). */
extern const uint8_t entry_syscall[];

/**
 * Leaves the kernel for ring 3 with the registers in @p frame. GS, CR3, RSP0 and the
 * vector state are the thread's already.
 */
_Noreturn void thread_enter_frame(struct trap_frame *frame);

/** Goes on in @p function, on the empty stack that ends at @p stack_top. */
_Noreturn void cpu_call_on_stack(uint64_t stack_top, void (*function)(void));

#endif
