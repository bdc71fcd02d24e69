/**
 * descriptors.h - the tables of segments and gates in 64-bit mode (SDM volume 3, 3.4.5, 6.14,
 * 8.7).
 */
#ifndef CORE_DESCRIPTORS_H
#define CORE_DESCRIPTORS_H

#include "core/trap_frame.h"
#include "core/vectors.h"
#include <stdbool.h>
#include <stdint.h>

/** The task state segment (Intel SDM vol. 3, 8.7). */
struct tss {
    uint32_t reserved_0;
    uint64_t rsp[3];
    uint64_t reserved_1;
    uint64_t ist[7]; /**< ist[n - 1] is IST n */
    uint64_t reserved_2;
    uint16_t reserved_3;
    uint16_t io_map_base;
} __attribute__((packed));
_Static_assert(sizeof(struct tss) == 104, "Intel SDM vol. 3, figure 8-11");

/** A gate in 64-bit mode (SDM volume 3, figure 6-8). */
struct idt_gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t ist; /**< 0: the stack of the privilege change */
    uint8_t attributes;
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved;
};
_Static_assert(sizeof(struct idt_gate) == 16, "SDM volume 3, figure 6-8");

/** Which entry of the TSS's IST, from 1. */
enum gdt_ist {
    IST_NMI = 1,
    IST_DOUBLE_FAULT = 2,
    IST_MACHINE_CHECK = 3,
    IST_DEBUG = 4
};

/** 64-bit words of a GDT with the selectors of trap_frame.h, the TSS last. */
#define DESCRIPTORS_GDT_WORDS (SELECTOR_TSS / 8 + 2)

/** Fills a GDT; the TSS's descriptor is for the one at @p tss. */
void descriptors_gdt(uint64_t gdt[DESCRIPTORS_GDT_WORDS], uint64_t tss);

enum { DESCRIPTORS_INTERRUPT = 0x8e, DESCRIPTORS_FROM_RING_3 = 0x60 };

/** Which stack of its own a vector has; 0: none. */
static inline uint8_t descriptors_ist(unsigned vector)
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

/** The interrupt gate of @p vector with the handler at @p offset: ring 3 may use it by an
 *  instruction for breakpoint and overflow only, and what may come where RSP is ring 3's
 *  has a stack of its own. */
static inline struct idt_gate descriptors_gate(unsigned vector, uint64_t offset)
{
    bool from_user = vector == VECTOR_BREAKPOINT || vector == VECTOR_OVERFLOW;

    return (struct idt_gate){
        .offset_low = (uint16_t)offset,
        .selector = SELECTOR_KERNEL_CODE,
        .ist = descriptors_ist(vector),
        .attributes = DESCRIPTORS_INTERRUPT | (from_user ? DESCRIPTORS_FROM_RING_3 : 0),
        .offset_middle = (uint16_t)(offset >> 16),
        .offset_high = (uint32_t)(offset >> 32),
    };
}

#endif
