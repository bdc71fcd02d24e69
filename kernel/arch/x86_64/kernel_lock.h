/**
 * kernel_lock.h - the one lock under which the kernel's objects change.
 *
 * Taken on every entry from ring 3 and from idleness, and given back just before the CPU
 * leaves again; a machine that runs one CPU does without. Who waits for it does what
 * other CPUs ask of it meanwhile (tlb.h).
 *
 * The fast path (fast_path.S) does not take it. A CPU is in ring 3 or in the fast path only
 * while its may_fast is set. Whoever holds the lock makes a CPU quiescent before it
 * changes, or relies on, what that CPU's fast path may read or write: its threads, the
 * endpoints whose home it is, the slots of Endpoint capabilities. A CPU that is quiescent
 * stays so until the lock is given back, since it needs the lock to leave the kernel.
 */
#ifndef ARCH_X86_64_KERNEL_LOCK_H
#define ARCH_X86_64_KERNEL_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/x86_64/cpu.h"

/** From now on there is more than one CPU. */
void kernel_lock_enable(void);

void kernel_lock(void);
void kernel_unlock(void);

/** The same when ring 3 comes next: from here on the fast path may run on this CPU. */
void kernel_unlock_to_ring_3(void);

/** Is @p cpu neither in ring 3 nor in the fast path? Yes, if it is this one. */
static inline bool kernel_is_quiescent(const struct cpu *cpu)
{
    return !__atomic_load_n(&cpu->may_fast, __ATOMIC_ACQUIRE);
}

/** Part of kernel_quiesce(): of a CPU that is not quiescent. */
void kernel_quiesce_now(struct cpu *cpu);

/** Waits, with the lock held, until @p cpu is quiescent. */
static inline void kernel_quiesce(struct cpu *cpu)
{
    if (!kernel_is_quiescent(cpu)) {
        kernel_quiesce_now(cpu);
    }
}

/** The same for all CPUs. */
void kernel_quiesce_all(void);

#endif
