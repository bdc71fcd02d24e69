/*
 * multiboot2.S - the Multiboot2 header and entry: GRUB (Multiboot2 specification 2.0,
 * sections 3.1 and 3.3).
 *
 * EAX is the magic number, EBX the physical address of the information; 32-bit protected
 * mode with flat segments, no paging, interrupts off, no stack.
 */
#define KERNEL_BASE 0xffffffff80000000
#define HEADER_MAGIC 0xe85250d6
#define HEADER_ARCHITECTURE_I386 0
#define HEADER_TAG_END 0
#define HEADER_TAG_ENTRY_ADDRESS 3
#define HEADER_TAG_FRAMEBUFFER 5
#define HEADER_TAG_MODULE_ALIGN 6
#define HEADER_TAG_OPTIONAL 1

.section .multiboot2, "a", @progbits
.balign 8
header:
	.long HEADER_MAGIC
	.long HEADER_ARCHITECTURE_I386
	.long header_end - header
	.long 0x100000000 - (HEADER_MAGIC + HEADER_ARCHITECTURE_I386 + (header_end - header))
.balign 8
	.short HEADER_TAG_ENTRY_ADDRESS, 0
	.long 12
	.long multiboot2_entry - KERNEL_BASE
.balign 8
	.short HEADER_TAG_FRAMEBUFFER, HEADER_TAG_OPTIONAL
	.long 20
	.long 0, 0, 32 /* any size, 32 bits a pixel */
.balign 8
	.short HEADER_TAG_MODULE_ALIGN, 0
	.long 8
.balign 8
	.short HEADER_TAG_END, 0
	.long 8
header_end:

.section .boot.text, "ax", @progbits
.code32
multiboot2_entry:
	cli
	movl %ebx, %edi
	movl %eax, %esi
	movl $(multiboot2_start - KERNEL_BASE), %ebp
	jmp boot_enter_long_mode
