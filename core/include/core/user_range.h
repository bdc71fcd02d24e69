/**
 * user_range.h - ranges of pages that ring 3 names.
 */
#ifndef CORE_USER_RANGE_H
#define CORE_USER_RANGE_H

#include "abi/status.h"
#include "abi/user_memory_map.h"
#include "core/attributes.h"
#include "core/bits.h"
#include "core/checked_math.h"
#include "core/frame.h"

/** Checks that @p pages pages from @p start on lie in the lower half, and where they end.
 *
 *  MN_ERROR_NO_MEMORY: @p start is not aligned; MN_ERROR_INVALID_ARGUMENT: they do not. */
MN_MUST_CHECK static inline mn_status user_range_check(uint64_t start, uint64_t pages,
                                                       uint64_t *out_end)
{
    uint64_t size;

    if (!bits_is_aligned(start, FRAME_BYTES)) {
        return MN_ERROR_NO_MEMORY;
    }
    if (!checked_mul(pages, FRAME_BYTES, &size) || !checked_add(start, size, out_end) ||
        *out_end > MN_USER_LIMIT) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    return MN_OK;
}

#endif
