/**
 * thread_operation.c - see thread_operation.h.
 */
#include "core/thread_operation.h"

#include "abi/thread.h"
#include "abi/user_memory_map.h"

mn_status thread_operation_check(uint64_t operation, uint64_t value,
                                 const struct thread_operation_limits *limits)
{
    uint64_t end = THREAD_PRIORITIES;

    switch (operation) {
    case MN_THREAD_SUSPEND:
    case MN_THREAD_RESUME:
    case MN_THREAD_KILL:
        return MN_OK;
    case MN_THREAD_PRIORITY:
    case MN_THREAD_CEILING:
        break;
    case MN_THREAD_CPU:
        end = limits->cpus;
        break;
    case MN_THREAD_FS_BASE:
    case MN_THREAD_GS_BASE:
        end = MN_USER_LIMIT;
        break;
    default:
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (value >= end) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if ((operation == MN_THREAD_PRIORITY && value > limits->ceiling) ||
        (operation == MN_THREAD_CEILING && value > limits->callers_ceiling)) {
        return MN_ERROR_RIGHTS;
    }
    return MN_OK;
}
