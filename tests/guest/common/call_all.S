/*
 * call_all.S - see call_all.h. Offsets are those of struct call_image.
 */
#define INFO    8
#define WORDS   16
#define RBP     80
#define R15     88
#define MXCSR   96
#define X87     100
#define VECTORS 112

	.text
	.globl call_all
call_all:
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	subq $8, %rsp
	stmxcsr (%rsp)
	fnstcw 4(%rsp)
	pushq %rsi
	movq %rdi, %rax
	movq %rsi, %rcx
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqu VECTORS+16*\n(%rcx), %xmm\n
	.endr
	ldmxcsr MXCSR(%rcx)
	fldcw X87(%rcx)
	movq 0(%rcx), %rdi
	movq INFO(%rcx), %rsi
	movq WORDS+0(%rcx), %rdx
	movq WORDS+8(%rcx), %r10
	movq WORDS+16(%rcx), %r8
	movq WORDS+24(%rcx), %r9
	movq WORDS+32(%rcx), %rbx
	movq WORDS+40(%rcx), %r12
	movq WORDS+48(%rcx), %r13
	movq WORDS+56(%rcx), %r14
	movq RBP(%rcx), %rbp
	movq R15(%rcx), %r15
	syscall
	popq %rcx
	movq %rdi, 0(%rcx)
	movq %rsi, INFO(%rcx)
	movq %rdx, WORDS+0(%rcx)
	movq %r10, WORDS+8(%rcx)
	movq %r8, WORDS+16(%rcx)
	movq %r9, WORDS+24(%rcx)
	movq %rbx, WORDS+32(%rcx)
	movq %r12, WORDS+40(%rcx)
	movq %r13, WORDS+48(%rcx)
	movq %r14, WORDS+56(%rcx)
	movq %rbp, RBP(%rcx)
	movq %r15, R15(%rcx)
	stmxcsr MXCSR(%rcx)
	fnstcw X87(%rcx)
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqu %xmm\n, VECTORS+16*\n(%rcx)
	.endr
	ldmxcsr (%rsp)
	fldcw 4(%rsp)
	addq $8, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	retq

	.section .note.GNU-stack, "", @progbits
