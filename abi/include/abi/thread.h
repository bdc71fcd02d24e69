/**
 * thread.h - what CONTROL_THREAD does to a thread.
 */
#ifndef ABI_THREAD_H
#define ABI_THREAD_H

/** The operations, and what their value is. */
enum mn_thread_operation {
    MN_THREAD_SUSPEND = 1,  /**< it stands still until it is resumed; no value */
    MN_THREAD_RESUME = 2,   /**< it goes on; no value */
    MN_THREAD_KILL = 3,     /**< it ends; the exit code, if it is its process's last */
    MN_THREAD_PRIORITY = 4, /**< 0 to 63, at most the thread's ceiling */
    MN_THREAD_CEILING = 5,  /**< 0 to 63, at most the caller's own ceiling */
    MN_THREAD_CPU = 6,      /**< it moves to the CPU of this number, from 0 */
    MN_THREAD_FS_BASE = 7,  /**< an address in the lower half */
    MN_THREAD_GS_BASE = 8   /**< likewise */
};

/** OPEN_THREAD: the calling thread itself. */
#define MN_THREAD_SELF 0u

/** CAP_INFO of a Thread, b: state, priority, ceiling, CPU. */
#define MN_THREAD_STATE(b)       ((uint32_t)((b)&0xff))
#define MN_THREAD_PRIORITY_OF(b) ((uint32_t)((b) >> 8 & 0xff))
#define MN_THREAD_CEILING_OF(b)  ((uint32_t)((b) >> 16 & 0xff))
#define MN_THREAD_CPU_OF(b)      ((uint32_t)((b) >> 32))

/** Bits of MN_THREAD_STATE(); 0: it runs, or waits for something. */
#define MN_THREAD_IS_FAULTED   1u /**< its fault waits for an answer */
#define MN_THREAD_IS_SUSPENDED 2u
#define MN_THREAD_IS_GONE      4u

#endif
