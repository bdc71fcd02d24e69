/*
 * start.S - the test loader's entry by PVH, its door into the kernel, and where the other
 * CPUs wait.
 *
 * The first page tables map 8 GiB at their physical addresses.
 */
#define CR0_LONG_MODE 0x80010031 /* PG, WP, NE, ET, PE */
#define CR4_PAE (1 << 5)
#define MSR_EFER 0xc0000080
#define EFER_LME_NXE ((1 << 8) | (1 << 11))
#define MAPPED_GIB 8

#define MP_INFO_SIZE 32
#define MP_INFO_LAPIC_ID 4
#define MP_INFO_GOTO 16
#define MP_INFO_STACK 24 /* the loader's use of extra_argument, until the CPU leaves */

.section .note.pvh, "a", @note
.balign 4
	.long 4, 4, 18
	.asciz "Xen"
	.long loader_entry

.text
.code32
.global loader_entry
loader_entry:
	cli
	cld
	movl %ebx, %esi
	movl $first_directories, %edi
	movl $0x83, %eax /* present, writable, 2 MiB */
	xorl %edx, %edx
	movl $512 * MAPPED_GIB, %ecx
1:	movl %eax, (%edi)
	movl %edx, 4(%edi)
	addl $0x200000, %eax
	adcl $0, %edx
	addl $8, %edi
	decl %ecx
	jnz 1b
	movl $first_pdpt, %edi
	movl $first_directories + 3, %eax
	movl $MAPPED_GIB, %ecx
1:	movl %eax, (%edi)
	addl $4096, %eax
	addl $8, %edi
	decl %ecx
	jnz 1b
	movl $first_pdpt + 3, first_pml4
	movl $first_pml4, %eax
	movl %eax, %cr3
	movl $CR4_PAE, %eax
	movl %eax, %cr4
	movl $MSR_EFER, %ecx
	movl $EFER_LME_NXE, %eax
	xorl %edx, %edx
	wrmsr
	movl $CR0_LONG_MODE, %eax
	movl %eax, %cr0
	lgdtl gdt_pointer
	ljmpl $0x28, $1f
.code64
1:	movl $0x30, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %fs
	movl %eax, %gs
	movl %eax, %ss
	movq $loader_stack_top, %rsp
	movl %esi, %edi
	xorl %ebp, %ebp
	callq loader_main
	ud2

/* loader_enter(cr3, stack_top, entry): the protocol's "Machine state at entry". */
.global loader_enter
loader_enter:
	movq %rdi, %cr3
	movq %rsi, %rsp
	pushq $0
	pushq %rdx
clear_and_return:
	xorl %eax, %eax
	xorl %ebx, %ebx
	xorl %ecx, %ecx
	xorl %edx, %edx
	xorl %esi, %esi
	xorl %edi, %edi
	xorl %ebp, %ebp
	xorl %r8d, %r8d
	xorl %r9d, %r9d
	xorl %r10d, %r10d
	xorl %r11d, %r11d
	xorl %r12d, %r12d
	xorl %r13d, %r13d
	xorl %r14d, %r14d
	xorl %r15d, %r15d
	retq

/* Another CPU, in the copy of this code at a page below 1 MiB. */
.global ap_start, ap_end, ap_cr3
.balign 16
ap_start:
.code16
	cli
	movw %cs, %ax
	movw %ax, %ds
	lgdtl ap_gdt_pointer - ap_start
	movl $CR4_PAE, %eax
	movl %eax, %cr4
	movl ap_cr3 - ap_start, %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	movl $EFER_LME_NXE, %eax
	xorl %edx, %edx
	wrmsr
	movl $CR0_LONG_MODE, %eax
	movl %eax, %cr0
	ljmpl $0x28, $ap_park
ap_gdt_pointer:
	.word gdt_end - gdt - 1
	.long gdt
ap_cr3:
	.long 0
ap_end:

/* Finds its own limine_mp_info by the APIC ID that CPUID tells, says that it is there, and
   waits for its goto_address. */
.code64
ap_park:
	movl $1, %eax
	cpuid
	shrl $24, %ebx
	movq mp_infos(%rip), %rdi
1:	cmpl %ebx, MP_INFO_LAPIC_ID(%rdi)
	je 2f
	addq $MP_INFO_SIZE, %rdi
	jmp 1b
2:	lock incl mp_parked(%rip)
3:	pause
	movq MP_INFO_GOTO(%rdi), %rax
	testq %rax, %rax
	jz 3b
	movq MP_INFO_STACK(%rdi), %rsp
	pushq $0
	jmpq *%rax

.section .rodata
.balign 8
gdt:
	.quad 0
	.quad 0x00009b000000ffff /* 16-bit code and data */
	.quad 0x000093000000ffff
	.quad 0x00cf9b000000ffff /* 32-bit code and data */
	.quad 0x00cf93000000ffff
	.quad 0x00209b0000000000 /* 64-bit code and data */
	.quad 0x0000930000000000
gdt_end:
gdt_pointer:
	.word gdt_end - gdt - 1
	.quad gdt

.section .bss
.balign 4096
first_pml4:
	.skip 4096
first_pdpt:
	.skip 4096
first_directories:
	.skip 4096 * MAPPED_GIB
	.skip 65536
loader_stack_top:

.section .note.GNU-stack, "", @progbits
