/**
 * kernel_tables.h - builds the kernel's own page tables (core/paging.h) while it boots.
 *
 * Entries are supervisor's and, where the CPU has that, global; pages of 1 GiB, 2 MiB and
 * 4 KiB. Nothing is ever unmapped here. Pure: memory is lent.
 */
#ifndef CORE_KERNEL_TABLES_H
#define CORE_KERNEL_TABLES_H

#include "core/attributes.h"
#include "core/memory_map.h"
#include "core/paging.h"

enum kernel_tables_access {
    KERNEL_TABLES_TEXT,
    KERNEL_TABLES_READ_ONLY,
    KERNEL_TABLES_WRITABLE,
    KERNEL_TABLES_DEVICE /**< writable and uncached */
};

struct kernel_tables {
    uint64_t root;                     /**< physical address of the PML4, zeroed */
    bool global;                       /**< there are global pages */
    bool pages_1gib;                   /**< there are 1 GiB pages */
    uint64_t direct_map;               /**< virtual address of physical 0 in them */
    uint64_t (*take)(void);            /**< physical address of a zeroed table */
    void *(*reach)(uint64_t physical); /**< where a table can be written */
};

/** Maps whole pages, none of which is mapped yet. */
void kernel_tables_map(const struct kernel_tables *tables, uint64_t virtual,
                       uint64_t physical, uint64_t size,
                       enum kernel_tables_access access);

/** Maps all RAM of a normalised map into the direct map: writable, but for [@p fixed_start,
 *  @p fixed_end), which is read-only. Partial pages are mapped as well. */
void kernel_tables_map_ram(const struct kernel_tables *tables,
                           const struct memory_map *map, uint64_t fixed_start,
                           uint64_t fixed_end);

/** Maps the pages of a range into the direct map. False: one is mapped already, without
 *  all bits of @p expected. */
MN_MUST_CHECK bool kernel_tables_map_pages(const struct kernel_tables *tables,
                                           uint64_t physical, uint64_t size,
                                           enum kernel_tables_access access,
                                           uint64_t expected);

#endif
