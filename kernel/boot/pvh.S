/*
 * pvh.S - the PVH entry: qemu -kernel, and Xen (Xen's docs/misc/pvh.pandoc and
 * xen/include/public/elfnote.h, XEN_ELFNOTE_PHYS32_ENTRY).
 *
 * EBX is the physical address of struct hvm_start_info; 32-bit protected mode with flat
 * segments, no paging, interrupts off.
 */
#define KERNEL_BASE 0xffffffff80000000
#define XEN_ELFNOTE_PHYS32_ENTRY 18

.section .note.pvh, "a", @note
.balign 4
	.long 2f - 1f
	.long 4f - 3f
	.long XEN_ELFNOTE_PHYS32_ENTRY
1:	.asciz "Xen"
2:	.balign 4
3:	.long pvh_entry - KERNEL_BASE
4:	.balign 4

.section .boot.text, "ax", @progbits
.code32
pvh_entry:
	cli
	movl %ebx, %edi
	xorl %esi, %esi
	movl $(pvh_start - KERNEL_BASE), %ebp
	jmp boot_enter_long_mode
