/**
 * thread_cap.h - what Thread capabilities name: a handle, which outlives its thread.
 *
 * The account of the thread's process pays for it. Lock: the kernel's.
 */
#ifndef PROCESS_THREAD_CAP_H
#define PROCESS_THREAD_CAP_H

#include "core/capability.h"
#include "sched/thread.h"

struct thread_handle {
    struct thread *thread; /**< NULL: it has ended */
    uint64_t id;
    uint64_t pid;
    uint32_t references; /**< capabilities */
};

extern const struct object_ops thread_ops;

/** Fills the Empty @p target with a capability for @p thread, all rights.
 *  MN_ERROR_NO_MEMORY: the account of its process can't pay. */
MN_MUST_CHECK mn_status thread_cap_open(struct thread *thread, struct slot *target);

/** The thread goes away: its capabilities name nothing any more. */
void thread_cap_forget(struct thread *thread);

#endif
