/**
 * trap_frame.h - the registers of an interrupted thread, as entry.S lays them out.
 *
 * On a trap the processor pushes the last five words (Intel SDM vol. 3, 6.14.2), entry.S the
 * rest. A frame that SYSCALL made has in rcx, r11, cs, ss and error what was there before: the
 * first two are rip and rflags, the selectors never differ. A thread's frame is the first thing in its TCB, and the kernel's stack
 * pointer starts at the frame's end on entry from ring 3: a frame is never copied.
 */
#ifndef CORE_TRAP_FRAME_H
#define CORE_TRAP_FRAME_H

#define FRAME_VECTOR 120
#define FRAME_ERROR  128
#define FRAME_RIP    136
#define FRAME_CS     144
#define FRAME_RFLAGS 152
#define FRAME_RSP    160
#define FRAME_SS     168
#define FRAME_SIZE   176

/** frame->vector of a frame that SYSCALL made: it may be left by SYSRET. */
#define FRAME_VECTOR_SYSCALL 256

/** Selectors, in the order that STAR wants (Intel SDM vol. 3, 5.8.8). */
#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_USER_DATA   0x1b
#define SELECTOR_USER_CODE   0x23
#define SELECTOR_TSS         0x28

#ifdef __ASSEMBLER__
/* clang-format off */
.set FRAME_at, 0
.irp register, r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi
.set FRAME_\register, FRAME_at
.set FRAME_at, FRAME_at + 8
.endr

/* Moves registers to, and from, the frame at an address. */
.macro frame_save frame, registers:vararg
    .irp register, \registers
    movq %\register, FRAME_\register(\frame)
    .endr
.endm
.macro frame_load frame, registers:vararg
    .irp register, \registers
    movq FRAME_\register(\frame), %\register
    .endr
.endm
/* clang-format on */
#else
#include <stddef.h>
#include <stdint.h>

struct trap_frame {
    uint64_t r15, r14, r13, r12, rbp, rbx;
    uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
    uint64_t vector; /**< 0 to 255, or FRAME_VECTOR_SYSCALL */
    uint64_t error;  /**< the processor's error code; 0 where it has none */
    uint64_t rip, cs, rflags, rsp, ss;
};
_Static_assert(offsetof(struct trap_frame, vector) == FRAME_VECTOR, "entry.S");
_Static_assert(offsetof(struct trap_frame, rip) == FRAME_RIP, "entry.S");
_Static_assert(offsetof(struct trap_frame, ss) == FRAME_SS, "entry.S");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE && FRAME_SIZE % 16 == 0,
               "the processor aligns RSP0 to 16 before it pushes");
#endif
#endif
