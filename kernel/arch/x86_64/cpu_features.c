/**
 * cpu_features.c - see cpu_features.h. Control registers: SDM volume 3, 2.5.
 */
#include "arch/x86_64/cpu_features.h"

#include "arch/x86_64/instructions.h"

/** PAT entries 0 to 7, lowest byte first, as the CPU starts with them (SDM vol. 3, table
 *  11-12), but entry 1, which is write-combining. */
#define PAT_VALUE 0x0007010600070106ull

enum { MSR_PAT = 0x277 };
enum { MSR_EFER = 0xc0000080 };

struct cpu_features cpu_features;

void cpu_features_detect(void)
{
    cpu_features_read(x86_cpuid, &cpu_features);
}

void cpu_features_enable(void)
{
    x86_wrmsr(MSR_EFER, cpu_features_efer(&cpu_features, x86_rdmsr(MSR_EFER)));
    x86_write_cr0(cpu_features_cr0(x86_read_cr0()));
    x86_write_cr4(cpu_features_cr4(&cpu_features));
    x86_wrmsr(MSR_PAT, PAT_VALUE);
    x86_write_dr7(0x400); /* the bit that is always 1 */
}
