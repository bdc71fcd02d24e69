/**
 * memory_map.h - the machine's memory as a sorted list without overlaps.
 *
 * A boot protocol adds what the firmware said, in any order, overlaps allowed;
 * memory_map_normalize() makes the list from it. Where several entries cover a byte the
 * greatest kind wins, so what is in use is never free as well. Free kinds (MEMORY_USABLE
 * and MEMORY_RECLAIMABLE) are cut to whole pages and leave out physical page 0.
 *
 * Pure: also built for the host and fuzzed there.
 */
#ifndef CORE_MEMORY_MAP_H
#define CORE_MEMORY_MAP_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stdint.h>

/** In rising precedence. */
enum memory_kind {
    MEMORY_NONE,        /**< nobody said anything */
    MEMORY_USABLE,      /**< free RAM */
    MEMORY_RECLAIMABLE, /**< RAM that is free once boot is over */
    MEMORY_ACPI,        /**< RAM with ACPI's tables, or its non-volatile storage */
    MEMORY_RESERVED,    /**< not to be touched */
    MEMORY_FRAMEBUFFER,
    MEMORY_INITRD, /**< the initrd, in RAM */
    MEMORY_KERNEL /**< the kernel's image without its boot sections, and early tables */
};

/** The most entries that a firmware may give, and that the result may have. */
enum { MEMORY_MAP_MAX = 512 };

struct memory_region {
    uint64_t base; /**< physical */
    uint64_t size; /**< bytes, more than 0; base + size does not overflow */
    enum memory_kind kind;
};

struct memory_map {
    uint32_t count;
    struct memory_region regions[MEMORY_MAP_MAX];
};

/** Working storage of memory_map_normalize(), which is too large for a stack. */
struct memory_map_work {
    uint64_t edges[2 * MEMORY_MAP_MAX];
    struct memory_map result;
};

/**
 * Appends an entry as the firmware gave it. One without bytes, or past the end of the
 * physical address space (2^52), is left out or cut.
 *
 * Returns false when there are MEMORY_MAP_MAX entries already.
 */
MN_MUST_CHECK bool memory_map_add(struct memory_map *map, uint64_t base, uint64_t size,
                                  enum memory_kind kind);

/**
 * Makes the sorted list out of the entries. Neighbours of one kind are merged.
 *
 * Returns false when it would have more than MEMORY_MAP_MAX regions; @p map is then
 * unspecified.
 */
MN_MUST_CHECK bool memory_map_normalize(struct memory_map *map,
                                        struct memory_map_work *work);

/** The bytes of all regions of @p kind. */
uint64_t memory_map_bytes(const struct memory_map *map, enum memory_kind kind);

/**
 * Cuts @p size bytes, whole pages, off the front of the first usable region of a normalised
 * map that has more than that between @p from and @p end; it stays a region.
 *
 * Returns where they begin; 0: there are none.
 */
uint64_t memory_map_cut(struct memory_map *map, uint64_t size, uint64_t from,
                        uint64_t end);

/** The highest place for @p size bytes, whole pages, in one usable region of a normalised
 *  map that ends at or below @p end; 0: there is none. */
uint64_t memory_map_highest(const struct memory_map *map, uint64_t size, uint64_t end);

/** Where the last RAM of a normalised map ends; 0: there is none. */
uint64_t memory_map_ram_end(const struct memory_map *map);

/** Is this kind RAM, so that the direct map has it? */
bool memory_kind_is_ram(enum memory_kind kind);

#endif
