/**
 * gdt.c - see gdt.h.
 */
#include "arch/x86_64/gdt.h"

#include "arch/x86_64/instructions.h"

enum { MSR_GS_BASE = 0xc0000101, MSR_KERNEL_GS_BASE = 0xc0000102 };
enum { GDT_BYTES = DESCRIPTORS_GDT_WORDS * 8 };

_Static_assert(GDT_BYTES <= sizeof((struct cpu *)0)->gdt, "struct cpu has room for it");

static uint64_t ist_top(struct cpu *cpu, enum gdt_ist ist)
{
    return (uint64_t)(cpu->ist_stacks[ist - 1] + IST_STACK_SIZE);
}

void gdt_init(struct cpu *cpu)
{
    struct x86_table_pointer pointer = {GDT_BYTES - 1, (uint64_t)cpu->gdt};

    cpu->self = cpu;
    cpu->stack_top = (uint64_t)(cpu->stack + CPU_STACK_SIZE);
    descriptors_gdt(cpu->gdt, (uint64_t)&cpu->tss);
    for (enum gdt_ist ist = IST_NMI; ist <= IST_DEBUG; ist++) {
        cpu->tss.ist[ist - 1] = ist_top(cpu, ist);
    }
    cpu->tss.rsp[0] = cpu->stack_top;
    cpu->tss.io_map_base = sizeof cpu->tss; /* none: ring 3 has no ports */
    x86_lgdt(&pointer);
    gdt_load_segments();
    x86_lldt(0);
    x86_ltr(SELECTOR_TSS);
    x86_wrmsr(MSR_GS_BASE, (uint64_t)cpu);
    x86_wrmsr(MSR_KERNEL_GS_BASE, 0);
}
