/*
 * tiny_code.S - the code of tiny processes (child.h): copied into a frame, so it refers to
 * nothing by address. RDI is the argument.
 */
	.section .rodata.tiny, "a", @progbits

	.globl tiny_exit
	.globl tiny_exit_end
tiny_exit:			/* EXIT(argument) */
	xorl %eax, %eax
	syscall
	ud2
tiny_exit_end:

	.globl tiny_spin
	.globl tiny_spin_end
tiny_spin:
	jmp tiny_spin
tiny_spin_end:

	.globl tiny_fault
	.globl tiny_fault_end
tiny_fault:
	pushq %rdi
	xorl %eax, %eax
	movq (%rax), %rax
	ud2
tiny_fault_end:

	.section .note.GNU-stack, "", @progbits
