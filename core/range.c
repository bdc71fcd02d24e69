/**
 * range.c - see range.h.
 */
#include "core/range.h"

#include "core/checked_math.h"

void range_describe(const struct slot *slot, struct mn_cap_info *info)
{
    info->a = SLOT_FIRST(slot->value);
    info->b = SLOT_COUNT(slot->value);
}

mn_status range_narrow(const struct slot *source, uint64_t a, uint64_t b,
                       struct account *account, struct slot *target)
{
    uint64_t first = SLOT_FIRST(source->value);

    (void)account;
    if (a < first || b == 0 || !range_fits(a - first, b, SLOT_COUNT(source->value))) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    target->value = SLOT_RANGE(a, b);
    return MN_OK;
}

const struct object_ops range_ops = {NULL, NULL, range_describe, range_narrow, NULL};
