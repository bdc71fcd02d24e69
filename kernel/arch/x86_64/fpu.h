/**
 * fpu.h - x87, SSE, AVX and AVX-512 state of ring 3, switched eagerly.
 *
 * The kernel uses no vector registers, so a thread's state stays in them until another
 * thread is about to run on the CPU: it is saved then, and the other's loaded. No thread
 * ever runs with somebody else's state in the registers (Intel SDM vol. 1, 13).
 */
#ifndef ARCH_X86_64_FPU_H
#define ARCH_X86_64_FPU_H

#include "core/fpu_area.h"

/** On each CPU: switches the state components on (XCR0). */
void fpu_init_cpu(void);

/** Saves the CPU's state into @p area. */
void fpu_save(struct fpu_area *area);

/** Leaves in @p area MXCSR and the x87 control word that the CPU has, all else as for a
 *  new thread. The registers keep what they hold. */
void fpu_reset(struct fpu_area *area);

/** Loads the CPU's state from @p area. */
void fpu_load(const struct fpu_area *area);

#endif
