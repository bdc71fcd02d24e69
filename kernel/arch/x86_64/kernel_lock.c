/**
 * kernel_lock.c - see kernel_lock.h.
 *
 * Whoever runs and finds it free takes it. First come, first served would be fairer, but
 * the next in line may be a virtual CPU that its host does not run just now, and all
 * would wait for it: with more CPUs than the host has, that costs a slice of the host's
 * scheduler a system call.
 */
#include "arch/x86_64/kernel_lock.h"

#include "arch/x86_64/instructions.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/tlb.h"
#include "arch/x86_64/upcalls.h"
#include "core/vectors.h"
#include "sync/spinlock.h"

uint32_t kernel_lock_in_use;

static struct spinlock lock;

void kernel_lock_enable(void)
{
    kernel_lock_in_use = 1;
}

void kernel_lock(void)
{
    if (kernel_lock_in_use == 0) {
        return;
    }
    /* Whoever sees this sees what the fast path stored before: stores keep their order. */
    __atomic_store_n(&cpu_this()->may_fast, false, __ATOMIC_RELEASE);
    while (!spinlock_try_lock(&lock)) {
        do {
            tlb_serve();
            x86_pause();
        } while (spinlock_is_held(&lock));
    }
}

void kernel_unlock(void)
{
    if (kernel_lock_in_use != 0) {
        spinlock_unlock(&lock);
    }
}

void kernel_unlock_to_ring_3(void)
{
    if (kernel_lock_in_use != 0) {
        /* Seen by whoever takes the lock next. */
        __atomic_store_n(&cpu_this()->may_fast, true, __ATOMIC_RELAXED);
        spinlock_unlock(&lock);
    }
}

void kernel_quiesce_now(struct cpu *cpu)
{
    /* In ring 3 the interrupt makes it ask for the lock. */
    lapic_send_ipi(cpu->lapic_id, VECTOR_IPI);
    while (!kernel_is_quiescent(cpu)) {
        x86_pause();
    }
}

void kernel_quiesce_all(void)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        kernel_quiesce(cpu_table[i]);
    }
}
