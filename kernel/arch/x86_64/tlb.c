/**
 * tlb.c - see tlb.h.
 */
#include "arch/x86_64/tlb.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/instructions.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/vectors.h"

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

static void ask(uint64_t cpus)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        if ((cpus >> i & 1) != 0) {
            __atomic_store_n(&cpu_table[i]->flush_tlb, true, __ATOMIC_SEQ_CST);
            lapic_send_ipi(cpu_table[i]->lapic_id, VECTOR_IPI);
        }
    }
}

static void wait_for(uint64_t cpus)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        while ((cpus >> i & 1) != 0 &&
               __atomic_load_n(&cpu_table[i]->flush_tlb, __ATOMIC_ACQUIRE)) {
            x86_pause();
        }
    }
}

void tlb_flush(uint64_t cpus, uint64_t virtual, uint64_t pages)
{
    uint64_t self = 1ull << cpu_this()->index;

    if ((cpus & self) != 0) {
        flush_here(virtual, pages);
    }
    cpus &= ~self;
    if (cpus != 0) {
        ask(cpus);
        wait_for(cpus);
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
