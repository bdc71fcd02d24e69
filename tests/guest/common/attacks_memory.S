/*
 * attacks_memory.S - memory that is not ring 3's, or is mapped otherwise.
 *
 * The kernel is linked at 0xffffffff80200000 and maps all memory from 0xffff800000000000 on;
 * 0x00007ffffffff000 is the last page of the lower half.
 */
#define ATTACK_TABLE attacks_memory
#include "guest/common/attack.inc"

/* --- memory that is not ring 3's --- */
attack 14, "read-null"
	xorl %eax, %eax
	movq (%rax), %rax
	ret
attack 14, "write-null"
	xorl %eax, %eax
	movq %rax, (%rax)
	ret
attack 14, "call-null"
	xorl %eax, %eax
	call *%rax
	ret
attack 14, "read-below-the-lowest-page"
	movl $0xffff, %eax
	movb (%rax), %al
	ret
attack 14, "read-kernel-text"
	movq $0xffffffff80200000, %rax
	movq (%rax), %rax
	ret
attack 14, "write-kernel-text"
	movq $0xffffffff80200000, %rax
	movq %rax, (%rax)
	ret
attack 14, "call-kernel-text"
	movq $0xffffffff80200000, %rax
	call *%rax
	ret
attack 14, "read-direct-map"
	movq $0xffff800000100000, %rax
	movq (%rax), %rax
	ret
attack 14, "write-direct-map"
	movq $0xffff800000100000, %rax
	movq %rax, (%rax)
	ret
attack 14, "read-the-upper-half's-first-page"
	movq $0xffff800000000000, %rax
	movq (%rax), %rax
	ret
attack 14, "read-the-last-page"
	movq $-8, %rax
	movq (%rax), %rax
	ret
attack 14, "read-local-apic"
	movl $0xfee00000, %eax
	movl (%rax), %eax
	ret
attack 14, "read-last-lower-page"
	movq $0x00007ffffffff000, %rax
	movq (%rax), %rax
	ret
attack 14, "call-last-lower-page"
	movq $0x00007ffffffffffe, %rax
	call *%rax
	ret
attack 13, "read-non-canonical"
	movq $0x0000800000000000, %rax
	movq (%rax), %rax
	ret
attack 13, "write-non-canonical"
	movq $0xffff7fffffffffff, %rax
	movq %rax, (%rax)
	ret
attack 13, "jump-non-canonical"
	movq $0x0000800000000000, %rax
	jmp *%rax
attack 12 | OR(13), "push-non-canonical"
	movq $0x0000800000000100, %rsp
	pushq %rax
	ret
attack 14, "push-into-the-kernel"
	movq $0xffffffff80201000, %rsp
	pushq %rax
	ret
attack 14, "interrupt-with-a-kernel-stack-pointer"
	movq $0xffffffff80201000, %rsp
	movq (%rsp), %rax
	ret

/* --- its own memory, used otherwise than it is mapped --- */
attack 14, "write-text"
	leaq attack_target(%rip), %rax
	movq %rax, (%rax)
	ret
attack 14, "write-rodata"
	leaq attacks_memory(%rip), %rax
	movq %rax, (%rax)
	ret
attack 14, "execute-stack"
	pushq $0xc3
	movq %rsp, %rax
	call *%rax
	popq %rax
	ret
attack 14, "execute-data"
	leaq attack_data(%rip), %rax
	call *%rax
	ret
attack 14, "execute-rodata"
	leaq attack_rodata(%rip), %rax
	call *%rax
	ret
attack 14, "stack-overflow"
1:	pushq %rax
	jmp 1b
attack 14, "read-above-the-stack"
	movl $0x800000, %eax
	movq (%rax), %rax
	ret
attack 14, "locked-write-to-text"
	leaq attack_target(%rip), %rax
	lock incq (%rax)
	ret

	.balign 16
attack_target:
	ret
	nop
	nop
	nop
	nop
	nop
	nop
	nop

	.data
	.balign 8
attack_data:
	.quad 0xc3
	.section .rodata.attack_code, "a", @progbits
	.balign 8
attack_rodata:
	.quad 0xc3

attack_table_end
