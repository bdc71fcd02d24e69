/*
 * user_copy.S - the instruction that may fault on ring 3's memory, between STAC and CLAC.
 *
 * uint64_t user_copy_raw(void *destination, const void *source, size_t size): 0, or 1
 * after a fault.
 */
.text
.global user_copy_raw
.balign 16
user_copy_raw:
	movq %rdx, %rcx
	cmpb $0, user_copy_has_smap(%rip)
	je user_copy_instruction
	stac
.global user_copy_instruction
user_copy_instruction:
	rep movsb
	xorl %eax, %eax
	jmp 1f
.global user_copy_faulted
user_copy_faulted:
	movl $1, %eax
1:	cmpb $0, user_copy_has_smap(%rip)
	je 2f
	clac
2:	retq

.section .note.GNU-stack, "", @progbits
