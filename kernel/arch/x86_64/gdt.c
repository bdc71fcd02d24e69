/**
 * gdt.c - see gdt.h.
 */
#include "arch/x86_64/gdt.h"

#include "arch/x86_64/instructions.h"
#include "core/trap_frame.h"

enum { MSR_GS_BASE = 0xc0000101, MSR_KERNEL_GS_BASE = 0xc0000102 };
enum { GDT_BYTES = SELECTOR_TSS + 16 };

/* Segment descriptors of 64-bit mode: base and limit don't count (SDM volume 3, 5.2.1). */
static const uint64_t DESCRIPTOR_KERNEL_CODE = 0x00209b0000000000;
static const uint64_t DESCRIPTOR_KERNEL_DATA = 0x0000930000000000;
static const uint64_t DESCRIPTOR_USER_DATA = 0x0000f30000000000;
static const uint64_t DESCRIPTOR_USER_CODE = 0x0020fb0000000000;
/* An available 64-bit TSS, present (SDM volume 3, 8.2.3). */
static const uint64_t DESCRIPTOR_TSS = 0x0000890000000000;

_Static_assert(GDT_BYTES <= sizeof((struct cpu *)0)->gdt, "struct cpu has room for it");

static void set_tss_descriptor(struct cpu *cpu)
{
    uint64_t base = (uint64_t)&cpu->tss;
    uint64_t limit = sizeof cpu->tss - 1;

    cpu->gdt[SELECTOR_TSS / 8] =
        DESCRIPTOR_TSS | limit | (base & 0xffffff) << 16 | (base >> 24 & 0xff) << 56;
    cpu->gdt[SELECTOR_TSS / 8 + 1] = base >> 32;
}

static uint64_t ist_top(struct cpu *cpu, enum gdt_ist ist)
{
    return (uint64_t)(cpu->ist_stacks[ist - 1] + IST_STACK_SIZE);
}

void gdt_init(struct cpu *cpu)
{
    struct x86_table_pointer pointer = {GDT_BYTES - 1, (uint64_t)cpu->gdt};

    cpu->self = cpu;
    cpu->stack_top = (uint64_t)(cpu->stack + CPU_STACK_SIZE);
    cpu->gdt[0] = 0;
    cpu->gdt[SELECTOR_KERNEL_CODE / 8] = DESCRIPTOR_KERNEL_CODE;
    cpu->gdt[SELECTOR_KERNEL_DATA / 8] = DESCRIPTOR_KERNEL_DATA;
    cpu->gdt[SELECTOR_USER_DATA / 8] = DESCRIPTOR_USER_DATA;
    cpu->gdt[SELECTOR_USER_CODE / 8] = DESCRIPTOR_USER_CODE;
    for (enum gdt_ist ist = IST_NMI; ist <= IST_DEBUG; ist++) {
        cpu->tss.ist[ist - 1] = ist_top(cpu, ist);
    }
    cpu->tss.rsp[0] = cpu->stack_top;
    cpu->tss.io_map_base = sizeof cpu->tss; /* none: ring 3 has no ports */
    set_tss_descriptor(cpu);
    x86_lgdt(&pointer);
    gdt_load_segments();
    x86_lldt(0);
    x86_ltr(SELECTOR_TSS);
    x86_wrmsr(MSR_GS_BASE, (uint64_t)cpu);
    x86_wrmsr(MSR_KERNEL_GS_BASE, 0);
}
