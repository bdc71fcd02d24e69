/**
 * child.h - child processes for tests: the program `hostile`, or a few bytes of code.
 *
 * All answer with a slot, or fail the test and answer 0, which every call refuses.
 */
#ifndef GUEST_RUNNER_CHILD_H
#define GUEST_RUNNER_CHILD_H

#include "guest/common/scenario.h"
#include "guest/runner/harness.h"
#include <stddef.h>

/** Which CPU: the runner's own, or by number. */
#define CPU_OWN         0u
#define CPU_NUMBER(cpu) ((uint64_t)(cpu) + 1)

/** Makes a child with `hostile` loaded and a stack, not started; the Process's slot. */
uint64_t child_create(void);

/** Makes one whose faults go to an endpoint, which is made in @p endpoint, by a capability in
 *  @p badged with the badge @p badge. */
uint64_t child_create_faulter(uint64_t endpoint, uint64_t badged, uint64_t badge);

/** The same, paid by the account in @p account and not by the runner's. */
uint64_t child_create_from(uint64_t account);

/** Starts it with a scenario on a CPU (CPU_OWN, CPU_NUMBER()). Its thread's id. */
uint64_t child_start(uint64_t child, enum scenario scenario, uint64_t parameter,
                     uint64_t cpu);

/** child_create() and child_start() without capabilities, on the runner's CPU. */
uint64_t child_run(enum scenario scenario, uint64_t parameter);

/** Gives it a copy of what is in @p slot, with @p rights (0: all). */
void child_give(uint64_t child, uint64_t slot, enum child_slot target, uint64_t rights);

/** Waits until it is gone; its exit code. */
uint64_t child_wait(uint64_t child);

/** Lets others run until @p child has ended, without WAIT_PROCESS; false: it does not. */
bool child_ends(uint64_t child);

/** Kills it and waits; then its Process capability is dropped. */
void child_kill(uint64_t child);

/** Its pid. */
uint64_t child_pid(uint64_t child);

/** Shares a page with any number of children: makes it (once a test) and maps it into
 *  the runner; then child_share() maps it into a child, writable. */
struct shared_page *shared_create(void);
void child_share(uint64_t child);

/** Endpoint in a slot of the test's. */
void endpoint_create(uint64_t slot);

/** Notification in a slot of the test's. */
void notification_create(uint64_t slot);

/** Makes an Empty slot's capability: a narrower copy. */
void mint(uint64_t source, uint64_t target, uint64_t rights, uint64_t a, uint64_t b);

/** SEND of the message that SCENARIO_RECEIVE takes for its number @p i; its status. */
mn_status send_number(uint64_t slot, uint64_t i);

/** RECV of the message that SCENARIO_SEND sends as its number @p i, by a capability with
 *  badge @p badge; on another one the test fails. */
void receive_number(uint64_t slot, uint64_t i, uint64_t badge);

/** Fails the test unless all @p words words from the address @p vaddr on are 0. */
void check_zero(uint64_t vaddr, uint64_t words);

/** Yields until *@p word is at least @p value; fails the test when that never comes. */
void wait_for_word(const volatile uint64_t *word, uint64_t value);

/** A process of one page of code, at TINY_CODE, and one of stack, under TINY_STACK_TOP. */
#define TINY_CODE      0x400000ul
#define TINY_STACK_TOP 0x500000ul

/** Makes, in @p frame_slot, a frame with @p size bytes of position-independent code. */
void tiny_code_create(uint64_t frame_slot, const void *code, size_t size);

/** Makes such a process of that frame, with one page of stack; not started. */
uint64_t tiny_create(uint64_t frame_slot);

/** Starts it at its first byte, with @p argument in RDI. */
void tiny_start(uint64_t child, uint64_t argument, uint64_t cpu);

/** The kernel's log: forgets what was in it until now. */
void log_skip(void);

/** Is @p text in the log since log_skip()? */
bool log_has(const char *text);

/** Exit code of a process that an exception ended. */
#define FAULT_CODE(vector) ((uint64_t)0 - (128 + (vector)))

#endif
