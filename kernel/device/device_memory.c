/**
 * device_memory.c - see device_memory.h.
 *
 * The direct map has all RAM, and the registers that the kernel drives itself: what is not
 * in it is a device's.
 */
#include "device/device_memory.h"

#include "abi/user_memory_map.h"
#include "arch/x86_64/direct_map.h"
#include "core/page_table.h"
#include "mem/address_space.h"

/** Where a write is an interrupt, and the local APICs lie (SDM vol. 3, 10.11.1). */
#define MESSAGES_START 0xfee00000ull
#define MESSAGES_END   0xfef00000ull

static bool is_devices(uint64_t start, uint64_t end)
{
    if (start < MESSAGES_END && end > MESSAGES_START) {
        return false;
    }
    while (start < end) {
        unsigned level;

        if ((page_table_walk(phys_to_virt(0), kernel_cr3, HHDM_BASE + start, &level) &
             PTE_PRESENT) != 0) {
            return false;
        }
        start = (start | ((paging_span(level) << FRAME_SHIFT) - 1)) + 1;
    }
    return true;
}

mn_status device_memory_map(struct slot *slot, struct vspace *vspace, uint64_t virtual,
                            uint64_t flags)
{
    uint64_t start = (uint64_t)SLOT_FIRST(slot->value) << FRAME_SHIFT;
    uint64_t pages = SLOT_COUNT(slot->value);
    struct vspace_request request = {.parent = &slot->node, .virtual = virtual};
    uint64_t cache = flags & (MN_MAP_UNCACHED | MN_MAP_WRITE_COMBINING);
    mn_status status;

    if ((flags & MN_MAP_EXECUTABLE) != 0 || pages > 1ull << MN_ORDER_MAX ||
        cache == (MN_MAP_UNCACHED | MN_MAP_WRITE_COMBINING)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (!is_devices(start, start + (pages << FRAME_SHIFT))) {
        return MN_ERROR_MAPPING;
    }
    request.flags = (uint32_t)flags | (cache == 0 ? MN_MAP_UNCACHED : 0);
    request.frame = frame_of_device(vspace->space.account, start, pages);
    if (request.frame == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    frame_retain(request.frame);
    status = vspace_map(vspace, &request);
    frame_release(request.frame);
    return status;
}
