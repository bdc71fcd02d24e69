/**
 * descriptors.c - see descriptors.h.
 */
#include "core/descriptors.h"

/* Segment descriptors of 64-bit mode: base and limit don't count (SDM volume 3, 5.2.1). */
static const uint64_t DESCRIPTOR_KERNEL_CODE = 0x00209b0000000000;
static const uint64_t DESCRIPTOR_KERNEL_DATA = 0x0000930000000000;
static const uint64_t DESCRIPTOR_USER_DATA = 0x0000f30000000000;
static const uint64_t DESCRIPTOR_USER_CODE = 0x0020fb0000000000;
/* An available 64-bit TSS, present (SDM volume 3, 8.2.3). */
static const uint64_t DESCRIPTOR_TSS = 0x0000890000000000;

void descriptors_gdt(uint64_t gdt[DESCRIPTORS_GDT_WORDS], uint64_t tss)
{
    uint64_t limit = sizeof(struct tss) - 1;

    gdt[0] = 0;
    gdt[SELECTOR_KERNEL_CODE / 8] = DESCRIPTOR_KERNEL_CODE;
    gdt[SELECTOR_KERNEL_DATA / 8] = DESCRIPTOR_KERNEL_DATA;
    gdt[SELECTOR_USER_DATA / 8] = DESCRIPTOR_USER_DATA;
    gdt[SELECTOR_USER_CODE / 8] = DESCRIPTOR_USER_CODE;
    gdt[SELECTOR_TSS / 8] =
        DESCRIPTOR_TSS | limit | (tss & 0xffffff) << 16 | (tss >> 24 & 0xff) << 56;
    gdt[SELECTOR_TSS / 8 + 1] = tss >> 32;
}
