/**
 * address_space.h - the page tables of one process, and who has them loaded.
 *
 * Tables are made when a page first needs them and are given back when their last entry
 * goes; the account of the process pays. Aligned runs of 512 pages use 2 MiB pages.
 *
 * Lock: the kernel's. Flushing waits for the other CPUs that have the tables loaded.
 */
#ifndef MEM_ADDRESS_SPACE_H
#define MEM_ADDRESS_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/status.h"
#include "arch/x86_64/direct_map.h"
#include "core/account.h"
#include "core/attributes.h"
#include "core/paging.h"

struct address_space {
    uint64_t cr3;            /**< physical address of the PML4 */
    struct account *account; /**< pays for the tables */
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

/** Makes an empty address space, the kernel's half in place. False: out of memory. */
MN_MUST_CHECK bool address_space_create(struct address_space *space,
                                        struct account *account);

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
    return (uint64_t *)phys_to_virt(table) + paging_index(virtual, 1);
}

/** Maps a page by such an entry, which is 0. */
static inline void address_space_fill_last(struct address_space *space, uint64_t *entry,
                                           uint64_t pte)
{
    uint64_t *above = space->last_entry;

    *entry = pte;
    *above += PTE_COUNT;
}

/** Unmaps @p pages pages, all mapped by one address_space_map() of just this range, and
 *  returns when no CPU can use them any more. */
void address_space_unmap(struct address_space *space, uint64_t virtual, uint64_t pages);

/** Where the direct map has what is mapped at @p virtual, any address; NULL unless it is RAM
 *  that ring 3 may write to. What is there to the end of the page is too. */
void *address_space_find_writable(uint64_t cr3, uint64_t virtual);

/** Gives @p pages pages, all mapped as whole entries, other rights; the caller flushes. */
void address_space_protect(struct address_space *space, uint64_t virtual,
                           uint64_t pages, struct page_rights rights);

/** Loads the address space with this PML4 on this CPU. */
void address_space_load(uint64_t cr3);

/** Loads the kernel's own address space on this CPU. */
void address_space_unload(void);

/** The physical address of the kernel's own PML4; main.c sets it once. */
extern uint64_t kernel_cr3;

#endif
