/**
 * thread_operation.h - which operations on a thread (abi/thread.h) are admitted.
 */
#ifndef CORE_THREAD_OPERATION_H
#define CORE_THREAD_OPERATION_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/** Priorities 0 (lowest) to 63. */
#define THREAD_PRIORITIES       64u
#define THREAD_PRIORITY_DEFAULT 32u

/** What the values of operations are held against. */
struct thread_operation_limits {
    uint32_t cpus;            /**< how many there are */
    uint32_t ceiling;         /**< the thread's: its priority is never above */
    uint32_t callers_ceiling; /**< who asks */
};

/** MN_ERROR_INVALID_ARGUMENT: no such operation, or @p value is out of its range;
 *  MN_ERROR_RIGHTS: a priority above the thread's ceiling, or a ceiling above the caller's. */
MN_MUST_CHECK mn_status thread_operation_check(
    uint64_t operation, uint64_t value, const struct thread_operation_limits *limits);

#endif
