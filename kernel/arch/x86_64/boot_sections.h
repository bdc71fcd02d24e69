/**
 * boot_sections.h - the parts of the kernel's image (kernel.ld), and giving back the ones
 * that only boot needs.
 */
#ifndef ARCH_X86_64_BOOT_SECTIONS_H
#define ARCH_X86_64_BOOT_SECTIONS_H

#include <stdint.h>

/** The image, from its first byte to behind its last, each part in whole pages: boot text
 *  (RX), boot read-only data (R), boot data and bss (RW), then the same three that stay. */
extern uint8_t image_start[];
extern uint8_t image_boot_text_start[];
extern uint8_t image_boot_rodata_start[];
extern uint8_t image_boot_data_start[];
extern uint8_t image_boot_end[];
extern uint8_t image_text_start[];
extern uint8_t image_rodata_start[];
extern uint8_t image_data_start[];
extern uint8_t image_end[];

/**
 * Takes the boot sections out of the kernel's address space, after which nothing of
 * kernel/boot may be used. Their frames are free for whoever noted them from the memory
 * map (MEMORY_RECLAIMABLE).
 *
 * The direct map has them writable from the start, so other CPUs may be started already;
 * smp_release() flushes their TLBs.
 */
void boot_sections_release(void);

#endif
