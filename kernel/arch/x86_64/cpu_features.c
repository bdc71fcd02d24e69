/**
 * cpu_features.c - see cpu_features.h. Control registers: SDM volume 3, 2.5; EFER: 2.2.1.
 */
#include "arch/x86_64/cpu_features.h"

#include "arch/x86_64/instructions.h"

/** PAT entries 0 to 7, lowest byte first, as the CPU starts with them (SDM vol. 3, table
 *  11-12), but entry 1, which is write-combining. */
#define PAT_VALUE 0x0007010600070106ull

enum { MSR_PAT = 0x277 };
enum { MSR_EFER = 0xc0000080, EFER_SCE = 1 << 0, EFER_NXE = 1 << 11 };

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

struct cpu_features cpu_features;

static bool bit(uint32_t word, unsigned position)
{
    return (word >> position & 1) != 0;
}

static void detect_basic(struct cpu_features *features)
{
    struct x86_cpuid_result leaf = x86_cpuid(1, 0);

    features->pge = bit(leaf.edx, 13);
    features->fxsr = bit(leaf.edx, 24);
    features->sse41 = bit(leaf.ecx, 19);
    features->x2apic = bit(leaf.ecx, 21);
    features->tsc_deadline = bit(leaf.ecx, 24);
    features->xsave = bit(leaf.ecx, 26);
    features->avx = bit(leaf.ecx, 28);
    features->hypervisor = bit(leaf.ecx, 31);
}

static void detect_extended(struct cpu_features *features)
{
    uint32_t max_leaf = x86_cpuid(0x80000000, 0).eax;
    struct x86_cpuid_result leaf;

    if (max_leaf >= 0x80000001) {
        leaf = x86_cpuid(0x80000001, 0);
        features->syscall = bit(leaf.edx, 11);
        features->nx = bit(leaf.edx, 20);
        features->pages_1gib = bit(leaf.edx, 26);
    }
    if (max_leaf >= 0x80000007) {
        features->tsc_invariant = bit(x86_cpuid(0x80000007, 0).edx, 8);
    }
}

void cpu_features_detect(void)
{
    struct cpu_features *features = &cpu_features;

    *features = (struct cpu_features){.max_leaf = x86_cpuid(0, 0).eax};
    detect_basic(features);
    if (features->max_leaf >= 7) {
        struct x86_cpuid_result leaf = x86_cpuid(7, 0);

        features->smep = bit(leaf.ebx, 7);
        features->smap = bit(leaf.ebx, 20);
        features->umip = bit(leaf.ecx, 2);
    }
    detect_extended(features);
}

static uint64_t when(bool present, uint64_t bits)
{
    return present ? bits : 0;
}

void cpu_features_enable(void)
{
    const struct cpu_features *features = &cpu_features;
    uint64_t cr0 = x86_read_cr0();

    x86_wrmsr(MSR_EFER, x86_rdmsr(MSR_EFER) | when(features->syscall, EFER_SCE) |
                            when(features->nx, EFER_NXE));
    cr0 &= ~(uint64_t)(CR0_EM | CR0_TS | CR0_AM | CR0_NW | CR0_CD);
    x86_write_cr0(cr0 | CR0_MP | CR0_NE | CR0_WP);
    /* All of CR4 is set here: what a boot loader left on (PCIDE, FSGSBASE, ...) goes. */
    x86_write_cr4(CR4_PAE | CR4_MCE | when(features->pge, CR4_PGE) |
                  when(features->fxsr, CR4_OSFXSR | CR4_OSXMMEXCPT) |
                  when(features->umip, CR4_UMIP) | when(features->xsave, CR4_OSXSAVE) |
                  when(features->smep, CR4_SMEP) | when(features->smap, CR4_SMAP));
    x86_wrmsr(MSR_PAT, PAT_VALUE);
    x86_write_dr7(0x400); /* the bit that is always 1 */
}
