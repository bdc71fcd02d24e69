/**
 * main.c - the RAM file system as a service: protocols/file.h.
 *
 * Its blocks are pages that it maps one behind the other, paid by SERVICE_SLOT_ACCOUNT. A block
 * that is given back is kept for the next to be taken.
 */
#include "abi/user_memory_map.h"
#include "libfile/server_loop.h"
#include "mnos/clock.h"
#include "mnos/heap.h"
#include "mnos/memory.h"
#include "services/ramfs/ramfs.h"

#define HEAP_BASE   0x40000000ul
#define BLOCKS_BASE 0x100000000ul
#define BLOCKS_END  FILE_BUFFERS_BASE

enum { HEAP_BYTES = 1 << 19, PAGES_AT_ONCE = 16 };

/** A block that is free; they are a list. */
struct free_block {
    struct free_block *next;
};

static struct free_block *free_blocks;
static uint64_t next_page = BLOCKS_BASE;
static uint64_t wall_time_ns;

static const struct mnos_memory_source source = {.account = SERVICE_SLOT_ACCOUNT,
                                                 .process = SERVICE_SLOT_SELF,
                                                 .scratch_slot = SERVICE_SLOT_SCRATCH};

int main(const struct file_service_start *start);

static void give_block(void *context, void *block)
{
    struct free_block *free_block = block;

    (void)context;
    free_block->next = free_blocks;
    free_blocks = free_block;
}

/** Maps @p pages further pages and puts them in the list. */
static bool map_blocks(uint64_t pages)
{
    if (next_page + pages * MN_PAGE_SIZE > BLOCKS_END ||
        mnos_memory_map(&source, next_page, pages, MN_MAP_WRITABLE) != MN_OK) {
        return false;
    }
    next_page += pages * MN_PAGE_SIZE;
    for (uint64_t page = 1; page <= pages; page++) {
        give_block(NULL, (void *)(next_page - page * MN_PAGE_SIZE));
    }
    return true;
}

static void *take_block(void *context)
{
    struct free_block *block;

    (void)context;
    if (free_blocks == NULL && !map_blocks(PAGES_AT_ONCE) && !map_blocks(1)) {
        return NULL;
    }
    block = free_blocks;
    free_blocks = block->next;
    return block;
}

static uint64_t now_ns(void)
{
    return wall_time_ns + mnos_clock_ns();
}

int main(const struct file_service_start *start)
{
    static const struct ramfs_memory memory = {.take = take_block, .give = give_block};
    static struct ramfs ramfs = {.memory = &memory, .now_ns = now_ns};
    const struct file_system system = ramfs_file_system(&ramfs);

    wall_time_ns = start->wall_time_ns;
    if (mnos_memory_map(&source, HEAP_BASE, HEAP_BYTES / MN_PAGE_SIZE,
                        MN_MAP_WRITABLE) != MN_OK) {
        return 1;
    }
    init_heap((void *)HEAP_BASE, HEAP_BYTES);
    server_loop(&system, start);
    return 1;
}
