/**
 * address_space.h - the page tables of one process.
 *
 * Tables are made when a page first needs them and are given back when their last entry
 * goes; the account of the process pays. Aligned runs of 512 pages use 2 MiB pages. Pure:
 * flushing TLBs is the embedder's tlb_flush().
 *
 * Lock: the kernel's.
 */
#ifndef CORE_ADDRESS_SPACE_H
#define CORE_ADDRESS_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/status.h"
#include "core/account.h"
#include "core/attributes.h"
#include "core/page_table.h"
#include "core/paging.h"

struct address_space {
    uint64_t cr3;            /**< physical address of the PML4 */
    struct account *account; /**< pays for the tables */
    uint8_t *base;           /**< where physical address 0 is reached */
    /** The page table that a page was mapped in last: the number of its 2 MiB, all of which
     *  can be mapped (UINT64_MAX: none), and the entry that points to it. */
    uint64_t last_region;
    uint64_t *last_entry;
    /** Counts up whenever something is unmapped or made less writable: what was found by
     *  address_space_find_writable() before then may not be so any more. */
    uint64_t losses;
};

/** What a mapping lets ring 3 do; reading always. */
struct page_rights {
    bool writable;
    bool executable;
    uint64_t cache; /**< 0: cached, else PTE_UNCACHED or PTE_COMBINE */
};

/** Makes an empty address space, the kernel's half in place, as the PML4 at physical
 *  @p kernel_root has it. False: out of memory. */
MN_MUST_CHECK bool address_space_create(struct address_space *space,
                                        struct account *account, uint8_t *base,
                                        uint64_t kernel_root);

/** Gives back the PML4; nothing is mapped any more and no CPU has it loaded. */
void address_space_destroy(struct address_space *space);

/**
 * Maps @p pages pages from @p virtual on to the frames from @p physical on, all or none.
 *
 * The range lies in the lower half (the caller has checked). MN_ERROR_MAPPING: a page of
 * it is mapped already; MN_ERROR_NO_MEMORY: the account can't pay for the tables.
 */
MN_MUST_CHECK mn_status address_space_map(struct address_space *space, uint64_t virtual,
                                          uint64_t physical, uint64_t pages,
                                          struct page_rights rights);

/** The entry for @p virtual, if it lies in the table that was used last; or NULL. */
static inline uint64_t *address_space_last_entry(const struct address_space *space,
                                                 uint64_t virtual)
{
    uint64_t table;

    if (virtual >> PAGING_REGION_SHIFT != space->last_region) {
        return NULL;
    }
    table = *space->last_entry & PTE_ADDRESS;
    return (uint64_t *)(void *)(space->base + table) + paging_index(virtual, 1);
}

/** Maps a page by such an entry, which is 0. */
static inline void address_space_fill_last(struct address_space *space, uint64_t *entry,
                                           uint64_t pte)
{
    uint64_t *above = space->last_entry;

    *entry = pte;
    *above += PTE_COUNT;
}

/** Defined by who embeds this: returns when no CPU can use what the tables at @p cr3 said of
 *  these pages before. */
void tlb_flush(uint64_t cr3, uint64_t virtual, uint64_t pages);

/** Unmaps @p pages pages, all mapped by one address_space_map() of just this range, and
 *  returns when no CPU can use them any more. */
void address_space_unmap(struct address_space *space, uint64_t virtual, uint64_t pages);

/** Gives @p pages pages, all mapped as whole entries, other rights; the caller flushes. */
void address_space_protect(struct address_space *space, uint64_t virtual,
                           uint64_t pages, struct page_rights rights);

#endif
