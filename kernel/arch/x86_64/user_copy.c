/**
 * user_copy.c - see user_copy.h.
 */
#include "arch/x86_64/user_copy.h"

#include "abi/user_memory_map.h"
#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/instructions.h"
#include "core/checked_math.h"
#include "core/vectors.h"

uint64_t user_copy_raw(void *destination, const void *source, size_t size);
extern const uint8_t user_copy_instruction[];
extern const uint8_t user_copy_faulted[];

/** Ring 3's memory is open between these two where the CPU guards it (SMAP). */
static bool copy(void *destination, const void *source, size_t size)
{
    uint64_t rest;

    if (cpu_features.smap) {
        x86_stac();
    }
    rest = user_copy_raw(destination, source, size);
    if (cpu_features.smap) {
        x86_clac();
    }
    return rest == 0;
}

bool user_copy_out(uint64_t destination, const void *source, size_t size)
{
    return range_fits(destination, size, MN_USER_LIMIT) &&
           copy((void *)destination, source, size);
}

bool user_copy_in(void *destination, uint64_t source, size_t size)
{
    return range_fits(source, size, MN_USER_LIMIT) &&
           copy(destination, (const void *)source, size);
}

bool user_copy_mend(struct trap_frame *frame)
{
    if (frame->vector != VECTOR_PAGE_FAULT ||
        frame->rip != (uint64_t)user_copy_instruction) {
        return false;
    }
    frame->rip = (uint64_t)user_copy_faulted;
    return true;
}
