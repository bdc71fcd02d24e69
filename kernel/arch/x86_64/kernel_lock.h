/**
 * kernel_lock.h - the one lock under which the kernel's objects change.
 *
 * Taken on every entry from ring 3 and from idleness, and given back just before the CPU
 * leaves again; a machine that runs one CPU does without. Who waits for it does what
 * other CPUs ask of it meanwhile (tlb.h).
 */
#ifndef ARCH_X86_64_KERNEL_LOCK_H
#define ARCH_X86_64_KERNEL_LOCK_H

#include <stdint.h>

/** From now on there is more than one CPU. */
void kernel_lock_enable(void);

void kernel_lock(void);
void kernel_unlock(void);

#endif
