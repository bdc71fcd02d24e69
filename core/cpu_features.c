/**
 * cpu_features.c - see cpu_features.h.
 */
#include "core/cpu_features.h"

enum { EFER_SCE = 1 << 0, EFER_NXE = 1 << 11 };

enum {
    CR0_MP = 1 << 1,
    CR0_EM = 1 << 2,
    CR0_TS = 1 << 3,
    CR0_NE = 1 << 5,
    CR0_WP = 1 << 16,
    CR0_AM = 1 << 18,
    CR0_NW = 1 << 29,
    CR0_CD = 1 << 30
};

enum {
    CR4_PGE = 1 << 7,
    CR4_OSFXSR = 1 << 9,
    CR4_OSXMMEXCPT = 1 << 10,
    CR4_UMIP = 1 << 11,
    CR4_OSXSAVE = 1 << 18,
    CR4_SMEP = 1 << 20,
    CR4_SMAP = 1 << 21,
    CR4_PAE = 1 << 5,
    CR4_MCE = 1 << 6
};

enum { XCR0_X87_SSE = 0x3, XCR0_AVX = 0x4, XCR0_AVX512 = 0xe0, LEAF_XSAVE = 0xd };

static bool bit(uint32_t word, unsigned position)
{
    return (word >> position & 1) != 0;
}

static void detect_basic(struct cpu_features *features, cpuid_ask *ask)
{
    struct cpuid_result leaf = ask(1, 0);

    features->pge = bit(leaf.edx, 13);
    features->fxsr = bit(leaf.edx, 24);
    features->sse41 = bit(leaf.ecx, 19);
    features->x2apic = bit(leaf.ecx, 21);
    features->tsc_deadline = bit(leaf.ecx, 24);
    features->xsave = bit(leaf.ecx, 26);
    features->avx = bit(leaf.ecx, 28);
    features->hypervisor = bit(leaf.ecx, 31);
}

static void detect_extended(struct cpu_features *features, cpuid_ask *ask)
{
    uint32_t max_leaf = ask(0x80000000, 0).eax;
    struct cpuid_result leaf;

    if (max_leaf >= 0x80000001) {
        leaf = ask(0x80000001, 0);
        features->syscall = bit(leaf.edx, 11);
        features->nx = bit(leaf.edx, 20);
        features->pages_1gib = bit(leaf.edx, 26);
    }
    if (max_leaf >= 0x80000007) {
        features->tsc_invariant = bit(ask(0x80000007, 0).edx, 8);
    }
}

void cpu_features_read(cpuid_ask *ask, struct cpu_features *out_features)
{
    struct cpu_features *features = out_features;

    *features = (struct cpu_features){.max_leaf = ask(0, 0).eax};
    detect_basic(features, ask);
    if (features->max_leaf >= 7) {
        struct cpuid_result leaf = ask(7, 0);

        features->smep = bit(leaf.ebx, 7);
        features->smap = bit(leaf.ebx, 20);
        features->umip = bit(leaf.ecx, 2);
    }
    detect_extended(features, ask);
}

uint64_t cpu_features_tsc_rate(const struct cpu_features *features, cpuid_ask *ask)
{
    if (features->max_leaf >= 0x15) {
        struct cpuid_result leaf = ask(0x15, 0);

        if (leaf.eax != 0 && leaf.ebx != 0 && leaf.ecx != 0) {
            return (uint64_t)leaf.ecx * leaf.ebx / leaf.eax;
        }
    }
    /* The leaf that hypervisors have agreed on: kHz in EAX. */
    if (features->hypervisor && ask(0x40000000, 0).eax >= 0x40000010) {
        return (uint64_t)ask(0x40000010, 0).eax * 1000;
    }
    return 0;
}

static uint64_t when(bool present, uint64_t bits)
{
    return present ? bits : 0;
}

uint64_t cpu_features_efer(const struct cpu_features *features, uint64_t efer)
{
    return efer | when(features->syscall, EFER_SCE) | when(features->nx, EFER_NXE);
}

uint64_t cpu_features_cr0(uint64_t cr0)
{
    cr0 &= ~(uint64_t)(CR0_EM | CR0_TS | CR0_AM | CR0_NW | CR0_CD);
    return cr0 | CR0_MP | CR0_NE | CR0_WP;
}

uint64_t cpu_features_cr4(const struct cpu_features *features)
{
    return CR4_PAE | CR4_MCE | when(features->pge, CR4_PGE) |
           when(features->fxsr, CR4_OSFXSR | CR4_OSXMMEXCPT) |
           when(features->umip, CR4_UMIP) | when(features->xsave, CR4_OSXSAVE) |
           when(features->smep, CR4_SMEP) | when(features->smap, CR4_SMAP);
}

uint64_t cpu_features_xcr0(const struct cpu_features *features, cpuid_ask *ask)
{
    uint64_t there = features->xsave ? ask(LEAF_XSAVE, 0).eax : 0;
    uint64_t chosen = there & (XCR0_X87_SSE | XCR0_AVX);

    if ((there & XCR0_AVX512) == XCR0_AVX512 && (chosen & XCR0_AVX) != 0) {
        chosen |= XCR0_AVX512;
    }
    return chosen;
}
