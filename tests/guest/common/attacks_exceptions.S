/*
 * attacks_exceptions.S - exceptions that a program may raise, selectors, flags.
 */
#define ATTACK_TABLE attacks_exceptions
#include "guest/common/attack.inc"

/* --- exceptions that a program may raise --- */
attack 0, "divide-by-zero"
	xorl %ecx, %ecx
	movl $1, %eax
	xorl %edx, %edx
	divl %ecx
	ret
attack 0, "divide-overflow"
	movl $1, %ecx
	movl $2, %edx
	xorl %eax, %eax
	divl %ecx
	ret
attack 0, "idiv-minimum-by-minus-one"
	movq $0x8000000000000000, %rax
	cqo
	movq $-1, %rcx
	idivq %rcx
	ret
attack 1 | OR(6), "int1"
	.byte 0xf1
	ret
attack 3, "int3"
	int3
	ret
attack 3, "int-3-in-two-bytes"
	.byte 0xcd, 3
	ret
attack 4, "int-4"
	int $4
	ret
attack 16, "x87-divide-by-zero"
	pushq $0
	fninit
	fnstcw (%rsp)
	andb $0xfb, (%rsp)
	fldcw (%rsp)
	fld1
	fldz
	fdivrp
	fwait
	popq %rax
	ret
attack 13, "movaps-unaligned"
	andq $-16, %rsp
	movaps 1(%rsp), %xmm0
	ud2
attack 13, "cmpxchg16b-unaligned"
	andq $-16, %rsp
	cmpxchg16b 8(%rsp)
	ud2
attack 13 | OR(6), "xrstor-bad-header"
	subq $4096, %rsp
	andq $-64, %rsp
	movq $-1, 512(%rsp)
	movl $7, %eax
	xorl %edx, %edx
	xrstor64 (%rsp)
	ud2

/* --- software interrupts to gates that are the kernel's: #GP --- */
.macro attack_int number
attack 13, "int-\number"
	int $\number
	ret
.endm
	attack_int 0
	attack_int 1
	attack_int 2
	attack_int 6
	attack_int 8
	attack_int 13
	attack_int 14
	attack_int 18
	attack_int 32
	attack_int 48
	attack_int 52
	attack_int 128
	attack_int 224
	attack_int 225
	attack_int 254
	attack_int 255

/* --- selectors --- */
attack 13, "load-kernel-data-selector"
	movl $0x10, %eax
	movl %eax, %ds
	ret
attack 13, "load-kernel-code-selector"
	movl $0x08, %eax
	movl %eax, %es
	ret
attack 13, "load-tss-selector"
	movl $0x28, %eax
	movl %eax, %fs
	ret
attack 13, "load-selector-outside-the-table"
	movl $0xfff8, %eax
	movl %eax, %gs
	ret
attack 13, "load-ldt-selector"
	movl $0x0f, %eax
	movl %eax, %ds
	ret
attack 13, "load-null-into-ss"
	xorl %eax, %eax
	movl %eax, %ss
	ret
attack FAR_RETURN(13), "far-return-to-ring-0"
	pushq $0x08
	leaq 1f(%rip), %rax
	pushq %rax
	lretq
1:	ret
attack FAR_RETURN(13), "far-return-to-a-data-segment"
	pushq $0x1b
	leaq 1f(%rip), %rax
	pushq %rax
	lretq
1:	ret
attack FAR_RETURN(13), "iret-to-ring-0"
	movq %rsp, %rax
	pushq $0x10
	pushq %rax
	pushq $2
	pushq $0x08
	leaq 1f(%rip), %rcx
	pushq %rcx
	iretq
1:	ret
attack 13, "iret-with-nt"
	movq %rsp, %rax
	pushq $0x1b
	pushq %rax
	pushq $2
	pushq $0x23
	leaq 1f(%rip), %rcx
	pushq %rcx
	pushfq
	orq $0x4000, (%rsp)
	popfq
	iretq
1:	ret
attack FAR_RETURN(13), "iret-to-a-non-canonical-rip"
	movq %rsp, %rax
	pushq $0x1b
	pushq %rax
	pushq $0x202
	pushq $0x23
	movq $0x0000800000000000, %rcx
	pushq %rcx
	iretq
attack 13, "iopl-3-then-cli"
	pushfq
	orq $0x3000, (%rsp)
	popfq
	cli
	ret
attack HARMLESS, "popf-if-clear"
	pushfq
	andq $~0x200, (%rsp)
	popfq
	ret

/* --- the trap flag --- */
attack 1, "trap-flag"
	pushfq
	orq $0x100, (%rsp)
	popfq
	nop
	nop
	ret
attack 1, "trap-flag-at-syscall"
	movl $21, %eax
	pushfq
	orq $0x100, (%rsp)
	popfq
	syscall
	nop
	nop
	ret
attack FAR_RETURN(1), "trap-flag-by-iret"
	movq %rsp, %rax
	pushq $0x1b
	pushq %rax
	pushq $0x302
	pushq $0x23
	leaq 1f(%rip), %rcx
	pushq %rcx
	iretq
1:	nop
	nop
	ret

/* --- flags over a system call (THREAD_ID) --- */
attack HARMLESS, "direction-flag-at-syscall"
	std
	movl $21, %eax
	syscall
	pushfq
	popq %rax
	cld
	testl $0x400, %eax
	jz 1f
	ret
1:	ud2
attack HARMLESS, "alignment-flag-at-syscall"
	pushfq
	orq $0x40000, (%rsp)
	popfq
	movl $21, %eax
	syscall
	pushfq
	popq %rax
	testl $0x40000, %eax
	jz 1f
	ret
1:	ud2
attack HARMLESS, "nested-task-flag-at-syscall"
	pushfq
	orq $0x4000, (%rsp)
	popfq
	movl $21, %eax
	syscall
	pushfq
	popq %rax
	testl $0x4000, %eax
	jz 1f
	ret
1:	ud2
attack HARMLESS, "wild-stack-pointer-at-syscall"
	movq %rsp, %rbx
	movq $0x123456789abcdef0, %rsp
	movl $21, %eax
	syscall
	movq $0x123456789abcdef0, %rcx
	cmpq %rcx, %rsp
	movq %rbx, %rsp
	jne 1f
	ret
1:	ud2
attack HARMLESS, "kernel-stack-pointer-at-syscall"
	movq %rsp, %rbx
	movq $0xffffffff80200000, %rsp
	movl $14, %eax
	syscall
	movq %rbx, %rsp
	ret
attack HARMLESS, "segment-registers-at-syscall"
	movl $0x1b, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %fs
	movl %eax, %gs
	movl $14, %eax
	syscall
	movl $21, %eax
	syscall
	xorl %eax, %eax
	movl %eax, %gs
	movl $14, %eax
	syscall
	ret

attack_table_end
