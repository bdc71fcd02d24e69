/**
 * paging.h - the entries of page tables (Intel SDM vol. 3, 4.5: 4-level paging).
 *
 * In an entry that points to a table, the ignored bits 52 to 61 count the entries of that
 * table that are in use: a table whose count falls to 0 is given back at once.
 */
#ifndef CORE_PAGING_H
#define CORE_PAGING_H

#include <stdbool.h>
#include <stdint.h>

#define PTE_PRESENT  (1ull << 0)
#define PTE_WRITABLE (1ull << 1)
#define PTE_USER     (1ull << 2)
#define PTE_UNCACHED (3ull << 3) /**< PWT, PCD: all that is no RAM has one of them */
#define PTE_COMBINE  (1ull << 3) /**< PWT: PAT entry 1, write-combining */
#define PTE_LARGE    (1ull << 7) /**< in a PDE: a 2 MiB page */
#define PTE_NX       (1ull << 63)
#define PTE_PAGE     (PTE_PRESENT | PTE_USER)
#define PTE_ADDRESS  0x000ffffffffff000ull
#define PTE_COUNT    (1ull << 52)
#define PTE_COUNTS   (1023ull << 52)

#define PAGING_REGION_SHIFT  21 /**< one page table maps 2^21 bytes */
#define PAGING_LEVELS        4
#define PAGING_ENTRIES       512u
#define PAGING_KERNEL_FIRST  256u /**< PML4 entries from here on are the kernel's */
#define PAGING_PAGES_A_LARGE 512ull

/** Which entry of a table of @p level (1: PT, 4: PML4) is responsible for an address. */
static inline unsigned paging_index(uint64_t address, unsigned level)
{
    return (unsigned)(address >> (12 + 9 * (level - 1))) % PAGING_ENTRIES;
}

/** How many pages one entry of a table of @p level is responsible for. */
static inline uint64_t paging_span(unsigned level)
{
    return 1ull << 9 * (level - 1);
}

/** How many entries of the table that @p entry points to are in use. */
static inline unsigned paging_count(uint64_t entry)
{
    return (unsigned)((entry & PTE_COUNTS) >> 52);
}

#endif
