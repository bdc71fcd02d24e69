/**
 * hostile.h - the child program of the guest tests: one function a scenario.
 */
#ifndef GUEST_HOSTILE_HOSTILE_H
#define GUEST_HOSTILE_HOSTILE_H

#include "guest/common/registers.h"
#include "guest/common/scenario.h"
#include <stdbool.h>
#include <stdint.h>

/** The page that the runner may have shared; touching it without faults. */
static inline struct shared_page *shared(void)
{
    return (struct shared_page *)SHARED_CHILD_VADDR;
}

/** What the registers held at the first instruction (start.S). */
extern struct register_image start_image;
extern uint16_t start_x87[16];
extern uint32_t start_selectors[4];

/** A scenario: gets the parameter, answers the exit code. */
typedef uint64_t scenario_function(uint64_t parameter);

scenario_function scenario_send;
scenario_function scenario_receive;
scenario_function scenario_echo;
scenario_function scenario_receive_one;
scenario_function scenario_yield_order;

scenario_function scenario_keep_vectors;
scenario_function scenario_keep_registers;
scenario_function scenario_check_start;
scenario_function scenario_plant;
scenario_function scenario_search;

scenario_function scenario_hog_memory;
scenario_function scenario_hog_blocks;
scenario_function scenario_hog_threads;
scenario_function scenario_all_states;
scenario_function scenario_thread_exits;
scenario_function scenario_allocate;

scenario_function scenario_fuzz;

scenario_function scenario_call;
scenario_function scenario_call_for_ever;
scenario_function scenario_serve;
scenario_function scenario_wait_signal;
scenario_function scenario_signal;
scenario_function scenario_relay;
scenario_function scenario_take_and_spin;
scenario_function scenario_storm_client;
scenario_function scenario_storm_server;
scenario_function scenario_call_until;

scenario_function scenario_trap;
scenario_function scenario_poke;
scenario_function scenario_fault_often;
scenario_function scenario_drive_dma;
scenario_function scenario_high_slots;
scenario_function scenario_donor;
scenario_function scenario_donee;
scenario_function scenario_all_work;
scenario_function scenario_orphans;

scenario_function scenario_count_calls;
scenario_function scenario_work;
scenario_function scenario_pass_on;
scenario_function scenario_subdivide;
scenario_function scenario_spin;
scenario_function scenario_fork_bomb;
scenario_function scenario_hog_slots;
scenario_function scenario_flood;

/** What a further thread does. */
enum thread_work {
    WORK_END,
    WORK_SPIN,
    WORK_SEND,
    WORK_RECEIVE,
    WORK_WAIT,
    WORK_YIELD,
    WORK_FLOOD, /**< SENDs for ever by slot 1 */
    WORK_CLOSE_ACCOUNT
};

/** WORK_CLOSE_ACCOUNT: after some yields; in donor.c. */
void donor_close(void);

/** Starts a thread of this process (slot CHILD_SLOT_SELF) at main_thread(@p what), on
 *  stack number @p stack. Its id or an error. */
uint64_t start_thread(uint64_t what, unsigned stack, uint64_t cpu);

/** Where the process's further threads begin; in threads.c. */
void main_thread(uint64_t what);

#endif
