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
#include "arch/x86_64/tlb.h"
#include "arch/x86_64/upcalls.h"
#include "sync/spinlock.h"

uint32_t kernel_lock_in_use;

static struct spinlock lock;

void kernel_lock_enable(void)
{
    kernel_lock_in_use = 1;
}

void kernel_lock(void)
{
    while (kernel_lock_in_use != 0 && !spinlock_try_lock(&lock)) {
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
