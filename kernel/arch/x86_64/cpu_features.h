/**
 * cpu_features.h - what the CPU can do (CPUID; SDM volume 2), and switching it on.
 *
 * The boot CPU is asked once; the others are taken to be like it.
 */
#ifndef ARCH_X86_64_CPU_FEATURES_H
#define ARCH_X86_64_CPU_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

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

/** The boot CPU's; valid after cpu_features_detect(). */
extern struct cpu_features cpu_features;

/** Fills cpu_features in. */
void cpu_features_detect(void);

/**
 * On each CPU: switches on what there is of NX, SYSCALL, write protection, global pages,
 * SMEP, SMAP, UMIP, FXSAVE and XSAVE (XCR0 is fpu.c's), clears CR0.EM and TS and DR7,
 * and makes PAT entry 1 write-combining.
 */
void cpu_features_enable(void);

#endif
