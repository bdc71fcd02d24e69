/*
 * trampoline.S - see trampoline.h. STARTUP: SDM volume 3, 8.4; to 64-bit mode: 9.8.5.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/trampoline.h"

#define MSR_EFER 0xc0000080
#define CR4_PAE (1 << 5)
#define CR0_LONG_MODE 0x80010031 /* PG, WP, NE, ET, PE */

.global trampoline_start, trampoline_long_mode, trampoline_gdt, trampoline_words
.global trampoline_end, trampoline_goto
.section .rodata.trampoline, "a", @progbits
.balign 16
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
trampoline_long_mode:
	movabsq $trampoline_goto, %rax
	jmpq *%rax

.balign 8
trampoline_gdt:
	.quad 0, 0x00209a0000000000 /* 64-bit code, ring 0 */
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
trampoline_end:

.text
/* In 64-bit mode at the kernel's addresses, on whatever page tables and stack. */
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
1:	hlt /* nobody waits for this CPU any more */
	jmp 1b
