/**
 * cpu_features.h - what a CPU can do (CPUID; SDM volume 2), and the control registers that
 * switch it on (SDM volume 3, 2.5). Pure: CPUID is lent.
 */
#ifndef CORE_CPU_FEATURES_H
#define CORE_CPU_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

struct cpuid_result {
    uint32_t eax;
    uint32_t ebx;
    uint32_t ecx;
    uint32_t edx;
};

/** The instruction CPUID. */
typedef struct cpuid_result cpuid_ask(uint32_t leaf, uint32_t subleaf);

struct cpu_features {
    bool nx;         /**< no-execute pages */
    bool pages_1gib; /**< 1 GiB pages */
    bool pge;        /**< global pages */
    bool smep;
    bool smap;
    bool umip;
    bool xsave;
    bool fxsr;
    bool avx;
    bool sse41;
    bool x2apic;
    bool tsc_deadline;
    bool tsc_invariant;
    bool hypervisor; /**< leaves from 0x40000000 on are meaningful */
    bool syscall;
    uint32_t max_leaf;
};

/** Fills @p out_features in. */
void cpu_features_read(cpuid_ask *ask, struct cpu_features *out_features);

/** The TSC's rate in Hz where CPUID tells it (SDM volume 3, 18.7.3); 0 where not. */
uint64_t cpu_features_tsc_rate(const struct cpu_features *features, cpuid_ask *ask);

/** EFER, CR0 and CR4 with what there is of NX, SYSCALL, write protection, global pages,
 *  SMEP, SMAP, UMIP, FXSAVE and XSAVE. All of CR4 is said: what a boot loader left on
 *  (PCIDE, FSGSBASE, ...) goes. */
uint64_t cpu_features_efer(const struct cpu_features *features, uint64_t efer);
uint64_t cpu_features_cr0(uint64_t cr0);
uint64_t cpu_features_cr4(const struct cpu_features *features);

/** The components of XCR0 that are used: x87, SSE, AVX and AVX-512 as far as the CPU has
 *  them; 0 without XSAVE. */
uint64_t cpu_features_xcr0(const struct cpu_features *features, cpuid_ask *ask);

#endif
