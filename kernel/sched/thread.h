/**
 * thread.h - a thread: its registers and a state. To block is not to be resumed.
 *
 * A thread lies in a page of its own, which the account of its process pays. The trap frame
 * comes first (trap_frame.h). Lock: the kernel's; the frame of a running thread is its
 * CPU's.
 */
#ifndef SCHED_THREAD_H
#define SCHED_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/status.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/fpu.h"
#include "arch/x86_64/thread_offsets.h"
#include "core/budget.h"
#include "core/frame.h"
#include "core/list.h"
#include "core/thread_parts.h"
#include "core/trap_frame.h"
#include "mem/address_space.h"
#include "sched/timer_queue.h"

struct cnode;
struct notification;
struct process;
struct thread_handle;

enum thread_state {
    THREAD_STOPPED, /**< on no queue: not started, or being taken apart */
    THREAD_READY,   /**< on the run queue of its CPU */
    THREAD_RUNNING, /**< the current thread of its CPU */
    THREAD_BLOCKED, /**< on the queue of what it waits for */
    THREAD_CALLED   /**< on none: it waits for the reply of `called` */
};

#define THREAD_FAST_KEY_PLAIN (~1ull)

/** What a thread that is on an endpoint's queue does there. */
enum thread_ipc {
    THREAD_SENDS,          /**< SEND: three words */
    THREAD_CALLS,          /**< CALL: eight words, and a reply is owed */
    THREAD_RECEIVES,       /**< RECV: three words */
    THREAD_REPLY_RECEIVES, /**< REPLY_RECV: eight words */
    THREAD_WAITS, /**< on a notification's queue, with a deadline: WAIT_SIGNAL */
    THREAD_FAULTS /**< it has faulted, and a reply is owed */
};

/** Why a thread does not simply go on in ring 3 when its turn comes: bits. */
enum thread_hold {
    THREAD_REAPS = 1,   /**< it takes its process apart */
    THREAD_FAULTED = 2, /**< its fault was not answered yet; fast_key is 0 meanwhile */
    THREAD_SUSPENDED = 4,
    THREAD_HAS_BASES = 8 /**< its FS or GS base is to be loaded first */
};

struct thread {
    struct trap_frame frame;
    /* What the fast path touches (arch/x86_64/thread_offsets.h). */
    uint64_t cr3;              /**< of its process */
    struct slot *slots;        /**< the first CNODE_PAGE_SLOTS slots of its process */
    struct thread *replies_to; /**< the thread in CALL that it owes a reply; or NULL */
    struct thread *called;  /**< while THREAD_CALLED: the thread that owes it a reply */
    struct list_node queue; /**< in the run queue, or the queue of what it waits for */
    enum thread_state state;
    uint32_t priority;
    /** While it is blocked in REPLY_RECV, or THREAD_CALLED: what its CPU's fast_key is while the
     *  fast path is taken there, so that it may resume it. THREAD_FAST_KEY_PLAIN while it waits
     *  with a deadline, which the fast path doesn't know. Else 0. */
    uint64_t fast_key;

    struct process *process;
    uint32_t cpu;               /**< index of the CPU that runs it */
    uint32_t fpu_cpu;           /**< index of the CPU that had its vector state last */
    uint64_t id;                /**< never reused; 0 is nobody's */
    enum thread_ipc ipc;        /**< while it is on an endpoint's queue */
    struct notification *bound; /**< whose bits REPLY_RECV hands out as well; or NULL */
    struct slot *via; /**< while it is there: the capability that it came by */
    uint64_t badge;   /**< while it sends: of that capability */
    /** Not NULL, while there is a hold: called when its turn comes, in the place of ring 3,
     *  with the thread STOPPED. True: it is ready for another step of this; false: it is
     *  not, or is no more. */
    bool (*continuation)(struct thread *thread);
    struct list_node siblings; /**< among the threads of its process */
    struct frame *zeroing; /**< a block that it allocates and that is being zeroed */
    uint64_t zeroed_pages; /**< how far that is */
    struct cnode *cnode;   /**< of its process */
    struct fpu_area fpu;
    struct timer_event deadline; /**< of what it waits for */
    struct thread_buffer buffer;
    struct budget **budget; /**< its process's, or that of its own membership */
    struct budget_member time;
    struct budget_member
        estate;     /**< what a caller lived on that died meanwhile: it pays
                                    until the next message */
    bool put_away;  /**< THREAD_BLOCKED, until a budget has time again */
    uint32_t holds; /**< THREAD_REAPS, ... */
    /** What fast_key is while it waits in a call that the fast path ends: its CPU's
     *  fast_key, with a hold no CPU's (thread_renew_fast_key()). */
    uint64_t own_fast_key;
    uint32_t ceiling; /**< its priority is never set above */
    uint64_t fs_base; /**< valid with THREAD_HAS_BASES, as gs_base */
    uint64_t gs_base;
    struct thread_handle *handle; /**< what its capabilities name; or NULL */
    struct thread_request request;
    struct thread_trap trap;
    struct thread_fault fault;
    struct inspect_place inspect;
};
_Static_assert(offsetof(struct thread, frame) == 0, "entry.S");
_Static_assert(offsetof(struct thread, cr3) == THREAD_CR3, "fast_path.S");
_Static_assert(offsetof(struct thread, slots) == THREAD_SLOTS, "fast_path.S");
_Static_assert(offsetof(struct thread, replies_to) == THREAD_REPLIES_TO, "fast_path.S");
_Static_assert(offsetof(struct thread, called) == THREAD_CALLED_BY, "fast_path.S");
_Static_assert(offsetof(struct thread, queue) == THREAD_QUEUE, "fast_path.S");
_Static_assert(offsetof(struct thread, state) == THREAD_STATE, "fast_path.S");
_Static_assert(offsetof(struct thread, priority) == THREAD_PRIORITY, "fast_path.S");
_Static_assert(offsetof(struct thread, fast_key) == THREAD_FAST_KEY, "fast_path.S");
_Static_assert(offsetof(struct thread, fpu) == THREAD_FPU, "fast_path.S");
_Static_assert(THREAD_CALLED == THREAD_STATE_CALLED &&
                   THREAD_RUNNING == THREAD_STATE_RUNNING &&
                   THREAD_BLOCKED == THREAD_STATE_BLOCKED,
               "fast_path.S");
_Static_assert(offsetof(struct thread, ipc) == THREAD_IPC &&
                   THREAD_REPLY_RECEIVES == THREAD_IPC_REPLY_RECEIVES &&
                   offsetof(struct thread, bound) == THREAD_BOUND &&
                   offsetof(struct thread, via) == THREAD_VIA,
               "fast_path.S");
_Static_assert(offsetof(struct slot, object) == SLOT_OBJECT &&
                   offsetof(struct slot, value) == SLOT_VALUE &&
                   sizeof(struct slot) == 1 << SLOT_SHIFT,
               "fast_path.S");
_Static_assert(sizeof(struct thread) <= FRAME_BYTES, "one page");

/** The thread that this CPU runs, in a system call or a trap from ring 3; else NULL. */
static inline struct thread *thread_current(void)
{
    return cpu_current();
}

/**
 * Sets up a zeroed, stopped thread to begin at @p rip, stack @p rsp, with @p argument in
 * RDI, all other registers zero, interrupts on.
 */
void thread_init(struct thread *thread, uint64_t rip, uint64_t rsp, uint64_t argument);

/** Ends a wait: takes it off the queue, RAX is @p status, and it is ready. */
void thread_wake(struct thread *thread, mn_status status);

/** The same for one that is to run before others of its priority, THREAD_BLOCKED or
 *  THREAD_CALLED. */
void thread_wake_first(struct thread *thread, mn_status status);

/** Wakes all that wait in @p queue. */
void thread_wake_all(struct list_node *queue, mn_status status);

/** Wakes those in @p queue that came by the capability @p via, which is going away, with
 *  MN_ERROR_CANCELLED. */
void thread_wake_via(struct list_node *queue, const struct slot *via);

/** Who waits for the reply of @p thread, if anyone, gets MN_ERROR_CANCELLED. */
void thread_cut_reply(struct thread *thread);

/** Ends the calls that a thread, which is going away, takes part in: who waits for its
 *  reply gets MN_ERROR_CANCELLED, and whom it called owes it nothing. */
void thread_cut_call(struct thread *thread);

/** Adds a hold: from now on @p continuation runs in the place of ring 3, unless the thread
 *  takes its process apart. */
void thread_hold(struct thread *thread, enum thread_hold hold,
                 bool (*continuation)(struct thread *thread));

/** Takes a hold away. */
void thread_release(struct thread *thread, enum thread_hold hold);

/** Its CPU or its holds have changed. */
void thread_renew_fast_key(struct thread *thread);

/** The thread begins to wait for a message or a reply: the fast path may end that, unless
 *  there is a hold. */
static inline void thread_set_fast_key(struct thread *thread)
{
    if (thread->fast_key != THREAD_FAST_KEY_PLAIN) {
        thread->fast_key = thread->own_fast_key;
    }
}

/** Has the wait that the current thread is about to begin end with MN_ERROR_TIMED_OUT once
 *  the kernel's clock is at @p deadline_ns; so does the wait for a reply that follows. The
 *  event stays pending when the wait is over, and does nothing then. */
void thread_set_deadline(uint64_t deadline_ns);

/** Blocks the current thread in @p queue and runs another one. */
_Noreturn void thread_block(struct list_node *queue);

/** Blocks the current thread in @p queue; who wakes it puts the number of its system call
 *  into RAX, which is then made anew. */
_Noreturn void thread_block_to_restart(struct list_node *queue);

/**
 * Blocks the current thread in a call that may clobber the vector registers: in
 * @p queue, or (NULL) as THREAD_CALLED. Its vector state is not saved but reset, MXCSR and
 * the x87 control word excepted. @p next, whose wait has ended and which is on no queue,
 * runs then if it can (scheduler_switch_to()); NULL: the best that is ready.
 */
_Noreturn void thread_block_clobbered(struct list_node *queue, struct thread *next);

/**
 * Blocks the current thread, which makes a direct call (arch/x86_64/upcalls.h), in @p queue.
 * Answers MN_OK, for the handler to return.
 */
uint64_t thread_block_direct(struct list_node *queue);

/** The current system call will be made anew, from the start, when the thread runs again;
 *  others may run first. */
_Noreturn void thread_restart_syscall(void);

#endif
