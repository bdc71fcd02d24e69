/**
 * kernel_lock.c - see kernel_lock.h. A ticket lock: first come, first served.
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
    uint32_t ticket;

    if (kernel_lock_in_use == 0) {
        return;
    }
    ticket = __atomic_fetch_add(&lock.next, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&lock.owner, __ATOMIC_ACQUIRE) != ticket) {
        tlb_serve();
        x86_pause();
    }
}

void kernel_unlock(void)
{
    if (kernel_lock_in_use != 0) {
        spinlock_unlock(&lock);
    }
}

void on_syscall_lock(void)
{
    kernel_lock();
}

void on_syscall_unlock(void)
{
    kernel_unlock();
}
