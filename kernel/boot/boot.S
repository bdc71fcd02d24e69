/*
 * boot.S - the entries that are not C: PVH's and Multiboot2's, from 32 bits into long mode, and
 * Limine's.
 *
 * PVH (Xen's docs/misc/pvh.pandoc): `qemu -kernel`. EBX is the physical address of struct
 * hvm_start_info. Multiboot2 (its specification, 3.1 and 3.3): GRUB. EAX is the magic number,
 * EBX the address of the information. Both: 32-bit protected mode with flat segments, no paging,
 * interrupts off. All is linked high, and runs at 2 MiB: an address there is LOW(symbol).
 */
#define KERNEL_BASE 0xffffffff80000000
#define LOW(symbol) ((symbol) - KERNEL_BASE)
#define XEN_ELFNOTE_PHYS32_ENTRY 18
#define MULTIBOOT2_MAGIC 0xe85250d6
#define CR0_LONG_MODE 0x80010001 /* PG, WP, PE */
#define CR4_PAE (1 << 5)
#define MSR_EFER 0xc0000080
#define EFER_LME (1 << 8)
#define PAGE_TABLE 0x003 /* present, writable */
#define PAGE_2MIB 0x083  /* and of 2 MiB */
#define BOOT_STACK_SIZE 16384

.global limine_entry, boot_call_on_stack, boot_entry_tsc
.section .note.pvh, "a", @note
.balign 4
	.long 4, 4, XEN_ELFNOTE_PHYS32_ENTRY
	.asciz "Xen"
	.long LOW(pvh_entry)

.section .multiboot2, "a", @progbits
.balign 8
header:
	.long MULTIBOOT2_MAGIC, 0, header_end - header
	.long 0x100000000 - (MULTIBOOT2_MAGIC + (header_end - header))
	.short 3, 0 /* tag: entry address */
	.long 12, LOW(multiboot2_entry), 0
	.short 5, 1 /* tag: framebuffer, optional, of any size and 32 bits a pixel */
	.long 20, 0, 0, 32, 0
	.short 6, 0 /* tag: modules on page boundaries */
	.long 8
	.short 0, 0 /* tag: end */
	.long 8
header_end:

.section .boot.text, "ax", @progbits
.code32
multiboot2_entry:
	movl $LOW(multiboot2_start), %ebp
	jmp 1f
pvh_entry:
	movl $LOW(pvh_start), %ebp
1:	/* EBP(EBX, EAX) is to be called in long mode. */
	cli
	cld
	movl %ebx, %edi
	movl %eax, %esi
	rdtsc
	movl %eax, LOW(boot_entry_tsc)
	movl %edx, LOW(boot_entry_tsc) + 4
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
	orl $CR0_LONG_MODE, %eax
	movl %eax, %cr0
	lgdtl LOW(boot_gdt_pointer)
	ljmpl $8, $LOW(boot_long_mode)
.code64
boot_long_mode:
	movabsq $boot_high, %rax
	jmpq *%rax
boot_high:
	xorl %eax, %eax
	.irp segment, ds, es, ss, fs, gs
	movl %eax, %\segment
	.endr
	movl %edi, %edi
	movl %esi, %esi
	movl %ebp, %edx
	addq $KERNEL_BASE, %rdx
	jmp boot_call

/* The Limine boot protocol, "Entry memory layout" and "Machine state at entry": 64-bit mode
   with the image at its linked address; the stack there is the loader's. */
limine_entry:
	cld
	rdtsc
	movl %eax, boot_entry_tsc(%rip)
	movl %edx, boot_entry_tsc + 4(%rip)
	movq $limine_start, %rdx
boot_call:
	movq $boot_stack_top, %rsp
1:	xorl %ebp, %ebp
	callq *%rdx
	ud2

/* boot_call_on_stack(argument, stack_top, function): leaves the boot stack for ever. */
boot_call_on_stack:
	movq %rsi, %rsp
	jmp 1b

.section .boot.rodata, "a", @progbits
.balign 8
boot_gdt:
	.quad 0, 0x00209a0000000000 /* 64-bit code, ring 0 (SDM volume 3, 3.4.5) */
boot_gdt_pointer:
	.word . - boot_gdt - 1
	.quad LOW(boot_gdt)

/* The early page tables: the first 4 GiB at 0 and at HHDM_BASE, the first GiB of them at
   KERNEL_BASE as well, by 2 MiB pages (SDM volume 3, 4.5). */
.section .boot.data, "aw", @progbits
.balign 4096
boot_pml4:
	.quad LOW(boot_pdpt) + PAGE_TABLE
	.fill 255, 8, 0
	.quad LOW(boot_pdpt) + PAGE_TABLE
	.fill 254, 8, 0
	.quad LOW(boot_pdpt_high) + PAGE_TABLE
boot_pdpt:
	.irp number, 0, 1, 2, 3
	.quad LOW(boot_directories) + \number * 4096 + PAGE_TABLE
	.endr
	.fill 508, 8, 0
boot_pdpt_high:
	.fill 510, 8, 0
	.quad LOW(boot_directories) + PAGE_TABLE, 0
boot_directories:
.set page, 0
.rept 2048
	.quad page + PAGE_2MIB
	.set page, page + 0x200000
.endr

.section .boot.bss, "aw", @nobits
.balign 16
	.skip BOOT_STACK_SIZE
boot_stack_top:
/* The time stamp counter at the kernel's first instructions. */
boot_entry_tsc:
	.skip 8
