/*
 * start.S - the child's first instructions: keeps what every register held at them in
 * start_image (struct register_image), for SCENARIO_CHECK_START, then calls main(argument).
 * Also where the child's further threads begin: thread_entry, RDI is main_thread()'s.
 */
	.text

	.globl _start
_start:
	movq %rax, start_image+0(%rip)
	movq %rbx, start_image+8(%rip)
	movq %rcx, start_image+16(%rip)
	movq %rdx, start_image+24(%rip)
	movq %rsi, start_image+32(%rip)
	movq %rdi, start_image+40(%rip)
	movq %rbp, start_image+48(%rip)
	movq %rsp, start_image+56(%rip)
	movq %r8, start_image+64(%rip)
	movq %r9, start_image+72(%rip)
	movq %r10, start_image+80(%rip)
	movq %r11, start_image+88(%rip)
	movq %r12, start_image+96(%rip)
	movq %r13, start_image+104(%rip)
	movq %r14, start_image+112(%rip)
	movq %r15, start_image+120(%rip)
	pushfq
	popq start_image+128(%rip)
	stmxcsr start_image+136(%rip)
	fnstcw start_image+140(%rip)
	fnstenv start_x87(%rip)
	fldenv start_x87(%rip)
	movl %ds, %eax
	movl %eax, start_selectors+0(%rip)
	movl %es, %eax
	movl %eax, start_selectors+4(%rip)
	movl %fs, %eax
	movl %eax, start_selectors+8(%rip)
	movl %gs, %eax
	movl %eax, start_selectors+12(%rip)
	/* The vector registers come last: CPUID, which tells how wide they are, spoils others. */
	movq %rdi, %r12
	andq $-16, %rsp
	callq registers_detect_avx
	movl %eax, registers_have_avx(%rip)
	leaq start_image(%rip), %rdi
	callq registers_store_vectors
	movq %r12, %rdi
	callq main
	movslq %eax, %rdi
	xorl %eax, %eax
	syscall
	ud2

	.globl thread_entry
thread_entry:
	andq $-16, %rsp
	callq main_thread
	xorl %edi, %edi
	xorl %eax, %eax
	syscall
	ud2

/* A thread that needs no stack and blocks: RECV on slot 1. */
	.globl thread_receive
thread_receive:
	movl $2, %eax
	movl $1, %edi
	syscall
	ud2

/* plant(secret): leaves it in every register and on the stack, and ends with code 0. */
	.globl plant
plant:
	movl $256, %ecx
1:	pushq %rdi
	decl %ecx
	jnz 1b
	movq %rdi, %xmm0
	punpcklqdq %xmm0, %xmm0
	.irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqa %xmm0, %xmm\n
	.endr
	cmpl $0, registers_have_avx(%rip)
	je 2f
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vinsertf128 $1, %xmm0, %ymm0, %ymm\n
	.endr
2:	pushq %rdi
	.rept 8
	fildq (%rsp)
	.endr
	.irp r, rbx, rdx, rsi, rbp, r8, r9, r10, r12, r13, r14, r15
	movq %rdi, %\r
	.endr
	xorl %edi, %edi
	xorl %eax, %eax
	syscall
	ud2

	.bss
	.balign 64
	.globl start_image
start_image:
	.skip 768
	.globl start_x87
start_x87:
	.skip 32
	.globl start_selectors
start_selectors:
	.skip 16

	.section .note.GNU-stack, "", @progbits
