/**
 * memory_map.c - see memory_map.h.
 *
 * The edges of all entries cut the address space into intervals, of which each has one
 * kind: the greatest that covers it. That takes edges x entries steps, at most half a
 * million, and a few hundred on a usual machine.
 */
#include "core/memory_map.h"

#include "core/bits.h"
#include <stddef.h>

enum { PAGE_BYTES = 4096 };

static const uint64_t ADDRESS_END = 1ull << 52; /* SDM volume 3, 4.1.4: MAXPHYADDR */

bool memory_map_add(struct memory_map *map, uint64_t base, uint64_t size,
                    enum memory_kind kind)
{
    if (base >= ADDRESS_END || size == 0) {
        return true;
    }
    if (map->count == MEMORY_MAP_MAX) {
        return false;
    }
    if (size > ADDRESS_END - base) {
        size = ADDRESS_END - base;
    }
    map->regions[map->count++] = (struct memory_region){base, size, kind};
    return true;
}

/* Puts @p edge into its place among the @p count sorted ones, once. */
static uint32_t insert_edge(uint64_t *edges, uint32_t count, uint64_t edge)
{
    uint32_t place = count;

    while (place > 0 && edges[place - 1] > edge) {
        place--;
    }
    if (place > 0 && edges[place - 1] == edge) {
        return count;
    }
    for (uint32_t i = count; i > place; i--) {
        edges[i] = edges[i - 1];
    }
    edges[place] = edge;
    return count + 1;
}

static enum memory_kind kind_at(const struct memory_map *map, uint64_t address)
{
    enum memory_kind kind = MEMORY_NONE;

    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];

        if (address >= region->base && address - region->base < region->size &&
            region->kind > kind) {
            kind = region->kind;
        }
    }
    return kind;
}

/* Appends [base, end) to the result, or to its last region; false: it is full. */
static bool append(struct memory_map *result, uint64_t base, uint64_t end,
                   enum memory_kind kind)
{
    struct memory_region *last;

    if (kind == MEMORY_NONE) {
        return true;
    }
    last = result->count == 0 ? NULL : &result->regions[result->count - 1];
    if (last != NULL && last->kind == kind && last->base + last->size == base) {
        last->size += end - base;
        return true;
    }
    return memory_map_add(result, base, end - base, kind);
}

/* Cuts free regions of the result to whole pages behind page 0, into @p map. */
static void cut_to_pages(struct memory_map *map, const struct memory_map *result)
{
    map->count = 0;
    for (uint32_t i = 0; i < result->count; i++) {
        struct memory_region region = result->regions[i];
        uint64_t end = region.base + region.size;

        if (region.kind == MEMORY_USABLE || region.kind == MEMORY_RECLAIMABLE) {
            region.base = bits_align_up(region.base, PAGE_BYTES);
            end = bits_align_down(end, PAGE_BYTES);
            if (region.base == 0) {
                region.base = PAGE_BYTES;
            }
        }
        if (region.base < end) {
            region.size = end - region.base;
            map->regions[map->count++] = region;
        }
    }
}

bool memory_map_normalize(struct memory_map *map, struct memory_map_work *work)
{
    uint64_t *edges = work->edges;
    uint32_t edge_count = 0;

    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];

        edge_count = insert_edge(edges, edge_count, region->base);
        edge_count = insert_edge(edges, edge_count, region->base + region->size);
    }
    work->result.count = 0;
    for (uint32_t i = 0; i + 1 < edge_count; i++) {
        if (!append(&work->result, edges[i], edges[i + 1], kind_at(map, edges[i]))) {
            return false;
        }
    }
    cut_to_pages(map, &work->result);
    return true;
}

uint64_t memory_map_cut(struct memory_map *map, uint64_t size, uint64_t from,
                        uint64_t end)
{
    for (uint32_t i = 0; i < map->count; i++) {
        struct memory_region *region = &map->regions[i];
        uint64_t base = region->base;

        if (region->kind == MEMORY_USABLE && base >= from && region->size > size &&
            base + size <= end) {
            region->base += size;
            region->size -= size;
            return base;
        }
    }
    return 0;
}

uint64_t memory_map_highest(const struct memory_map *map, uint64_t size, uint64_t end)
{
    for (uint32_t i = map->count; i-- > 0;) {
        const struct memory_region *region = &map->regions[i];
        uint64_t region_end = region->base + region->size;

        if (region->kind == MEMORY_USABLE && region_end <= end &&
            region->size >= size) {
            return region_end - size;
        }
    }
    return 0;
}

uint64_t memory_map_bytes(const struct memory_map *map, enum memory_kind kind)
{
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < map->count; i++) {
        if (map->regions[i].kind == kind) {
            bytes += map->regions[i].size;
        }
    }
    return bytes;
}

uint64_t memory_map_ram_end(const struct memory_map *map)
{
    uint64_t end = 0;

    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];

        if (memory_kind_is_ram(region->kind)) {
            end = region->base + region->size;
        }
    }
    return end;
}

bool memory_kind_is_ram(enum memory_kind kind)
{
    return kind == MEMORY_USABLE || kind == MEMORY_RECLAIMABLE || kind == MEMORY_ACPI ||
           kind == MEMORY_INITRD || kind == MEMORY_KERNEL;
}
