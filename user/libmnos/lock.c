/**
 * lock.c - mutual exclusion between the threads of one process.
 */
#include "mnos/lock.h"
#include "mnos/process.h"

void mnos_lock_take(struct mnos_lock *lock)
{
    while (__atomic_test_and_set(&lock->taken, __ATOMIC_ACQUIRE)) {
        sys_yield();
    }
}

void mnos_lock_give(struct mnos_lock *lock)
{
    __atomic_clear(&lock->taken, __ATOMIC_RELEASE);
}
