/**
 * fault.h - the message that a thread's fault is to its handler, and the reply to it.
 *
 * A fault is a CALL that the kernel makes on the thread's behalf, by the endpoint capability
 * that SET_FAULT_HANDLER was given: the badge is that one's.
 */
#ifndef ABI_FAULT_H
#define ABI_FAULT_H

#include <stdint.h>

/** The message's label. */
enum mn_fault_kind { MN_FAULT_EXCEPTION = 1 /**< a CPU exception */ };

/** Its words. Whoever takes it by RECV gets the first two. */
enum mn_fault_word {
    MN_FAULT_CAUSE,   /**< MN_FAULT_CAUSE_* */
    MN_FAULT_ADDRESS, /**< a page fault's address, else 0 */
    MN_FAULT_RIP,
    MN_FAULT_RSP,
    MN_FAULT_THREAD, /**< the thread's id */
    MN_FAULT_PID,    /**< its process */
    MN_FAULT_RFLAGS,
    MN_FAULT_RAX
};

/** The exception (enum mn_trap_vector), and its error code. */
#define MN_FAULT_CAUSE_VECTOR(word) ((word)&0xff)
#define MN_FAULT_CAUSE_ERROR(word)  ((word) >> 32)

/** The reply's label; any other number does what MN_FAULT_END does. */
enum mn_fault_reply {
    MN_FAULT_END = 0,    /**< the process ends, with a report */
    MN_FAULT_RESUME = 1, /**< it goes on where it was */
    MN_FAULT_REDIRECT =
        2 /**< it goes on at word 0, with word 1 as its RSP and word 2 as its RDI */
};

#endif
