/**
 * process.h - the bare calls that make, fill, start and end processes and threads.
 *
 * A child's whole life in one call each is process_loader.h; what a capability is, is
 * docs/capabilities.md. Slots are indexes into the caller's own CNode unless said
 * otherwise; [X] is the right that the capability there must hold.
 */
#ifndef MNOS_PROCESS_H
#define MNOS_PROCESS_H

#include "abi/rights.h"
#include "abi/status.h"
#include "abi/syscall.h"
#include "abi/user_memory_map.h"
#include "core/attributes.h"
#include <stdint.h>

/** sys_spawn_process(): the new process is paid from the caller's own account. */
#define MNOS_OWN_ACCOUNT 0u

/** Makes an empty process, paid by the account in @p account [WRITE]. Returns the slot of
 *  its Process capability, which the kernel chose, or an error (mn_is_error()). */
MN_MUST_CHECK mn_status sys_spawn_process(uint64_t account);

/** Takes 2^@p order zeroed frames, as one block, from the account in @p account [WRITE];
 *  the MemoryFrame capability goes to the empty slot @p target. */
MN_MUST_CHECK mn_status sys_alloc_memory(uint64_t account, uint64_t target,
                                         uint64_t order);

/** Maps all of the block in @p frame [READ; WRITE for MN_MAP_WRITABLE, EXEC for
 *  MN_MAP_EXECUTABLE] at the page address @p vaddr of the process in @p process [WRITE]. */
MN_MUST_CHECK mn_status sys_map_memory(uint64_t process, uint64_t frame, uint64_t vaddr,
                                       uint64_t flags);

/** Copies the capability in @p source [GRANT] into the empty slot @p target of the CNode
 *  of the process in @p process [WRITE], with at most @p rights (0: what it holds). */
MN_MUST_CHECK mn_status sys_delegate(uint64_t process, uint64_t source, uint64_t target,
                                     uint64_t rights);

/** Starts a thread in the process in @p process [EXEC] at @p rip with RSP @p rsp and RDI
 *  @p argument, on CPU @p cpu - 1 or, with MN_CPU_OF_CALLER, the caller's. Returns the
 *  thread's id or an error. */
MN_MUST_CHECK mn_status sys_spawn_thread(uint64_t process, uint64_t rip, uint64_t rsp,
                                         uint64_t argument, uint64_t cpu);

/** Empties @p slot. What was mapped from it stays mapped. */
mn_status sys_drop_cap(uint64_t slot);

/** Ends the process in @p process [REVOKE]: WAIT_PROCESS tells @p exit_code. */
mn_status sys_kill_process(uint64_t process, uint64_t exit_code);

/** Blocks until the process in @p process [READ] is gone and everything that it had is
 *  given back; then @p out_exit_code, written on MN_OK only. */
MN_MUST_CHECK mn_status sys_wait_process(uint64_t process, uint64_t *out_exit_code);

/** Ends the calling thread; with the last thread of a process, the process. */
_Noreturn void sys_exit(uint64_t code);

/** Lets the other threads of this priority run first. */
void sys_yield(void);

/** The id of the calling thread. */
uint64_t sys_thread_id(void);

#endif
