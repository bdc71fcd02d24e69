/**
 * scenario.h - what the guest tests' runner and its child program agree on.
 *
 * The runner is Init; the child is `hostile`, loaded anew for each use. A child's argument says
 * what it is to do; it finds its capabilities in fixed slots, as far as the test gave it
 * any, and answers by its exit code or in the page that it may share with the runner.
 */
#ifndef GUEST_COMMON_SCENARIO_H
#define GUEST_COMMON_SCENARIO_H

#include <stdint.h>

/** What a child does; `p` is the parameter. */
enum scenario {
    SCENARIO_EXIT,    /**< ends with code p */
    SCENARIO_ATTACK,  /**< runs attack_at(p); SCENARIO_SURVIVED if it comes back */
    SCENARIO_SPIN,    /**< counts up shared->counter[p] for ever */
    SCENARIO_SEND,    /**< SENDs p messages by slot 1: label i, data0 2i, data1 ~i */
    SCENARIO_RECEIVE, /**< RECVs p such messages from slot 1, in order */
    SCENARIO_ECHO,    /**< RECVs from slot 1, SENDs the same by slot 4, p times */
    SCENARIO_RECEIVE_ONE,  /**< RECVs one, writes it to shared, then exits */
    SCENARIO_WAIT_PROCESS, /**< WAIT_PROCESS on slot 4; ends with what that told */
    SCENARIO_WAIT_IRQ,     /**< WAIT_IRQ on slot 4; ends with its status */
    SCENARIO_READ_LOG,     /**< READ_LOG with WAIT by slot 4 from p on; bytes copied */
    SCENARIO_YIELD_ORDER,  /**< writes p to shared->log, YIELDs, eight times */
    SCENARIO_KEEP_VECTORS, /**< holds vector registers filled from p over YIELDs */
    SCENARIO_KEEP_REGISTERS, /**< the same under preemption alone */
    SCENARIO_CHECK_START,    /**< are all registers as SPAWN_THREAD promises? */
    SCENARIO_PLANT,          /**< leaves secrets in registers, stack and frames */
    SCENARIO_SEARCH,         /**< looks for them */
    SCENARIO_HOG_MEMORY, /**< ALLOC_MEMORY (account: slot 3) and MAP_MEMORY until refused */
    SCENARIO_HOG_BLOCKS,   /**< the same with the largest blocks first */
    SCENARIO_HOG_THREADS,  /**< SPAWN_THREAD into itself (slot 2) until refused */
    SCENARIO_ALL_STATES,   /**< threads in all states, on all p CPUs; then waits */
    SCENARIO_THREAD_EXITS, /**< starts p threads that end; the main thread ends last */
    SCENARIO_APIC_ID,      /**< ends with the APIC ID of its CPU */
    SCENARIO_COUNT_SLOTS,  /**< ends with the number of slots that are not Empty */
    SCENARIO_FUZZ,         /**< random system calls; p is the seed */
    SCENARIO_KILL_SELF,    /**< KILL_PROCESS on slot 2 with code p */
    SCENARIO_ALLOCATE,     /**< ALLOC_MEMORY of order p, over and over */
    SCENARIO_CALL,         /**< CALLs p times by slot 1: word n is 8 i + n */
    SCENARIO_SERVE,        /**< serves calls from slot 1; p is SERVER(count, end) */
    SCENARIO_WAIT_SIGNAL,  /**< WAIT_SIGNAL on slot 4 until it has seen the bits p */
    SCENARIO_SIGNAL,       /**< SIGNALs bit 0 by slot 4, p times */
    SCENARIO_POKE, /**< stores p at POKE_VADDR; POKE_LANDED if it was sent away */
    SCENARIO_FAULT_OFTEN, /**< raises p exceptions; whoever handles them skips UD2 */
    SCENARIO_TRAP,        /**< raises an exception with a trap handler; p is TRAP() */
    SCENARIO_RELAY,       /**< serves p long requests from slot 1, see relay.c */
    SCENARIO_DRIVE_DMA,  /**< edu (slot 4), Dma (slot 1): a page is on its way; spins */
    SCENARIO_CALL_UNTIL, /**< CALLs by slot 1 with a deadline p ns away; its status */
    SCENARIO_HIGH_SLOTS, /**< grows its CNode to p slots, uses and fills them */
    SCENARIO_ORPHANS, /**< makes processes that have each other's capabilities, ends */
    SCENARIO_COUNT_CALLS, /**< CALLs by slot 1 for ever, counted in shared->counter[p] */
    SCENARIO_WORK,        /**< serves slot 1; each request takes p ns, see times.c */
    SCENARIO_PASS_ON,     /**< serves slot 1 by calling slot 4 */
    SCENARIO_SUBDIVIDE, /**< takes budgets out of its own of p ns in 10 ms, then counts */
    SCENARIO_FORK_BOMB,     /**< makes processes until refused, ends them, and again */
    SCENARIO_HOG_SLOTS,     /**< fills its CNode and empties it, over and over */
    SCENARIO_FLOOD,         /**< many threads that SEND and CALL by slot 1 for ever */
    SCENARIO_TAKE_AND_SPIN, /**< takes one message as a relay would, then yields for ever */
    SCENARIO_STORM_CLIENT,  /**< calls slot 1 at random; p is the seed (storm.c) */
    SCENARIO_STORM_SERVER,  /**< serves slot 1 at random */
    SCENARIO_CLOSE_ACCOUNT, /**< CLOSE_ACCOUNT on slot 3 */
    SCENARIO_DONOR, /**< a client that closes its account in a request; p is a seed */
    SCENARIO_DONEE, /**< its server; p is a seed */
    SCENARIO_ALL_WORK, /**< random work of every kind for ever; p is a seed */
    SCENARIO_CALL_FOR_EVER, /**< as CALL, counted in shared->counter[p]; again if cancelled */
    SCENARIOS
};

/** What a relay does with the capabilities of a request: its label. All words of the reply
 *  are the request's, one higher, but where they tell; its label is 1 if the request was
 *  shortened. */
enum relay_label {
    RELAY_ECHOES,  /**< moves them back */
    RELAY_TELLS,   /**< and says in word n: type, rights << 8 of capability n */
    RELAY_KEEPS,   /**< keeps them, and says so */
    RELAY_RETURNS, /**< moves them back */
    RELAY_COPIES   /**< sends copies back */
};

/** In SCENARIO_RELAY's parameter; and the first of the four slots that it takes them in. */
enum { RELAY_NO_BUFFER = 1 << 16, RELAY_SLOT = 20 };

/** SPAWN_THREAD's argument for a child. */
#define SCENARIO_ARGUMENT(scenario, parameter) \
    ((uint64_t)(scenario) | (uint64_t)(parameter) << 8)

/** How a server ends, having taken a call that it has not replied to. */
enum server_end {
    SERVER_EXITS,
    SERVER_FAULTS,
    SERVER_YIELDS,       /**< it doesn't */
    SERVER_BLOCKS,       /**< RECVs from slot 4 */
    SERVER_TAKES_ANOTHER /**< RECVs from slot 1 */
};

/** SCENARIO_SERVE's parameter: replies to @p count calls, with each word one higher. */
#define SERVER(count, end)      ((uint64_t)(end) | (uint64_t)(count) << 8)
#define SERVER_END(parameter)   ((enum server_end)((parameter)&0xff))
#define SERVER_COUNT(parameter) ((parameter) >> 8)

/** Where SCENARIO_POKE stores, and what it ends with when its store was not made. */
#define POKE_VADDR 0x30000008ul
enum { POKE_LANDED = 102 };

/** What is wrong with a trap handler. */
enum trap_case {
    TRAP_GOOD,         /**< nothing: it ends the process with TRAP_CODE(vector) */
    TRAP_NESTED,       /**< it raises INT3 itself */
    TRAP_NO_STACK,     /**< nothing is mapped at its stack */
    TRAP_CODE_STACK,   /**< its stack is read-only */
    TRAP_LOW_STACK,    /**< its stack ends at 16 */
    TRAP_NO_CODE,      /**< nothing is mapped where it begins */
    TRAP_BAD_RETURN,   /**< it makes a frame that is refused, and raises INT3 then */
    TRAP_OTHER_THREAD, /**< it is another thread's */
    TRAP_CLEARED       /**< it was taken away again */
};

/** SCENARIO_TRAP's parameter: raises attack_at(@p attack). */
#define TRAP(wrong, attack)    ((uint64_t)(wrong) | (uint64_t)(attack) << 8)
#define TRAP_CASE(parameter)   ((enum trap_case)((parameter)&0xff))
#define TRAP_ATTACK(parameter) ((parameter) >> 8)

/** The exit code with which TRAP_GOOD ends. */
#define TRAP_CODE(vector) (1000 + (uint64_t)(vector))

/** Exit codes of a child. */
enum {
    SCENARIO_GOOD = 0,
    SCENARIO_BAD = 100,     /**< what it saw was wrong */
    SCENARIO_SURVIVED = 101 /**< an attack came back */
};

/** A child's slots. */
enum child_slot {
    CHILD_SLOT_ENDPOINT = 1,
    CHILD_SLOT_SELF = 2,
    CHILD_SLOT_ACCOUNT = 3,
    CHILD_SLOT_EXTRA = 4
};

#define SHARED_CHILD_VADDR 0x20000000ul
#define CHILD_STACK_TOP    0x800000ul
#define CHILD_STACK_PAGES  4ul

enum { SHARED_COUNTERS = 16, SHARED_LOG = 64 };

/** A page that the runner and children share. Everything is volatile: others write it. */
struct shared_page {
    volatile uint64_t counter[SHARED_COUNTERS];
    volatile uint64_t log_used;
    volatile uint64_t log[SHARED_LOG];
    volatile uint64_t words[8];
    volatile uint64_t go;   /**< children that wait for it begin when it is not 0 */
    volatile uint64_t stop; /**< and end when this is not 0 */
};
_Static_assert(sizeof(struct shared_page) <= 4096, "one page");

#endif
