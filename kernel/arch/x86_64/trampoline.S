/*
 * trampoline.S - see trampoline.h. STARTUP: SDM volume 3, 8.4; to 64-bit mode: 9.8.5.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/trampoline.h"

#define MSR_EFER 0xc0000080
#define CR4_PAE (1 << 5)
#define CR0_LONG_MODE 0x80010031 /* PG, WP, NE, ET, PE */

.section .rodata.trampoline, "a", @progbits
.balign 16
.global trampoline_start
trampoline_start:
.code16
	cli
	cld
	movw %cs, %ax
	movw %ax, %ds
	lgdtl trampoline_words - trampoline_start
	movl $CR4_PAE, %eax
	movl %eax, %cr4
	movl cr3_word - trampoline_start, %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	movl efer_word - trampoline_start, %eax
	xorl %edx, %edx
	wrmsr
	movl $CR0_LONG_MODE, %eax
	movl %eax, %cr0
	ljmpl *(jump_words - trampoline_start)

.code64
.global trampoline_long_mode
trampoline_long_mode:
	movabsq $trampoline_goto, %rax
	jmpq *%rax

.balign 8
.global trampoline_gdt
trampoline_gdt:
	.quad 0
	.quad 0x00209a0000000000 /* 64-bit code, ring 0 */
.global trampoline_words
trampoline_words:
	.word . - trampoline_gdt - 1
	.long 0
jump_words:
	.long 0
	.word TRAMPOLINE_CODE_SELECTOR
cr3_word:
	.long 0
efer_word:
	.long 0
.global trampoline_end
trampoline_end:

.text
/* In 64-bit mode at the kernel's addresses, on whatever page tables and stack. */
.global trampoline_goto
trampoline_goto:
	cli
	cld
	movq smp_cr3(%rip), %rax
	movq %rax, %cr3
	xorl %edi, %edi
	xchgq %rdi, smp_starting(%rip)
	testq %rdi, %rdi
	jz 1f
	movq CPU_STACK_TOP(%rdi), %rsp
	xorl %eax, %eax
	movl %eax, %ss
	xorl %ebp, %ebp
	callq smp_cpu_main
	ud2
	/* Nobody waits for this CPU any more. */
1:	hlt
	jmp 1b
