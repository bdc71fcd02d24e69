/**
 * memory_map.c - runs of fresh pages.
 */
#include "abi/user_memory_map.h"
#include "mnos/memory.h"
#include "mnos/process.h"

/** One zeroed page; the mapping keeps the frame once the capability is dropped. */
static mn_status map_page(const struct mnos_memory_source *source, uint64_t vaddr,
                          uint64_t flags)
{
    mn_status status = sys_alloc_memory(source->account, source->scratch_slot, 0);

    if (status != MN_OK) {
        return status;
    }
    status = sys_map_memory(source->process, source->scratch_slot, vaddr, flags);
    (void)sys_drop_cap(source->scratch_slot);
    return status;
}

mn_status mnos_memory_map(const struct mnos_memory_source *source, uint64_t vaddr,
                          uint64_t pages, uint64_t flags)
{
    for (uint64_t page = 0; page < pages; page++) {
        mn_status status = map_page(source, vaddr + page * MN_PAGE_SIZE, flags);

        if (status != MN_OK) {
            if (page > 0) {
                (void)sys_unmap_memory(source->process, vaddr, page);
            }
            return status;
        }
    }
    return MN_OK;
}
