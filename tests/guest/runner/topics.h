/**
 * topics.h - the topics of the guest tests, in the order in which they run.
 */
#ifndef GUEST_RUNNER_TOPICS_H
#define GUEST_RUNNER_TOPICS_H

#include <stdint.h>

void topic_slots(void);          /**< wrong slots, types and rights for every call */
void topic_arguments(void);      /**< the other arguments of every call */
void topic_registers(void);      /**< what a call may change */
void topic_attacks(void);        /**< what ring 3 may not do */
void topic_memory(void);         /**< blocks, mappings, W^X */
void topic_caps(void);           /**< minting, delegating, dropping */
void topic_trap(void);           /**< a thread's own handler of its exceptions */
void topic_cnode(void);          /**< CNodes that grow */
void topic_fault(void);          /**< faults as messages */
void topic_fault_ends(void);     /**< faults that nobody answers */
void topic_thread_kill(void);    /**< threads that are killed */
void topic_thread_place(void);   /**< where they run, and their bases */
void topic_thread(void);         /**< what others may do to a thread */
void topic_process(void);        /**< lives of processes and threads */
void topic_ipc(void);            /**< messages, badges, endpoints that end */
void topic_call(void);           /**< CALL and REPLY_RECV, by both paths */
void topic_call_paths(void);     /**< the fast path against the plain one */
void topic_transfer(void);       /**< long messages, and capabilities in messages */
void topic_transfer_stays(void); /**< and what of them does not arrive */
void topic_deadline(void);       /**< of CALL, REPLY_RECV and WAIT_SIGNAL */
void topic_kill(void);           /**< one side is killed, at each point */
void topic_badges(void);         /**< which badges nobody has any more */
void topic_once(void);           /**< capabilities for one use */
void topic_call_ends(void);      /**< one side goes away in the middle */
void topic_signal(void);         /**< notifications */
void topic_timer(void);          /**< the clock, and notifications' timers */
void topic_budget(void);         /**< processor time: budgets, periods, who pays */
void topic_payer(void);          /**< who pays for a server */
void topic_revoke(void);         /**< what REVOKE takes back */
void topic_account(void);        /**< limits, and accounts that are closed */
void topic_account_ends(void);   /**< accounts that nobody names */
void topic_inspect(void);        /**< the listing of everything */
void topic_protect(void);        /**< PROTECT_MEMORY */
void topic_interrupt(void);      /**< WAIT_IRQ with COM1's line */
void topic_device(void);         /**< device memory, MSI, DMA */
void topic_schedule(void);       /**< turns, preemption, registers over switches */
void topic_cpus(void);           /**< several CPUs; without them few tests are left */
void topic_homes(void);          /**< calls without the lock, under disturbances */
void topic_secrets(void);        /**< nothing of the dead is left to the living */
void topic_exhaust(void);        /**< no memory, no slots, no threads left */
void topic_churn(void);          /**< a thousand rounds of everything */
void topic_hogs(void);           /**< what hogs leave to a victim */
void topic_donor(void);          /**< clients that close their account in a request */
void topic_storm(void);          /**< everything at once, then all of it taken back */
void topic_fuzz(void);           /**< random system calls */

/** From the command line: how many calls each test of topic_fuzz() makes, how many clients
 *  topic_donor() has, how long each test of topic_storm() takes. */
extern uint64_t fuzz_calls;
extern uint64_t donor_count;
extern uint64_t storm_ms;

#endif
