/*
 * entry.S - into the kernel and out of it (Intel SDM vol. 3, 5.8.8 and 6.14).
 *
 * From ring 3 the stack pointer starts at the end of the current thread's trap frame, so that
 * what is pushed is the frame; then the CPU's kernel stack is taken. The kernel runs with
 * interrupts off, and does not come back through its stack: a handler that blocks leaves by
 * thread_enter_frame, on which the stack is forgotten.
 */
#include "abi/syscall.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/thread_offsets.h"
#include "arch/x86_64/trap_frame.h"
#include "arch/x86_64/vectors.h"

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

.global entry_syscall, entry_syscall_plain, entry_stubs, thread_enter_frame, gdt_load_segments
.text
/* SYSCALL from ring 3. FMASK has cleared IF, TF, DF, AC and NT. */
.balign 64
entry_syscall:
	swapgs
	cmpq $FAST_CALL, %rax
	jae entry_fast_path
entry_syscall_plain:
	movq %rsp, %gs:CPU_USER_RSP
	movq %gs:CPU_FRAME_TOP, %rsp
	pushq $SELECTOR_USER_DATA
	pushq %gs:CPU_USER_RSP
	pushq %r11
	pushq $SELECTOR_USER_CODE
	pushq %rcx
	pushq $0
	pushq $FRAME_VECTOR_SYSCALL
	push_registers
	movq %rsp, %rdi
	movq %gs:CPU_STACK_TOP, %rsp
	cmpl $0, kernel_lock_in_use(%rip)
	jne syscall_locked
	/* Numbers past the table select its last entry; the mask holds under speculation. */
	movl $MN_SYSCALL_COUNT, %ebx
	cmpq %rbx, %rax
	cmovaeq %rbx, %rax
	callq *syscall_table(, %rax, 8)
syscall_return:
	/* The handler came back, so the caller goes on. Its callee-saved registers were kept by
	   the C ABI; the others come from its frame, in which results may stand. RIP is
	   canonical: it follows a SYSCALL, and the last lower page is never mapped. */
	movq %gs:CPU_FRAME_TOP, %rsp
syscall_restore:
	movq FRAME_RBX-FRAME_SIZE(%rsp), %rbx
	movq FRAME_R10-FRAME_SIZE(%rsp), %r10
	movq FRAME_R9-FRAME_SIZE(%rsp), %r9
	movq FRAME_R8-FRAME_SIZE(%rsp), %r8
	movq FRAME_RDX-FRAME_SIZE(%rsp), %rdx
	movq FRAME_RSI-FRAME_SIZE(%rsp), %rsi
	movq FRAME_RDI-FRAME_SIZE(%rsp), %rdi
	movq FRAME_RIP-FRAME_SIZE(%rsp), %rcx
	movq FRAME_RFLAGS-FRAME_SIZE(%rsp), %r11
	movq FRAME_RSP-FRAME_SIZE(%rsp), %rsp
	swapgs
	sysretq
syscall_locked:
	callq on_syscall_locked
	jmp syscall_return

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
	movq FRAME_RAX(%rsp), %rax
	.irp register, r15, r14, r13, r12, rbp
	popq %\register
	.endr
	addq $FRAME_SIZE-FRAME_RBX, %rsp
	jmp syscall_restore
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
trap_from_user:
	/* An interrupt leaves DF and AC as ring 3 had them. */
	pushq $2
	popfq
	push_registers
	movq %rsp, %rdi
	movq %gs:CPU_STACK_TOP, %rsp
	xorl %ebp, %ebp
	callq on_user_trap
	ud2

/* A vector that may come at any instruction of the kernel, on a stack of its own. From ring 3 it
   goes on like any other, in the thread's frame. In ring 0 GS may be either's: the kernel's is
   set for the time of the call. */
trap_on_ist:
	testb $3, FRAME_CS-FRAME_VECTOR(%rsp)
	jz 1f
	swapgs
	pushq %rax
	pushq %rcx
	movq %gs:CPU_FRAME_TOP, %rax
	.irp word, FRAME_SS, FRAME_RSP, FRAME_RFLAGS, FRAME_CS, FRAME_RIP, FRAME_ERROR, FRAME_VECTOR
	movq \word-FRAME_VECTOR+16(%rsp), %rcx
	movq %rcx, \word-FRAME_SIZE(%rax)
	.endr
	popq %rcx
	leaq FRAME_VECTOR-FRAME_SIZE(%rax), %rax
	xchgq %rax, (%rsp)
	popq %rsp
	jmp trap_from_user
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

/* What follows is declared in entry.h, gdt.c and user_copy.c. */
.global cpu_interrupt_window, cpu_call_on_stack, cpu_idle
cpu_interrupt_window:
	sti
	nop
	cli
	retq

cpu_call_on_stack:
	movq %rdi, %rsp
	xorl %ebp, %ebp
	callq *%rsi
	ud2

cpu_idle:
	movq %rdi, %rsp
	xorl %ebp, %ebp
1:	sti
	hlt
	cli
	jmp 1b

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
   ring 3's memory, between STAC and CLAC. 0, or 1 after a fault. */
.global user_copy_raw, user_copy_instruction, user_copy_faulted
user_copy_raw:
	movq %rdx, %rcx
	xorl %eax, %eax
	cmpb $0, user_copy_has_smap(%rip)
	je user_copy_instruction
	stac
user_copy_instruction:
	rep movsb
	jmp 1f
user_copy_faulted:
	incl %eax
1:	cmpb $0, user_copy_has_smap(%rip)
	je 2f
	clac
2:	retq
