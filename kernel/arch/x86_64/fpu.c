/**
 * fpu.c - see fpu.h.
 */
#include "arch/x86_64/fpu.h"

#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/instructions.h"
#include "core/assert.h"
#include "core/bytes.h"

/** The component of XCR0 that is the x87's. */
#define XCR0_X87 0x1u

#define CPUID_XSAVE      0xd
#define CPUID_XSAVE_OPT  1u /**< leaf 0xd, subleaf 1, EAX */
#define FCW_OFFSET       0  /**< of the legacy area (SDM vol. 1, table 10-2) */
#define FCW_INITIAL      0x37f
#define MXCSR_OFFSET     24
#define XSTATE_BV_OFFSET 512 /**< of the XSAVE header (SDM vol. 1, 13.4.2) */
#define FXSAVE_SIZE      512
#define MXCSR_INITIAL    0x1f80u

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

void fpu_area_init(struct fpu_area *area)
{
    area->bytes[FCW_OFFSET] = FCW_INITIAL & 0xff;
    area->bytes[FCW_OFFSET + 1] = FCW_INITIAL >> 8;
    area->bytes[MXCSR_OFFSET] = MXCSR_INITIAL & 0xff;
    area->bytes[MXCSR_OFFSET + 1] = MXCSR_INITIAL >> 8;
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
    uint32_t mxcsr = stmxcsr();
    uint16_t control_word = fnstcw();

    if (components == 0) {
        memset(area, 0, FXSAVE_SIZE);
    } else {
        /* The x87 part is the area's: status 0, no register in use. The rest is initial. */
        *(uint64_t *)(void *)area->bytes = 0;
        *(uint64_t *)(void *)(area->bytes + XSTATE_BV_OFFSET) = XCR0_X87;
    }
    *(uint32_t *)(void *)(area->bytes + MXCSR_OFFSET) = mxcsr;
    *(uint16_t *)(void *)(area->bytes + FCW_OFFSET) = control_word;
}

void fpu_load(const struct fpu_area *area)
{
    if (components == 0) {
        fxrstor(area);
    } else {
        xrstor(area);
    }
}
