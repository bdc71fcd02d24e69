/**
 * process.h - a process: an address space, a CNode and threads.
 *
 * It is born with the TCB of its first thread, so that it always has one by which it can
 * be taken apart, whatever memory is left. It ends with its last thread, by a fault, or
 * when somebody kills it. Taking apart runs in steps as the continuation of one of its
 * threads, the reaper (process_reap.c). The object stays, GONE, while capabilities name it.
 *
 * Lock: the kernel's.
 */
#ifndef PROCESS_PROCESS_H
#define PROCESS_PROCESS_H

#include "abi/cap.h"
#include "core/capability.h"
#include "core/cnode.h"
#include "core/vspace.h"
#include "sched/thread.h"

/** Exit code of a process that a fault ended: minus (128 + vector). */
#define PROCESS_FAULT_CODE(vector) ((uint64_t)0 - (128 + (vector)))

/** Exit code of a process whose account was closed. */
#define PROCESS_CLOSED_CODE ((uint64_t)0 - 127)

struct process {
    struct cap_node node; /**< a child of its account's anchor until it is GONE */
    struct vspace vspace;
    struct cnode cnode;
    struct account *account; /**< pays for everything */
    uint64_t pid;
    enum mn_process_state state;
    uint32_t references;      /**< capabilities */
    uint64_t exit_code;       /**< valid from ENDING on */
    struct list_node threads; /**< that were started */
    struct thread
        *unstarted;        /**< the TCB of the first thread until it starts; or NULL */
    struct thread *reaper; /**< takes it apart; NULL while RUNNING */
    struct list_node made; /**< processes that it made and nobody has started */
    struct list_node made_by; /**< among those of its maker, until it starts or ends */
    struct list_node
        waiters;          /**< threads that wait for it to be GONE: in WAIT_PROCESS by
                                 `via`, or (NULL) in a call that is made anew then */
    struct list_node all; /**< in process_list, until nothing names it */
    struct budget_member time; /**< of its threads that have no budget of their own */
    struct slot
        fault_handler; /**< an endpoint with WRITE that is told of faults of threads
                                *   without one of their own; or Empty */
};
_Static_assert(sizeof(struct process) <= 512, "SLAB_512");

/** What SPAWN_THREAD asks for. */
struct thread_start {
    uint64_t rip; /**< in the lower half, as is rsp */
    uint64_t rsp;
    uint64_t argument;
    uint32_t cpu; /**< index, below cpu_count */
};

extern const struct object_ops process_ops;

/** All processes, by rising pid. */
extern struct list_node process_list;

/** Makes a process without threads, mappings and capabilities, which ends with @p maker (or
 *  NULL) unless a thread has been started by then. NULL: the account can't pay. */
MN_MUST_CHECK struct process *process_create(struct account *account,
                                             struct process *maker);

/** Starts a thread. Answers its id. MN_ERROR_GONE: the process is ending;
 *  MN_ERROR_NO_MEMORY. */
MN_MUST_CHECK uint64_t process_start_thread(struct process *process,
                                            const struct thread_start *start);

/** Begins to end a process that is RUNNING. If the current thread is one of its own, the
 *  caller goes on with scheduler_run(): the thread does not come back. */
void process_end(struct process *process, uint64_t exit_code);

/**
 * Blocks the current thread until @p process, which is not GONE yet, is: in WAIT_PROCESS by the
 * capability @p via, or (NULL) in a call that is made anew then. It pays for the end and lends
 * its priority.
 */
_Noreturn void process_wait(struct process *process, struct slot *via);

/** Makes a thread a member of @p budget (NULL: unlimited) by itself, not by its process. */
void process_limit_thread(struct thread *thread, struct budget *budget);

/** Ends the current thread, and its process if it is the last. */
_Noreturn void process_exit_thread(uint64_t exit_code);

/** Ends a thread of a process that is RUNNING, and the process if it is its last. It does not run
 *  on another CPU; if it is the current one, this does not return. */
void process_end_thread(struct thread *thread, uint64_t exit_code);

/** On a trap: the current thread's process is ending, so it stops here. */
_Noreturn void process_stop_current(void);

/** Frees the object once it is GONE and nothing names it. */
void process_forget(struct process *process);

/** The continuation of a reaper (process_reap.c). */
bool process_reap(struct thread *reaper);

/** Gives back a thread that is stopped (process_reap.c). */
void process_free_thread(struct process *process, struct thread *thread);

#endif
