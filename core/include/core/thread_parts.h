/**
 * thread_parts.h - what a thread has beside its registers and its place in queues, which the
 * kernel's modules fill in.
 */
#ifndef CORE_THREAD_PARTS_H
#define CORE_THREAD_PARTS_H

#include "core/inspected.h"
#include "core/slot.h"
#include "core/thread_operation.h"

struct address_space;

/** A thread's own handler of its exceptions (process/trap_handler.h). */
struct thread_trap {
    uint64_t rip;       /**< where it begins; 0: there is none */
    uint64_t stack_top; /**< 16-aligned, at most MN_USER_LIMIT */
    bool handling;      /**< it has an exception and has not made TRAP_RETURN */
};

/** Where a thread has its struct mn_ipc_buffer (ipc/message.c). */
struct thread_buffer {
    uint64_t virtual;                  /**< its address; 0: none */
    const struct address_space *space; /**< of its process */
    void *found; /**< where the direct map has it, while `losses` is space->losses */
    uint64_t losses;
};

/** What others have asked of a thread while it ran on another CPU (process/thread_control.c). */
struct thread_request {
    uint32_t operation; /**< enum mn_thread_operation; 0: nothing */
    uint64_t value;
};

/** A fault that is or will be a message (process/fault.c). */
struct thread_fault {
    uint64_t address;    /**< a page fault's, else 0 */
    uint64_t rax;        /**< at the fault: who ends the wait overwrites the frame's */
    uint64_t pid;        /**< of its process */
    struct slot handler; /**< an endpoint with WRITE; Empty: the process's handler */
};

#endif
