/*
 * boot.S - the entries that are not C: 32-bit ones into long mode, and Limine's.
 *
 * The 32-bit entries are linked high like everything, and run at 2 MiB: an address there
 * is written as LOW(symbol). The early page tables map the first 4 GiB twice, at 0 and at
 * HHDM_BASE, and the first GiB at KERNEL_BASE as well, by 2 MiB pages (SDM volume 3, 4.5).
 * They lie in .bss.boot, which the loader has zeroed.
 */
#define KERNEL_BASE 0xffffffff80000000
#define LOW(symbol) ((symbol) - KERNEL_BASE)

#define CR0_PE (1 << 0)
#define CR0_WP (1 << 16)
#define CR0_PG (1 << 31)
#define CR4_PAE (1 << 5)
#define MSR_EFER 0xc0000080
#define EFER_LME (1 << 8)

#define PAGE_TABLE 0x003 /* present, writable */
#define PAGE_2MIB 0x083  /* and of 2 MiB */

#define BOOT_CODE_SELECTOR 8
#define BOOT_STACK_SIZE 16384

.section .boot.text, "ax", @progbits

/*
 * boot_enter_long_mode: from 32-bit protected mode without paging, interrupts off. EDI and
 * ESI are the first two arguments of the function at EBP + KERNEL_BASE, which does not
 * return.
 */
.code32
.global boot_enter_long_mode
boot_enter_long_mode:
	cld
	rdtsc
	movl %eax, LOW(boot_entry_tsc)
	movl %edx, LOW(boot_entry_tsc) + 4
	/* Four page directories: 2,048 pages of 2 MiB. */
	movl $LOW(boot_directories), %ebx
	movl $PAGE_2MIB, %eax
	xorl %edx, %edx
	movl $2048, %ecx
1:	movl %eax, (%ebx)
	addl $0x200000, %eax
	addl $8, %ebx
	decl %ecx
	jnz 1b
	/* One table over them serves at 0 and at HHDM_BASE, another at KERNEL_BASE. */
	movl $LOW(boot_directories) + PAGE_TABLE, %eax
	movl %eax, LOW(boot_pdpt)
	movl %eax, LOW(boot_pdpt_high) + 510 * 8
	addl $4096, %eax
	movl %eax, LOW(boot_pdpt) + 8
	addl $4096, %eax
	movl %eax, LOW(boot_pdpt) + 16
	addl $4096, %eax
	movl %eax, LOW(boot_pdpt) + 24
	movl $LOW(boot_pdpt) + PAGE_TABLE, %eax
	movl %eax, LOW(boot_pml4)
	movl %eax, LOW(boot_pml4) + 256 * 8
	movl $LOW(boot_pdpt_high) + PAGE_TABLE, %eax
	movl %eax, LOW(boot_pml4) + 511 * 8

	movl %cr4, %eax
	orl $CR4_PAE, %eax
	movl %eax, %cr4
	movl $LOW(boot_pml4), %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	rdmsr
	orl $EFER_LME, %eax
	wrmsr
	movl %cr0, %eax
	orl $CR0_PG | CR0_WP | CR0_PE, %eax
	movl %eax, %cr0
	lgdtl LOW(boot_gdt_pointer)
	ljmpl $BOOT_CODE_SELECTOR, $LOW(boot_long_mode)

.code64
boot_long_mode:
	movabsq $boot_high, %rax
	jmpq *%rax
boot_high:
	xorl %eax, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	movl %eax, %fs
	movl %eax, %gs
	movq $boot_stack_top, %rsp
	movl %edi, %edi
	movl %esi, %esi
	movl %ebp, %eax
	addq $KERNEL_BASE, %rax
	xorl %ebp, %ebp
	callq *%rax
	ud2

/* The Limine boot protocol, "Entry memory layout" and "Machine state at entry": 64-bit mode
   with the image at its linked address; the stack there is the loader's. */
.global limine_entry
limine_entry:
	cld
	rdtsc
	movl %eax, boot_entry_tsc(%rip)
	movl %edx, boot_entry_tsc + 4(%rip)
	movq $boot_stack_top, %rsp
	xorl %ebp, %ebp
	callq limine_start
	ud2

/* boot_call_on_stack(argument, stack_top, function): leaves the boot stack for ever. */
.global boot_call_on_stack
boot_call_on_stack:
	movq %rsi, %rsp
	xorl %ebp, %ebp
	callq *%rdx
	ud2

.section .boot.rodata, "a", @progbits
.balign 8
boot_gdt:
	.quad 0
	.quad 0x00209a0000000000 /* 64-bit code, ring 0 (SDM volume 3, 3.4.5) */
boot_gdt_pointer:
	.word . - boot_gdt - 1
	.quad LOW(boot_gdt)

.section .boot.bss, "aw", @nobits
.balign 4096
boot_pml4:
	.skip 4096
boot_pdpt:
	.skip 4096
boot_pdpt_high:
	.skip 4096
boot_directories:
	.skip 4 * 4096
boot_stack:
	.skip BOOT_STACK_SIZE
boot_stack_top:
/* The time stamp counter at the kernel's first instructions. */
.global boot_entry_tsc
boot_entry_tsc:
	.skip 8
