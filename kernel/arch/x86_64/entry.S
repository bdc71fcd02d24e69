/*
 * entry.S - into the kernel and out of it (Intel SDM vol. 3, 5.8.8 and 6.14).
 *
 * What ring 3 had in its registers goes to the trap frame of the current thread, to whose end a trap
 * sets the stack pointer; then the CPU's kernel stack is taken, with interrupts off. A handler that
 * blocks leaves by thread_enter_frame, on which the stack is forgotten.
 */
#include "abi/syscall.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/thread_offsets.h"
#include "core/trap_frame.h"
#include "core/vectors.h"

#define MSR_GS_BASE 0xc0000101

.macro push_registers
	.irp register, rdi, rsi, rdx, rcx, rax, r8, r9, r10, r11, rbx, rbp, r12, r13, r14, r15
	pushq %\register
	.endr
.endm

.macro pop_registers
	.irp register, r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi
	popq %\register
	.endr
.endm

/* To ring 3 by SYSRET, with the registers that are named and what SYSRET takes from the frame at
   RSP. RIP is canonical. */
.macro sysret_with registers:vararg
	frame_load %rsp, \registers
	movq FRAME_RIP(%rsp), %rcx
	movq FRAME_RFLAGS(%rsp), %r11
	movq FRAME_RSP(%rsp), %rsp
	swapgs
	sysretq
.endm

/* Calls the handler of RAX; numbers past the table select its last entry. */
.macro call_handler
	cmpq $MN_SYSCALL_COUNT, %rax
	cmovaeq syscall_count(%rip), %rax
	callq *syscall_table(, %rax, 8)
.endm

.global entry_syscall, entry_syscall_plain, entry_stubs, thread_enter_frame, cpu_call_on_stack
.text
/* SYSCALL from ring 3. FMASK has cleared IF, TF, DF, AC and NT. */
.balign 64
entry_syscall:
	swapgs
	cmpq $FAST_CALL, %rax
	jae entry_fast_path
entry_syscall_plain:
	movq %rsp, %gs:CPU_USER_RSP
	movq %gs:CPU_DIRECT, %rsp
	btq %rax, %rsp
	jc syscall_direct
	movq %gs:CPU_CURRENT, %rsp
	frame_save %rsp, rdi, rsi, rdx, rax, r8, r9, r10, rbx, rbp, r12, r13, r14, r15
	movq $FRAME_VECTOR_SYSCALL, FRAME_VECTOR(%rsp)
	movq %rcx, FRAME_RIP(%rsp)
	movq %r11, FRAME_RFLAGS(%rsp)
	movq %gs:CPU_USER_RSP, %rcx
	movq %rcx, FRAME_RSP(%rsp)
	movq %rsp, %rdi
	movq %gs:CPU_STACK_TOP, %rsp
	cmpq $0, %gs:CPU_DIRECT
	je 1f
	call_handler
2:	/* The handler came back and kept the callee-saved registers; results may stand in the
	   frame. RIP is canonical: it follows a SYSCALL, and the last lower page is never mapped. */
	movq %gs:CPU_CURRENT, %rsp
	sysret_with r10, r9, r8, rdx, rsi, rdi
1:	callq on_syscall_locked
	jmp 2b

/* A call that may clobber what a function may: its handler comes back and keeps the other
   registers, so they are saved only if another thread is to run (upcalls.h). */
syscall_direct:
	movq %gs:CPU_CURRENT, %rsp
	frame_save %rsp, rdi, rsi, rdx
	movq %rcx, FRAME_RIP(%rsp)
	movq %r11, FRAME_RFLAGS(%rsp)
	movq %rsp, %rdi
	movq %gs:CPU_STACK_TOP, %rsp
	call_handler
	movq %gs:CPU_CURRENT, %rdx
	cmpq $0, %gs:CPU_SWITCH_TO
	jne direct_switch
	movq FRAME_RIP(%rdx), %rcx
	movq FRAME_RFLAGS(%rdx), %r11
	movq FRAME_rdi(%rdx), %rdi
	.irp register, esi, edx, r8d, r9d, r10d
	xorl %\register, %\register
	.endr
	movq %gs:CPU_USER_RSP, %rsp
	swapgs
	sysretq

/* thread_enter_frame(frame): leaves the kernel for the thread whose trap frame this is. */
.balign 16
thread_enter_frame:
	movq %rdi, %rsp
	cmpq $FRAME_VECTOR_SYSCALL, FRAME_VECTOR(%rsp)
	jne 1f
	/* SYSRET faults in ring 0 on a RIP that is not canonical: only a lower-half one. */
	movq FRAME_RIP(%rsp), %rax
	shrq $47, %rax
	jnz 1f
	sysret_with rax, rbx, rbp, r15, r14, r13, r12, r10, r9, r8, rdx, rsi, rdi
1:	pop_registers
	addq $16, %rsp
	swapgs
	iretq

/* Interrupts and exceptions: 256 stubs of 16 bytes each. */
.balign 16
entry_stubs:
.set vector, 0
.rept 256
	.balign 16
	/* 8, 10 to 14, 17, 21, 29 and 30 push an error code. */
	.if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
	pushq $0
	.endif
	pushq $vector
	.if vector == VECTOR_NMI || vector == VECTOR_DEBUG || vector == VECTOR_DOUBLE_FAULT || vector == VECTOR_MACHINE_CHECK
	jmp trap_on_ist
	.else
	jmp trap
	.endif
	.set vector, vector + 1
.endr

.balign 16
trap:
	testb $3, FRAME_CS-FRAME_VECTOR(%rsp)
	jz trap_in_kernel
	swapgs
	/* An interrupt leaves DF and AC as ring 3 had them. */
	pushq $2
	popfq
	push_registers
	movq %rsp, %rdi
	movq %gs:CPU_STACK_TOP, %rsp
	xorl %ebp, %ebp
	callq on_user_trap
	ud2

/* A vector that may come at any instruction of the kernel, on a stack of its own. In ring 0 GS may
   be either's: the kernel's is set for the time of the call. */
trap_on_ist:
	testb $3, FRAME_CS-FRAME_VECTOR(%rsp)
	jz 1f
	swapgs
	pushq $2
	popfq
	push_registers
	movq %rsp, %rdi
	callq on_user_ist_trap
1:	push_registers
	movl $MSR_GS_BASE, %ecx
	rdmsr
	movl %edx, %r12d
	testl %edx, %edx
	js trap_in_ring_0
	swapgs
	jmp trap_in_ring_0
trap_in_kernel:
	push_registers
	movl $-1, %r12d
trap_in_ring_0: /* R12D is negative: GS was the kernel's */
	cld
	movq %rsp, %rdi
	movq %rsp, %rbp
	andq $-16, %rsp
	callq on_kernel_trap
	movq %rbp, %rsp
	testl %r12d, %r12d
	js 3f
	swapgs
3:	pop_registers
	addq $16, %rsp
	iretq

/* cpu_call_on_stack(stack_top, function) */
cpu_call_on_stack:
	movq %rdi, %rsp
	xorl %ebp, %ebp
	callq *%rsi
	ud2

/* gdt_load_segments(): kernel code and stack; FS, GS, DS and ES hold none (their bases are
   MSRs, and SS and CS are all that ring 0 needs). */
gdt_load_segments:
	xorl %eax, %eax
	.irp segment, ds, es, fs, gs
	movl %eax, %\segment
	.endr
	movl $SELECTOR_KERNEL_DATA, %eax
	movl %eax, %ss
	popq %rax
	pushq $SELECTOR_KERNEL_CODE
	pushq %rax
	lretq

/* uint64_t user_copy_raw(destination, source, size): the one instruction that may fault on
   ring 3's memory. 0, or how many bytes were left at the fault. */
.global user_copy_raw, user_copy_instruction, user_copy_faulted, gdt_load_segments
user_copy_raw:
	movq %rdx, %rcx
user_copy_instruction:
	rep movsb
user_copy_faulted:
	movq %rcx, %rax
	retq
