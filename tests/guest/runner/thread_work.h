/**
 * thread_work.h - what threads of the runner do while others do something to them.
 *
 * Each work_* of the type own_thread_function keeps its call's status in work_outcome (1
 * until then) and what it got in work_counter.
 */
#ifndef GUEST_RUNNER_THREAD_WORK_H
#define GUEST_RUNNER_THREAD_WORK_H

#include "guest/runner/harness.h"
#include "guest/runner/own_thread.h"
#include "mnos/thread.h"

/** Slots: of Thread capabilities, and of what work_create_objects() makes. */
enum {
    WORK_THREAD = TEST_SLOT,
    WORK_SECOND,
    WORK_ENDPOINT,
    WORK_OTHER,
    WORK_NOTIFICATION,
    WORK_IRQ,
    WORK_CHILD
};

extern volatile uint64_t work_counter;
extern volatile uint64_t work_outcome;

/** Starts thread @p number with @p function, and a capability for it in @p slot; its id. */
uint64_t work_start(unsigned number, own_thread_function *function, uint64_t slot,
                    uint64_t cpu);

/** CONTROL_THREAD, which must succeed. */
void work_control(uint64_t slot, enum mn_thread_operation operation, uint64_t value);

/** What CAP_INFO tells as b. */
uint64_t work_state(uint64_t slot);

/** Waits until the counter moves; checks that it does not. */
void work_check_runs(void);
void work_check_stands(void);

/** Endpoint, notification and interrupt; work_outcome is 1. */
void work_create_objects(void);

own_thread_function work_spin; /**< counts */
own_thread_function work_send;
own_thread_function work_receive;
own_thread_function work_call;
own_thread_function work_serve; /**< one request, and waits for the next */
own_thread_function work_wait_signal;
own_thread_function work_wait_irq;
own_thread_function work_wait_process;
own_thread_function work_read_log;
own_thread_function work_yield;
own_thread_function work_allocate;
own_thread_function work_fault;
own_thread_function work_trap; /**< spins in its trap handler */

/** What ends the wait of each. */
void work_end_by_send(void);
void work_end_by_receive(void);
void work_end_by_reply(void);
void work_end_by_signal(void);
void work_end_by_drop(void);

#endif
