/*
 * gdt_load.S - takes the selectors of the GDT that was just loaded.
 */
#include "arch/x86_64/trap_frame.h"

.text
/* gdt_load_segments(): kernel code and data; FS, GS, DS and ES hold none (their bases are
   MSRs, and SS and CS are all that ring 0 needs). */
.global gdt_load_segments
gdt_load_segments:
	xorl %eax, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %fs
	movl %eax, %gs
	movl $SELECTOR_KERNEL_DATA, %eax
	movl %eax, %ss
	popq %rax
	pushq $SELECTOR_KERNEL_CODE
	pushq %rax
	lretq
