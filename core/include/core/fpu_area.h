/**
 * fpu_area.h - a thread's vector state as FXSAVE and XSAVE lay it out (SDM vol. 1, 10.5.1,
 * 13.4).
 */
#ifndef CORE_FPU_AREA_H
#define CORE_FPU_AREA_H

#include "core/bytes.h"
#include <stdbool.h>
#include <stdint.h>

/** Room for the state; the largest that is switched on (AVX-512) takes 2,696 bytes. */
#define FPU_AREA_SIZE 2752

struct fpu_area {
    uint8_t bytes[FPU_AREA_SIZE] __attribute__((aligned(64)));
};

enum {
    FPU_AREA_FCW = 0, /**< of the legacy area (SDM vol. 1, table 10-2) */
    FPU_AREA_FCW_INITIAL = 0x37f,
    FPU_AREA_MXCSR = 24,
    FPU_AREA_MXCSR_INITIAL = 0x1f80,
    FPU_AREA_LEGACY_SIZE = 512,
    FPU_AREA_XSTATE_BV = 512, /**< of the XSAVE header (SDM vol. 1, 13.4.2) */
    FPU_AREA_X87 = 1          /**< the component that is the x87's */
};

/** Sets a zeroed area to the state that a new thread begins with. */
static inline void fpu_area_init(struct fpu_area *area)
{
    area->bytes[FPU_AREA_FCW] = FPU_AREA_FCW_INITIAL & 0xff;
    area->bytes[FPU_AREA_FCW + 1] = FPU_AREA_FCW_INITIAL >> 8;
    area->bytes[FPU_AREA_MXCSR] = FPU_AREA_MXCSR_INITIAL & 0xff;
    area->bytes[FPU_AREA_MXCSR + 1] = FPU_AREA_MXCSR_INITIAL >> 8;
}

/** Sets an area, of XSAVE or FXSAVE, to the state that a new thread begins with, but for MXCSR
 *  and the x87 control word. */
static inline void fpu_area_reset(struct fpu_area *area, bool xsave, uint32_t mxcsr,
                                  uint16_t control_word)
{
    if (xsave) {
        /* The x87 part is the area's: status 0, no register in use. The rest is initial. */
        *(uint64_t *)(void *)area->bytes = 0;
        *(uint64_t *)(void *)(area->bytes + FPU_AREA_XSTATE_BV) = FPU_AREA_X87;
    } else {
        memset(area, 0, FPU_AREA_LEGACY_SIZE);
    }
    *(uint32_t *)(void *)(area->bytes + FPU_AREA_MXCSR) = mxcsr;
    *(uint16_t *)(void *)(area->bytes + FPU_AREA_FCW) = control_word;
}

#endif
