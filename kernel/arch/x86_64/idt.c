/**
 * idt.c - see idt.h.
 */
#include "arch/x86_64/idt.h"

#include "arch/x86_64/entry.h"
#include "arch/x86_64/gdt.h"
#include "arch/x86_64/instructions.h"
#include "core/trap_frame.h"
#include "core/vectors.h"
#include <stdbool.h>
#include <stdint.h>

/** A gate in 64-bit mode (SDM volume 3, figure 6-8). */
struct idt_gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t ist; /* 0: the stack of the privilege change */
    uint8_t attributes;
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved;
};
_Static_assert(sizeof(struct idt_gate) == 16, "SDM volume 3, figure 6-8");

enum { GATE_INTERRUPT = 0x8e, GATE_FROM_RING_3 = 0x60 };
enum { VECTOR_BREAKPOINT = 3, VECTOR_OVERFLOW = 4 };

static struct idt_gate idt[VECTOR_COUNT] __attribute__((aligned(16)));

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

void idt_init(void)
{
    for (unsigned vector = 0; vector < VECTOR_COUNT; vector++) {
        uint64_t stub = (uint64_t)(entry_stubs + (uint64_t)vector * ENTRY_STUB_SIZE);
        bool from_user = vector == VECTOR_BREAKPOINT || vector == VECTOR_OVERFLOW;

        idt[vector] = (struct idt_gate){
            .offset_low = (uint16_t)stub,
            .selector = SELECTOR_KERNEL_CODE,
            .ist = ist_of(vector),
            .attributes = GATE_INTERRUPT | (from_user ? GATE_FROM_RING_3 : 0),
            .offset_middle = (uint16_t)(stub >> 16),
            .offset_high = (uint32_t)(stub >> 32),
        };
    }
}

void idt_load(void)
{
    struct x86_table_pointer pointer = {sizeof idt - 1, (uint64_t)idt};

    x86_lidt(&pointer);
}
