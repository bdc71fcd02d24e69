/*
 * registers.S - see registers.h. Offsets are those of struct register_image.
 */
#define RFLAGS  128
#define MXCSR   136
#define X87     140
#define VECTORS 256

	.text

/* Loads or stores YMM0 to YMM15 (XMM without AVX) relative to \base. */
.macro each_vector operation, base
	.if \operation
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovdqu %ymm\n, VECTORS+32*\n(\base)
	.endr
	.else
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovdqu VECTORS+32*\n(\base), %ymm\n
	.endr
	.endif
.endm
.macro each_half operation, base
	.if \operation
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqu %xmm\n, VECTORS+32*\n(\base)
	.endr
	.else
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqu VECTORS+32*\n(\base), %xmm\n
	.endr
	.endif
.endm
/* MOV and JRCXZ-free tests would change flags, so the choice is an indirect jump. */
.macro load_vectors base
	cmpl $0, registers_have_avx(%rip)
	je 1f
	each_vector 0, \base
	jmp 2f
1:	each_half 0, \base
2:
.endm
.macro store_vectors base
	cmpl $0, registers_have_avx(%rip)
	je 1f
	each_vector 1, \base
	jmp 2f
1:	each_half 1, \base
2:
.endm

.macro save_callee
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	pushfq
	subq $8, %rsp
	stmxcsr (%rsp)
	fnstcw 4(%rsp)
.endm
.macro restore_callee
	ldmxcsr (%rsp)
	fldcw 4(%rsp)
	addq $8, %rsp
	popfq
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
.endm

.macro load_general
	movq 8(%rdi), %rbx
	movq 24(%rdi), %rdx
	movq 32(%rdi), %rsi
	movq 48(%rdi), %rbp
	movq 64(%rdi), %r8
	movq 72(%rdi), %r9
	movq 80(%rdi), %r10
	movq 88(%rdi), %r11
	movq 96(%rdi), %r12
	movq 104(%rdi), %r13
	movq 112(%rdi), %r14
	movq 120(%rdi), %r15
	movq 0(%rdi), %rax
	movq 16(%rdi), %rcx
	movq 40(%rdi), %rdi
.endm
/* Changes no flags. */
.macro store_general
	movq %rax, saved_rax(%rip)
	movq after_image(%rip), %rax
	movq %rbx, 8(%rax)
	movq %rcx, 16(%rax)
	movq %rdx, 24(%rax)
	movq %rsi, 32(%rax)
	movq %rdi, 40(%rax)
	movq %rbp, 48(%rax)
	movq %rsp, 56(%rax)
	movq %r8, 64(%rax)
	movq %r9, 72(%rax)
	movq %r10, 80(%rax)
	movq %r11, 88(%rax)
	movq %r12, 96(%rax)
	movq %r13, 104(%rax)
	movq %r14, 112(%rax)
	movq %r15, 120(%rax)
	movq saved_rax(%rip), %rcx
	movq %rcx, 0(%rax)
	pushfq
	popq %rcx
	movq %rcx, RFLAGS(%rax)
	cld
.endm

/* All registers loaded from RDI's image, one instruction of two bytes, all stored in RSI's. */
.macro registers_around instruction
	save_callee
	movq %rsi, after_image(%rip)
	movq %rsp, 56(%rsi)
	movq %rsp, saved_rsp(%rip)
	load_vectors %rdi
	ldmxcsr MXCSR(%rdi)
	fldcw X87(%rdi)
	pushq RFLAGS(%rdi)
	popfq
	load_general
	\instruction
	store_general
	movq saved_rsp(%rip), %rsp
	stmxcsr MXCSR(%rax)
	fnstcw X87(%rax)
	store_vectors %rax
	restore_callee
	retq
.endm

	.globl registers_syscall, registers_fault
registers_syscall:
	registers_around syscall
registers_fault:
	registers_around ud2

	.globl registers_hold_vectors
registers_hold_vectors:
	save_callee
	movq %rsi, %rbx
	movq %rdx, %rbp
	movq %rcx, %r12
	load_vectors %rdi
	ldmxcsr MXCSR(%rdi)
	fldcw X87(%rdi)
3:	testq %rbp, %rbp
	js 4f
	movq %rbp, %rax
	syscall
4:	decq %r12
	jg 3b
	stmxcsr MXCSR(%rbx)
	fnstcw X87(%rbx)
	store_vectors %rbx
	restore_callee
	retq

	.globl registers_hold
registers_hold:
	save_callee
	movq %rsi, after_image(%rip)
	movq %rdx, rounds_left(%rip)
	load_general
5:	decq rounds_left(%rip)
	jg 5b
	store_general
	restore_callee
	retq

	.globl registers_store_vectors
registers_store_vectors:
	store_vectors %rdi
	retq

	.globl raw_syscall
raw_syscall:
	movq %rdi, %rax
	movq %rsi, %rcx
	movq 0(%rcx), %rdi
	movq 8(%rcx), %rsi
	movq 16(%rcx), %rdx
	movq 24(%rcx), %r10
	movq 32(%rcx), %r8
	movq 40(%rcx), %r9
	syscall
	retq

/* CPUID.1:ECX has OSXSAVE (27) and AVX (28), and XCR0 has SSE and AVX state. */
	.globl registers_detect_avx
registers_detect_avx:
	pushq %rbx
	movl $1, %eax
	xorl %ecx, %ecx
	cpuid
	andl $0x18000000, %ecx
	cmpl $0x18000000, %ecx
	movl $0, %eax
	jne 6f
	xorl %ecx, %ecx
	xgetbv
	andl $6, %eax
	cmpl $6, %eax
	sete %al
	movzbl %al, %eax
6:	popq %rbx
	retq

	.bss
	.balign 8
after_image:
	.quad 0
saved_rax:
	.quad 0
saved_rsp:
	.quad 0
rounds_left:
	.quad 0
	.globl registers_have_avx
registers_have_avx:
	.quad 0

	.section .note.GNU-stack, "", @progbits
