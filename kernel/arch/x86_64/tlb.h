/**
 * tlb.h - making every CPU forget translations, under the kernel's lock.
 *
 * A CPU that is asked to flush reloads CR3: in an interrupt that takes no lock, or while
 * it waits for the kernel's lock. So the one that asks, and holds the lock, waits for
 * ring 3 and for waiters only, never for another holder.
 */
#ifndef ARCH_X86_64_TLB_H
#define ARCH_X86_64_TLB_H

#include <stdint.h>

/** Flushes @p pages pages from @p virtual on, on the CPUs in the set @p cpus, and returns
 *  when all have. The caller holds the kernel's lock. */
void tlb_flush(uint64_t cpus, uint64_t virtual, uint64_t pages);

/** Does what other CPUs have asked of this one. */
void tlb_serve(void);

#endif
