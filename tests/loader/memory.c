/**
 * memory.c - the loader's own memory, and what it takes for the kernel and its module.
 */
#include "core/bits.h"
#include "loader.h"

enum { ARENA_BYTES = 2 << 20, TAKEN_MAX = 4, LOW_END = 1 << 20 };

extern uint8_t loader_start[];
extern uint8_t loader_end[];

static uint8_t arena[ARENA_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint64_t arena_used;

static struct {
    uint64_t base;
    uint64_t size;
} taken[TAKEN_MAX];
static uint32_t taken_count;

static struct memory_map work;

void *memory_arena(uint64_t size)
{
    void *memory = arena + arena_used;

    size = bits_align_up(size, PAGE_BYTES);
    if (size > ARENA_BYTES - arena_used) {
        loader_fail("the arena is too small");
    }
    arena_used += size;
    return memory;
}

static void add(struct memory_map *map, uint64_t base, uint64_t size,
                enum memory_kind kind)
{
    if (!memory_map_add(map, base, size, kind)) {
        loader_fail("too many memory regions");
    }
}

static void normalize(struct memory_map *map)
{
    static struct memory_map_work normalize_work;

    if (!memory_map_normalize(map, &normalize_work)) {
        loader_fail("too many memory regions");
    }
}

void memory_final_map(const struct loader_input *input, struct memory_map *out_map)
{
    *out_map = input->memory;
    add(out_map, (uint64_t)loader_start, (uint64_t)(loader_end - loader_start),
        MEMORY_RECLAIMABLE);
    add(out_map, MEMORY_AP_PAGE, PAGE_BYTES, MEMORY_RECLAIMABLE);
    for (uint32_t i = 0; i < taken_count; i++) {
        add(out_map, taken[i].base, taken[i].size, MEMORY_KERNEL);
    }
    normalize(out_map);
}

/* The map while files are copied: the archive that they come from is in use too. */
static void make_work_map(const struct loader_input *input)
{
    memory_final_map(input, &work);
    add(&work, (uint64_t)input->archive, input->archive_size, MEMORY_INITRD);
    normalize(&work);
}

uint64_t memory_take_top(const struct loader_input *input, uint64_t size)
{
    size = bits_align_up(size, PAGE_BYTES);
    make_work_map(input);
    for (uint32_t i = work.count; i-- > 0 && taken_count < TAKEN_MAX;) {
        const struct memory_region *region = &work.regions[i];

        if (region->kind == MEMORY_USABLE && region->base >= LOW_END &&
            region->size >= size) {
            taken[taken_count].base = region->base + region->size - size;
            taken[taken_count].size = size;
            return taken[taken_count++].base;
        }
    }
    loader_fail("no %llu KiB of free memory", (unsigned long long)(size / 1024));
}
