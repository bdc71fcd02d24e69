/**
 * idt.c - see idt.h.
 */
#include "arch/x86_64/idt.h"

#include "arch/x86_64/entry.h"
#include "arch/x86_64/instructions.h"
#include "core/descriptors.h"
#include "core/vectors.h"
#include <stdint.h>

static struct idt_gate idt[VECTOR_COUNT] __attribute__((aligned(16)));

void idt_init(void)
{
    for (unsigned vector = 0; vector < VECTOR_COUNT; vector++) {
        idt[vector] = descriptors_gate(
            vector, (uint64_t)(entry_stubs + (uint64_t)vector * ENTRY_STUB_SIZE));
    }
}

void idt_load(void)
{
    struct x86_table_pointer pointer = {sizeof idt - 1, (uint64_t)idt};

    x86_lidt(&pointer);
}
