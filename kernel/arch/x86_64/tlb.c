/**
 * tlb.c - see tlb.h.
 */
#include "arch/x86_64/tlb.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/instructions.h"
#include "arch/x86_64/lapic.h"
#include "core/vectors.h"

/** From so many pages on, reloading CR3 is cheaper than INVLPG for each. */
enum { INVLPG_PAGES_MAX = 32 };

static void flush_here(uint64_t virtual, uint64_t pages)
{
    if (pages > INVLPG_PAGES_MAX) {
        x86_write_cr3(cpu_this()->cr3);
        return;
    }
    for (uint64_t i = 0; i < pages; i++) {
        x86_invlpg((const void *)(virtual + (i << 12)));
    }
}

/** Asks the other CPUs that have @p cr3 loaded; answers which ones those are. */
static uint64_t ask(uint64_t cr3)
{
    const struct cpu *self = cpu_this();
    uint64_t asked = 0;

    x86_mfence();
    for (uint32_t i = 0; i < cpu_count; i++) {
        struct cpu *cpu = cpu_table[i];

        if (cpu != self && __atomic_load_n(&cpu->cr3, __ATOMIC_RELAXED) == cr3) {
            __atomic_store_n(&cpu->flush_tlb, true, __ATOMIC_SEQ_CST);
            lapic_send_ipi(cpu->lapic_id, VECTOR_IPI);
            asked |= 1ull << i;
        }
    }
    return asked;
}

static void wait_for(uint64_t asked)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        while ((asked >> i & 1) != 0 &&
               __atomic_load_n(&cpu_table[i]->flush_tlb, __ATOMIC_ACQUIRE)) {
            x86_pause();
        }
    }
}

void tlb_flush(uint64_t cr3, uint64_t virtual, uint64_t pages)
{
    if (cpu_this()->cr3 == cr3) {
        flush_here(virtual, pages);
    }
    if (cpu_count > 1) {
        wait_for(ask(cr3));
    }
}

void tlb_serve(void)
{
    struct cpu *cpu = cpu_this();

    if (__atomic_load_n(&cpu->flush_tlb, __ATOMIC_ACQUIRE)) {
        x86_write_cr3(x86_read_cr3());
        __atomic_store_n(&cpu->flush_tlb, false, __ATOMIC_RELEASE);
    }
}
