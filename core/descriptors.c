/**
 * descriptors.c - see descriptors.h.
 */
#include "core/descriptors.h"

#include "core/vectors.h"
#include <stdbool.h>

enum { GATE_INTERRUPT = 0x8e, GATE_FROM_RING_3 = 0x60 };

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

static uint8_t ist_of(unsigned vector)
{
    switch (vector) {
    case VECTOR_NMI:
        return IST_NMI;
    case VECTOR_DOUBLE_FAULT:
        return IST_DOUBLE_FAULT;
    case VECTOR_MACHINE_CHECK:
        return IST_MACHINE_CHECK;
    case VECTOR_DEBUG:
        return IST_DEBUG;
    default:
        return 0;
    }
}

struct idt_gate descriptors_gate(unsigned vector, uint64_t offset)
{
    bool from_user = vector == VECTOR_BREAKPOINT || vector == VECTOR_OVERFLOW;

    return (struct idt_gate){
        .offset_low = (uint16_t)offset,
        .selector = SELECTOR_KERNEL_CODE,
        .ist = ist_of(vector),
        .attributes = GATE_INTERRUPT | (from_user ? GATE_FROM_RING_3 : 0),
        .offset_middle = (uint16_t)(offset >> 16),
        .offset_high = (uint32_t)(offset >> 32),
    };
}
