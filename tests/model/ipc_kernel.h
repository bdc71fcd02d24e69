/**
 * ipc_kernel.h - the kernel's side of the IPC model: its objects, and how it is called.
 */
#ifndef TESTS_MODEL_IPC_KERNEL_H
#define TESTS_MODEL_IPC_KERNEL_H

#include "core/cnode.h"
#include "fake_cpu.h"
#include "model/ipc_world.h"
#include "sched/scheduler.h"

struct ipc_world {
    struct plain_world plain;
    struct account account;
    struct run_queue queue;
    struct thread *threads[THREADS];
    struct cnode cnodes[THREADS];
    struct address_space spaces[THREADS];
    struct slot roots[2 * OBJECTS]; /**< the first of each object keeps it; no READ */
    struct slot watch;
    void *objects[OBJECTS];
    struct mn_ipc_buffer *buffers;
    struct choices *choices;
};

extern struct ipc_world *ipc_world;

/** A decision from 0 to @p limit - 1. */
unsigned ipc_below(unsigned limit);

/** The slot of a capability of the tables. */
struct slot *ipc_slot(int cap);

/** Makes a system call as the current thread, then looks at who runs and what it finds. */
void ipc_call_kernel(uint64_t (*call)(struct slot *), struct slot *slot);

/** A capability of the thread's to an endpoint, or a notification, with a right; NONE. */
int ipc_choose_cap(int self, bool endpoint, uint32_t right);

/** The thread waits in the queue of a capability's object; or is told a status. */
void ipc_wait_in(int self, int cap, enum plain_state state);
void ipc_tell(int self, uint64_t status);

/** Nobody runs: whoever is ready does then, and is looked at. */
void ipc_run_idle(void);

/** Makes a capability of nobody's to an object, for good or until it is dropped. */
void ipc_install(int cap, int object, uint32_t rights);

/** One step of the current thread, or (NONE) of what comes from outside (ipc_steps.c). */
void ipc_step(int self);

/** SEND or CALL, and RECV or REPLY_RECV, by the current thread (ipc_messages.c). */
void ipc_step_send(int self, bool call);
void ipc_step_receive(int self, bool replies);

#endif
