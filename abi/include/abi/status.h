/**
 * status.h - what a system call answers in RAX.
 *
 * 0 is success; some calls answer with a number instead (a slot, an id, a count). Errors
 * lie in the top 4096 values, as (uint64_t)-code. One code, one cause that the
 * caller can act on; the page of each call in docs/syscalls says which it may answer.
 */
#ifndef ABI_STATUS_H
#define ABI_STATUS_H

#include <stdbool.h>
#include <stdint.h>

typedef uint64_t mn_status;

#define MN_OK                     ((mn_status)0)
#define MN_ERROR_INVALID_SLOT     ((mn_status)-1) /**< outside of the CNode, or Empty */
#define MN_ERROR_RIGHTS           ((mn_status)-2) /**< a right, or the port, is missing */
#define MN_ERROR_TYPE             ((mn_status)-3) /**< another type of capability */
#define MN_ERROR_NO_ENDPOINT      ((mn_status)-4) /**< no such endpoint or process */
#define MN_ERROR_NO_MEMORY        ((mn_status)-5) /**< out of memory, or unaligned */
#define MN_ERROR_GONE             ((mn_status)-6) /**< process gone, or has a waiter */
#define MN_ERROR_MAPPING          ((mn_status)-7) /**< mapped already, or not allowed */
#define MN_ERROR_SLOT_OCCUPIED    ((mn_status)-8) /**< the target slot is not Empty */
#define MN_ERROR_BAD_ADDRESS      ((mn_status)-9) /**< user memory that can't be touched */
#define MN_ERROR_INVALID_ARGUMENT ((mn_status)-10) /**< a value outside of its range */
#define MN_ERROR_NO_SUCH_CALL     ((mn_status)-11) /**< no system call has this number */
#define MN_ERROR_CANCELLED        ((mn_status)-12) /**< the other side is gone */
#define MN_ERROR_WOULD_BLOCK \
    ((mn_status)-13) /**< nobody is there, and told not to wait */
#define MN_ERROR_TIMED_OUT ((mn_status)-14) /**< the deadline is past */

/** Is this an error, not a number that a call answers? */
static inline bool mn_is_error(mn_status status)
{
    return status >= (mn_status)-4095;
}

#endif
