/*
 * attacks_instructions.S - instructions that are not ring 3's.
 */
#define ATTACK_TABLE attacks_instructions
#include "guest/common/attack.inc"

/* --- privileged instructions: #GP --- */
attack 13, "cli"
	cli
	ret
attack 13, "sti"
	sti
	ret
attack 13, "hlt"
	hlt
	ret
attack 13, "in"
	movw $0x3f8, %dx
	inb %dx, %al
	ret
attack 13, "in-immediate"
	inb $0x60, %al
	ret
attack 13, "out"
	movw $0xf4, %dx
	xorl %eax, %eax
	outl %eax, %dx
	ret
attack 13, "insb"
	movw $0x3f8, %dx
	leaq -64(%rsp), %rdi
	insb
	ret
attack 13, "outsb"
	movw $0x3f8, %dx
	leaq -64(%rsp), %rsi
	outsb
	ret
attack 13, "rep-outsb"
	movw $0x3f8, %dx
	movl $4, %ecx
	leaq -64(%rsp), %rsi
	rep outsb
	ret
attack 13, "read-cr0"
	movq %cr0, %rax
	ret
attack 13, "write-cr0"
	movl $0x80000001, %eax
	movq %rax, %cr0
	ret
attack 13, "read-cr2"
	movq %cr2, %rax
	ret
attack 13, "read-cr3"
	movq %cr3, %rax
	ret
attack 13, "write-cr3"
	xorl %eax, %eax
	movq %rax, %cr3
	ret
attack 13, "read-cr4"
	movq %cr4, %rax
	ret
attack 13, "write-cr4"
	xorl %eax, %eax
	movq %rax, %cr4
	ret
attack 13, "read-cr8"
	movq %cr8, %rax
	ret
attack 13, "write-cr8"
	movl $15, %eax
	movq %rax, %cr8
	ret
attack 13, "read-dr0"
	movq %dr0, %rax
	ret
attack 13, "write-dr0"
	xorl %eax, %eax
	movq %rax, %dr0
	ret
attack 13, "write-dr7"
	movl $0x401, %eax
	movq %rax, %dr7
	ret
attack 13, "rdmsr-efer"
	movl $0xc0000080, %ecx
	rdmsr
	ret
attack 13, "wrmsr-efer"
	movl $0xc0000080, %ecx
	xorl %eax, %eax
	xorl %edx, %edx
	wrmsr
	ret
attack 13, "wrmsr-lstar"
	movl $0xc0000082, %ecx
	xorl %eax, %eax
	xorl %edx, %edx
	wrmsr
	ret
attack 13, "wrmsr-kernel-gs-base"
	movl $0xc0000102, %ecx
	xorl %eax, %eax
	xorl %edx, %edx
	wrmsr
	ret
attack 13 | OR(6), "xsetbv"
	xorl %ecx, %ecx
	movl $1, %eax
	xorl %edx, %edx
	xsetbv
	ret
attack 13, "lgdt"
	lgdt -16(%rsp)
	ret
attack 13, "lidt"
	lidt -16(%rsp)
	ret
attack 13, "lldt"
	xorl %eax, %eax
	lldt %ax
	ret
attack 13, "ltr"
	movl $0x28, %eax
	ltr %ax
	ret
attack 13, "lmsw"
	xorl %eax, %eax
	lmsw %ax
	ret
attack 13, "clts"
	clts
	ret
attack 13, "invd"
	invd
	ret
attack 13, "wbinvd"
	wbinvd
	ret
attack 13, "invlpg"
	invlpg (%rsp)
	ret
attack 13, "swapgs"
	swapgs
	ret
attack 13, "sysret"
	movl $0x400000, %ecx
	sysretq
	ret
attack 13 | OR(6), "sysexit"
	sysexit
	ret
attack 13 | OR(6), "sysenter"
	sysenter
	ret
attack 13, "rdpmc"
	xorl %ecx, %ecx
	rdpmc
	ret

/* --- UMIP: where the kernel's tables lie --- */
attack 13, "sgdt"
	sgdt -16(%rsp)
	ret
attack 13, "sidt"
	sidt -16(%rsp)
	ret
attack 13, "sldt"
	sldt %eax
	ret
attack 13, "str"
	str %eax
	ret
attack 13, "smsw"
	smsw %eax
	ret

/* --- what is no instruction in ring 3 here: #UD --- */
attack 6, "ud2"
	ud2
attack 6, "stac"
	stac
	ret
attack 6, "clac"
	clac
	ret
attack 6, "rsm"
	rsm
	ret
attack 6, "wrgsbase"
	movq $-4096, %rax
	wrgsbase %rax
	ret
attack 6, "rdgsbase"
	rdgsbase %rax
	ret
attack 6, "wrfsbase"
	xorl %eax, %eax
	wrfsbase %rax
	ret
attack 6, "vmcall"
	.byte 0x0f, 0x01, 0xc1
	ret
attack 6, "lock-on-a-register"
	.byte 0xf0, 0x48, 0x01, 0xc0
	ret
attack 6, "push-cs-of-32-bit"
	.byte 0x0e
	ret
attack 6, "into-of-32-bit"
	.byte 0xce
	ret
attack 6, "mov-to-cs"
	.byte 0x8e, 0xc8
	ret

attack_table_end
