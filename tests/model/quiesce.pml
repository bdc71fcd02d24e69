/*
 * quiesce.pml - the fast path beside the kernel's lock (kernel/arch/x86_64/kernel_lock.h), for Spin.
 *
 * Each CPU goes round: ring 3, from where it takes the fast path, or an interrupt, or a system
 * call by the plain path. The plain path clears may_fast, takes the lock, perhaps makes another
 * CPU quiescent and touches what that CPU's fast path uses, sets may_fast and gives the lock back.
 * Or it idles, may_fast clear, until somebody wakes it.
 *
 * Stores of x86 are seen in the order in which they are made, so that a step here may stand for a
 * store; what a CPU reads in its fast path it may have read early, but not before it was in ring
 * 3, and it came there by giving the lock back.
 *
 * With BROKEN a holder does not wait: then the assertions must fail.
 *
 * Shown: nobody touches what a fast path uses meanwhile; only one has the lock; nothing stands
 * still; who waits for quiescence goes on (ltl).
 */
#define CPUS 3

bool locked;
bool may_fast[CPUS];
bool interrupt[CPUS]; /* pending */
bool fast[CPUS];      /* in the fast path */
bool touched[CPUS];   /* somebody with the lock changes what this CPU's fast path uses */
byte holders;
bool waits; /* a holder waits for quiescence */

inline take_lock() {
    may_fast[self] = false;
    atomic { !locked -> locked = true; holders++; assert(holders == 1) }
}

inline give_lock() {
    atomic { holders--; locked = false }
}

inline quiesce(other) {
    if
    :: may_fast[other] ->
        interrupt[other] = true;
#ifndef BROKEN
        waits = true;
        !may_fast[other];
        waits = false
#endif
    :: else
    fi
}

/* With the lock held. */
inline work() {
    if
    :: true
    :: target = (self + 1) % CPUS; touch(target)
    :: target = (self + 2) % CPUS; touch(target)
    fi
}

inline touch(other) {
    quiesce(other);
    touched[other] = true;
    assert(!fast[other]);
    touched[other] = false;
    interrupt[other] = true /* there may be somebody for it to run */
}

proctype cpu(byte self) {
    byte target;

    take_lock();
in_kernel:
    work();
    if
    :: goto leave
    :: goto idle
    fi;

idle: /* may_fast is clear; all may sleep */
    give_lock();
end_idle:
    interrupt[self];
    interrupt[self] = false;
    take_lock();
    goto in_kernel;

leave:
    may_fast[self] = true;
    give_lock();

ring_3:
    if
    :: interrupt[self] -> interrupt[self] = false
    :: !interrupt[self] -> /* a system call by the plain path */
    :: !interrupt[self] ->
        fast[self] = true;
        assert(!touched[self]);
        fast[self] = false;
        goto ring_3
    fi;
    take_lock();
    goto in_kernel
}

init {
    atomic { run cpu(0); run cpu(1); run cpu(2) }
}

ltl quiescence_comes { [] (waits -> <> !waits) }
