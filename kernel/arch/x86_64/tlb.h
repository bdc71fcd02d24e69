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

/**
 * Flushes @p pages pages from @p virtual on, on every CPU whose CR3 is @p cr3, and returns
 * when all have. The caller holds the kernel's lock and has changed the tables.
 *
 * A CPU writes cpu->cr3 before CR3, and MOV to CR3 drains its stores. So one that is not
 * seen to have loaded @p cr3 here will walk the tables as they are now.
 */
void tlb_flush(uint64_t cr3, uint64_t virtual, uint64_t pages);

/** Does what other CPUs have asked of this one. */
void tlb_serve(void);

#endif
