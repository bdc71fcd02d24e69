/**
 * bench.h - what the files of the kernel's benchmark share.
 */
#ifndef BENCH_KERNEL_INIT_BENCH_H
#define BENCH_KERNEL_INIT_BENCH_H

#include "mnos/process_loader.h"
#include <stdbool.h>
#include <stdint.h>

/** Rounds that are not counted. */
enum { WARM_ROUNDS = 16 };

/** Rounds that are: 1000, or what the command line says by rounds=N. */
extern int bench_rounds;

/** Ends the machine as failed unless @p holds. */
void require(bool holds, const char *what);

/** Makes a process of the program `partner` (partner/main.c), not started yet. */
struct mnos_process make_partner(void);

/** The time stamp counter: instructions, under -icount. */
static inline uint64_t read_tsc(void)
{
    return __builtin_ia32_rdtsc();
}

/** A call of YIELD that switches to another address space, and half of the way back. */
uint64_t yield_switch(void);
uint64_t yield_switch_budgets(void);

/** MAP_MEMORY of a page where the page table is there already; the median. */
uint64_t map_one_page(void);

/** A page of a MAP_MEMORY of 512 pages, tables included. */
uint64_t map_range_per_page(void);

/** SPAWN_THREAD, the thread's EXIT, and back. */
uint64_t thread_cycle(void);

/** SPAWN_PROCESS, a page of code and a page of stack, SPAWN_THREAD, EXIT, WAIT_PROCESS,
 *  DROP_CAP. */
uint64_t process_cycle(void);

/** CALL with three words, REPLY_RECV by a server in another process, and back. */
uint64_t call_reply_round_trip(void);

/** The same without words. */
uint64_t call_reply_round_trip_0(void);

/** The same with 64 words, 56 of them by the buffers; these are not copied in ring 3. */
uint64_t call_reply_round_trip_64_words(void);

/** An exception, its message to a handler in another process, and the reply: resume. */
uint64_t exception_round_trip(void);

/** A page fault, its message to a pager in another process, MAP_MEMORY, and the reply. */
uint64_t page_fault_round_trip(void);

/** SIGNAL of a notification that nobody waits for. */
uint64_t signal_no_waiter(void);

/** SIGNAL to another process that waits, and WAIT_SIGNAL for the one that it sends back. */
uint64_t signal_wait_round_trip(void);

#endif
