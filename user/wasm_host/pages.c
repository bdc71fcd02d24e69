/**
 * pages.c - see pages.h: in blocks as large as their address and the account allow.
 */
#include "wasm_host/pages.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { ORDER_MAX = 9 };

/** The largest block that begins at @p base and has not more than @p pages pages. */
static unsigned largest_order(uint64_t base, uint64_t pages)
{
    unsigned order = 0;

    while (order < ORDER_MAX && (2ull << order) <= pages &&
           (base >> MN_PAGE_SHIFT & ((2ull << order) - 1)) == 0) {
        order++;
    }
    return order;
}

static bool map_block(uint64_t base, unsigned order)
{
    if (sys_alloc_memory(PROGRAM_SLOT_MEMORY, HOST_SLOT_SCRATCH, order) != MN_OK) {
        return false;
    }
    mn_status status =
        sys_map_memory(PROGRAM_SLOT_SELF, HOST_SLOT_SCRATCH, base, MN_MAP_WRITABLE);
    (void)sys_drop_cap(HOST_SLOT_SCRATCH);
    return status == MN_OK;
}

bool pages_map(uint64_t base, uint64_t size)
{
    uint64_t end = base + size;
    unsigned most = ORDER_MAX;

    for (uint64_t at = base; at < end;) {
        unsigned order = largest_order(at, (end - at) >> MN_PAGE_SHIFT);
        order = order < most ? order : most;
        if (map_block(at, order)) {
            at += MN_PAGE_SIZE << order;
        } else if (order > 0) {
            most = order - 1; /* memory may be there, but not in one piece */
        } else {
            pages_unmap(base, at - base);
            return false;
        }
    }
    return true;
}

void pages_unmap(uint64_t base, uint64_t size)
{
    if (size > 0) {
        (void)sys_unmap_memory(PROGRAM_SLOT_SELF, base, size >> MN_PAGE_SHIFT);
    }
}
