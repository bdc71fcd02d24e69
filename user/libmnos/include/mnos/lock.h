/**
 * lock.h - mutual exclusion between the threads of one process.
 */
#ifndef MNOS_LOCK_H
#define MNOS_LOCK_H

#include <stdbool.h>

/** A lock for short sections; who waits yields the CPU. Starts as zero: free. */
struct mnos_lock {
    bool taken; /**< only by atomic operations */
};

/** Waits for the lock and takes it. Not recursive. */
void mnos_lock_take(struct mnos_lock *lock);

/** Gives a lock that the caller holds back. */
void mnos_lock_give(struct mnos_lock *lock);

#endif
