/**
 * hogs.c - scenarios that take what they can get, and then sit on it.
 */
#include "abi/user_memory_map.h"
#include "guest/hostile/hostile.h"
#include "mnos/memory.h"
#include "mnos/process.h"

#define HOG_AREA 0x100000000ul

/** In start.S. */
extern char thread_receive[];

enum { SLOT_BLOCK = 10, LARGEST_ORDER = 14 };

static _Noreturn void sit(void)
{
    shared()->go = 1;
    for (;;) {
        sys_yield();
    }
}

/** A block of an order, mapped and written to; the pages, or 0. */
static uint64_t take(uint64_t vaddr, uint64_t order)
{
    mn_status status = sys_alloc_memory(CHILD_SLOT_ACCOUNT, SLOT_BLOCK, order);

    if (status != MN_OK) {
        shared()->words[1] = status;
        return 0;
    }
    status = sys_map_memory(CHILD_SLOT_SELF, SLOT_BLOCK, vaddr, MN_MAP_WRITABLE);
    (void)sys_drop_cap(SLOT_BLOCK);
    if (status != MN_OK) {
        shared()->words[1] = status;
        return 0;
    }
    *(volatile uint64_t *)vaddr = vaddr;
    return 1ull << order;
}

uint64_t scenario_hog_memory(uint64_t parameter)
{
    uint64_t pages = 0;

    (void)parameter;
    while (take(HOG_AREA + pages * MN_PAGE_SIZE, 0) != 0) {
        pages++;
    }
    shared()->words[0] = pages;
    sit();
}

uint64_t scenario_hog_blocks(uint64_t parameter)
{
    uint64_t pages = 0;

    (void)parameter;
    for (uint64_t order = LARGEST_ORDER + 1; order-- > 0;) {
        uint64_t got = take(HOG_AREA + pages * MN_PAGE_SIZE, order);

        while (got != 0) {
            pages += got;
            got = take(HOG_AREA + pages * MN_PAGE_SIZE, order);
        }
    }
    shared()->words[0] = pages;
    sit();
}

uint64_t scenario_hog_threads(uint64_t parameter)
{
    uint64_t count = 0;
    uint64_t thread;

    (void)parameter;
    do {
        thread = sys_spawn_thread(CHILD_SLOT_SELF, (uint64_t)thread_receive, 0, 0, 0);
        count++;
    } while (!mn_is_error(thread));
    shared()->words[0] = count - 1;
    shared()->words[1] = thread;
    shared()->go = 1;
    for (;;) {
    }
}

uint64_t scenario_allocate(uint64_t parameter)
{
    for (;;) {
        shared()->counter[0]++;
        if (sys_alloc_memory(CHILD_SLOT_ACCOUNT, SLOT_BLOCK, parameter) != MN_OK) {
            return SCENARIO_BAD;
        }
        (void)sys_drop_cap(SLOT_BLOCK);
    }
}
