/*
 * poke.S - see poke.h.
 */
	.text
	.globl poke, poke_store, poke_landed, poke_nops, poke_fs
poke:
	xorl %eax, %eax
poke_store:
	movq %rsi, (%rdi)
	retq
poke_landed:
	movl $1, %eax
	retq

poke_fs:
	xorl %eax, %eax
	movq %fs:0, %rdx
	retq

/* With the trap flag set behind the POPF, ten debug exceptions; the last POPF ends it. */
poke_nops:
	pushfq
	pushfq
	orl $0x100, (%rsp)
	popfq
	.rept 10
	nop
	.endr
	popfq
	retq

	.section .note.GNU-stack, "", @progbits
