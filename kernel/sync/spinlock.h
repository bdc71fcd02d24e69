/**
 * spinlock.h - a ticket lock: first come, first served.
 *
 * The kernel runs with interrupts off, so nothing but another CPU can hold a lock, and
 * none is held across an exit to ring 3. Zeros are an unlocked lock.
 */
#ifndef SYNC_SPINLOCK_H
#define SYNC_SPINLOCK_H

#include "arch/x86_64/instructions.h"
#include <stdbool.h>
#include <stdint.h>

struct spinlock {
    uint32_t next;  /**< the ticket that the next CPU to come takes */
    uint32_t owner; /**< the ticket that is served */
};

/** Waits until this CPU has the lock. Not recursive. */
static inline void spinlock_lock(struct spinlock *lock)
{
    uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

    while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket) {
        x86_pause();
    }
}

/** Takes the lock if it is free. */
static inline bool spinlock_try_lock(struct spinlock *lock)
{
    uint32_t ticket = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);
    uint32_t expected = ticket;

    return __atomic_compare_exchange_n(&lock->next, &expected, ticket + 1, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/** Gives back the lock, which this CPU holds. */
static inline void spinlock_unlock(struct spinlock *lock)
{
    __atomic_store_n(&lock->owner, lock->owner + 1, __ATOMIC_RELEASE);
}

/** Does any CPU hold the lock? For assertions. */
static inline bool spinlock_is_held(const struct spinlock *lock)
{
    return __atomic_load_n(&lock->next, __ATOMIC_RELAXED) !=
           __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);
}

#endif
