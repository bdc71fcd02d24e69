/**
 * page_table.h - maps pages in the page tables of one address space (core/paging.h).
 *
 * Tables are made when a page first needs them and are given back when their last entry
 * goes. Aligned runs of 512 pages use 2 MiB pages. Pure: who has the memory lends it, and
 * flushes TLBs. No recursion.
 */
#ifndef CORE_PAGE_TABLE_H
#define CORE_PAGE_TABLE_H

#include "abi/status.h"
#include "core/attributes.h"
#include "core/paging.h"
#include <stddef.h>

/** Where tables come from, and go. */
struct page_table_memory {
    uint64_t *(*take)(void *owner); /**< a zeroed table; NULL: there is none */
    void (*give)(void *owner, uint64_t *table);
};

struct page_tables {
    const struct page_table_memory *memory;
    void *owner; /**< who pays, for take() and give() */
    uint8_t
        *base; /**< where physical address 0 is reached, and all tables from there on */
    uint64_t root; /**< physical address of the PML4, which is never given back here */
};

/**
 * Maps @p pages pages from @p virtual on to the frames from @p physical on, by entries with
 * @p bits. On failure nothing stays but what @p out_mapped says: so many pages from the
 * front, which the caller unmaps with its flush.
 *
 * MN_ERROR_MAPPING: the next page is mapped already; MN_ERROR_NO_MEMORY: no table.
 */
MN_MUST_CHECK mn_status page_table_map(const struct page_tables *tables,
                                       uint64_t virtual, uint64_t physical,
                                       uint64_t pages, uint64_t bits,
                                       uint64_t *out_mapped);

/**
 * Unmaps @p pages pages, which are mapped, as whole entries.
 *
 * Another CPU may walk a table that is given back until the flush that the caller makes,
 * before which the table must not get content that looks like present entries.
 */
void page_table_unmap(const struct page_tables *tables, uint64_t virtual,
                      uint64_t pages);

/** The entry that maps @p virtual, in @p out_level its level: 1, or 2 for a 2 MiB page;
 *  NULL: nothing does. */
uint64_t *page_table_find(const struct page_tables *tables, uint64_t virtual,
                          unsigned *out_level);

/** The entry at which the walk for @p virtual ends, and its level: what maps it, or what is not
 *  present. @p base is where physical address 0 is reached, @p root the PML4. */
uint64_t page_table_walk(const void *base, uint64_t root, uint64_t virtual,
                         unsigned *out_level);

#endif
