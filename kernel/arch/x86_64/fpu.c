/**
 * fpu.c - see fpu.h.
 */
#include "arch/x86_64/fpu.h"

#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/instructions.h"
#include "core/assert.h"

#define CPUID_XSAVE     0xd
#define CPUID_XSAVE_OPT 1u /**< leaf 0xd, subleaf 1, EAX */

static uint64_t components; /**< 0: FXSAVE */
static bool optimised;

void fpu_init_cpu(void)
{
    if (!cpu_features.xsave) {
        return;
    }
    components = cpu_features_xcr0(&cpu_features, x86_cpuid);
    optimised = (x86_cpuid(CPUID_XSAVE, 1).eax & CPUID_XSAVE_OPT) != 0;
    x86_xsetbv(0, components);
    ASSERT(x86_cpuid(CPUID_XSAVE, 0).ebx <= FPU_AREA_SIZE);
}

static uint32_t stmxcsr(void)
{
    uint32_t mxcsr;

    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    return mxcsr;
}

static uint16_t fnstcw(void)
{
    uint16_t word;

    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}

static void fxsave(struct fpu_area *area)
{
    __asm__ volatile("fxsave64 %0" : "=m"(*area));
}

static void fxrstor(const struct fpu_area *area)
{
    __asm__ volatile("fxrstor64 %0" : : "m"(*area));
}

static void xsave(struct fpu_area *area)
{
    __asm__ volatile("xsave64 %0"
                     : "+m"(*area)
                     : "a"((uint32_t)components), "d"((uint32_t)(components >> 32)));
}

static void xsaveopt(struct fpu_area *area)
{
    __asm__ volatile("xsaveopt64 %0"
                     : "+m"(*area)
                     : "a"((uint32_t)components), "d"((uint32_t)(components >> 32)));
}

static void xrstor(const struct fpu_area *area)
{
    __asm__ volatile("xrstor64 %0"
                     :
                     : "m"(*area), "a"((uint32_t)components),
                       "d"((uint32_t)(components >> 32)));
}

void fpu_save(struct fpu_area *area)
{
    if (components == 0) {
        fxsave(area);
    } else if (optimised) {
        xsaveopt(area);
    } else {
        xsave(area);
    }
}

void fpu_reset(struct fpu_area *area)
{
    fpu_area_reset(area, components != 0, stmxcsr(), fnstcw());
}

void fpu_load(const struct fpu_area *area)
{
    if (components == 0) {
        fxrstor(area);
    } else {
        xrstor(area);
    }
}
