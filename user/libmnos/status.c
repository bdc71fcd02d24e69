/**
 * status.c - errors of system calls in words.
 */
#include "mnos/status.h"

const char *mnos_status_text(mn_status status)
{
    switch (status) {
    case MN_OK:
        return "no error";
    case MN_ERROR_INVALID_SLOT:
        return "invalid slot";
    case MN_ERROR_RIGHTS:
        return "insufficient rights";
    case MN_ERROR_TYPE:
        return "wrong capability type";
    case MN_ERROR_NO_ENDPOINT:
        return "no such endpoint or process";
    case MN_ERROR_NO_MEMORY:
        return "out of memory, or unaligned";
    case MN_ERROR_GONE:
        return "process gone, or already has a waiter";
    case MN_ERROR_MAPPING:
        return "mapping failed";
    case MN_ERROR_SLOT_OCCUPIED:
        return "target slot occupied";
    case MN_ERROR_BAD_ADDRESS:
        return "bad address";
    case MN_ERROR_INVALID_ARGUMENT:
        return "invalid argument";
    case MN_ERROR_NO_SUCH_CALL:
        return "no such system call";
    case MN_ERROR_CANCELLED:
        return "cancelled: the other side is gone";
    case MN_ERROR_WOULD_BLOCK:
        return "it would have to wait, and was told not to";
    default:
        return "unknown error";
    }
}
