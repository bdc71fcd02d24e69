/**
 * address_space.c - see address_space.h.
 */
#include "mem/address_space.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/instructions.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/tlb.h"
#include "core/assert.h"
#include "core/bytes.h"

/** The entries that lead to an address: entry[n] lies in the table of level n. */
struct path {
    uint64_t *entry[PAGING_LEVELS + 1];
};

uint64_t kernel_cr3;

static uint64_t *table_of(uint64_t entry)
{
    return phys_to_virt(entry & PTE_ADDRESS);
}

bool address_space_create(struct address_space *space, struct account *account)
{
    uint64_t *table = account_take_page(account);
    const uint64_t *kernel = phys_to_virt(kernel_cr3);

    if (table == NULL) {
        return false;
    }
    memcpy(table + PAGING_KERNEL_FIRST, kernel + PAGING_KERNEL_FIRST,
           PAGING_KERNEL_FIRST * sizeof(*table));
    space->cr3 = virt_to_phys(table);
    space->account = account;
    return true;
}

void address_space_destroy(struct address_space *space)
{
    account_give_page(space->account, phys_to_virt(space->cr3));
    space->cr3 = 0;
}

/** Finds the entry of level @p level for an address, making tables that are missing. Where
 *  it returns false, the path above the missing table is filled in. */
static bool descend(struct address_space *space, uint64_t virtual, unsigned level,
                    struct path *path, mn_status *out_status)
{
    uint64_t *table = phys_to_virt(space->cr3);

    for (unsigned at = PAGING_LEVELS;; at--) {
        uint64_t *entry = &table[paging_index(virtual, at)];

        path->entry[at] = entry;
        if (at == level) {
            return true;
        }
        if ((*entry & PTE_PRESENT) == 0) {
            uint64_t *fresh = account_take_page(space->account);

            if (fresh == NULL) {
                *out_status = MN_ERROR_NO_MEMORY;
                path->entry[at - 1] = NULL;
                return false;
            }
            *entry = virt_to_phys(fresh) | PTE_PRESENT | PTE_WRITABLE | PTE_USER;
            if (at < PAGING_LEVELS) {
                *path->entry[at + 1] += PTE_COUNT;
            }
        } else if ((*entry & PTE_LARGE) != 0) {
            *out_status = MN_ERROR_MAPPING;
            return false;
        }
        table = table_of(*entry);
    }
}

/** Gives back the tables on the path whose count is 0, from the one that @p level's entry
 *  points to upwards. */
static void prune(struct address_space *space, struct path *path, unsigned level)
{
    while (level <= PAGING_LEVELS && paging_count(*path->entry[level]) == 0) {
        account_give_page(space->account, table_of(*path->entry[level]));
        *path->entry[level] = 0;
        level++;
        if (level <= PAGING_LEVELS) {
            *path->entry[level] -= PTE_COUNT;
        }
    }
}

/** descend() that leaves no empty table behind when it fails. */
static bool reach(struct address_space *space, uint64_t virtual, unsigned level,
                  struct path *path, mn_status *out_status)
{
    unsigned lowest = level;

    for (unsigned at = 1; at <= PAGING_LEVELS; at++) {
        path->entry[at] = NULL;
    }
    if (descend(space, virtual, level, path, out_status)) {
        return true;
    }
    while (path->entry[lowest] == NULL) {
        lowest++;
    }
    /* The lowest entry found points to no table; the table that it lies in may be new. */
    if (lowest < PAGING_LEVELS) {
        prune(space, path, lowest + 1);
    }
    return false;
}

static unsigned level_for(uint64_t virtual, uint64_t physical, uint64_t pages)
{
    uint64_t large = PAGING_PAGES_A_LARGE << FRAME_SHIFT;

    return pages >= PAGING_PAGES_A_LARGE && ((virtual | physical) & (large - 1)) == 0
               ? 2
               : 1;
}

/** Fills up to @p pages pages' worth of entries of one table; answers how many pages. 0: an
 *  entry is in use already. */
static uint64_t fill_table(const struct path *path, unsigned level, uint64_t virtual,
                           uint64_t pte, uint64_t pages)
{
    uint64_t *entry = path->entry[level];
    uint64_t span = paging_span(level);
    uint64_t room = PAGING_ENTRIES - paging_index(virtual, level);
    uint64_t count = pages / span < room ? pages / span : room;

    for (uint64_t i = 0; i < count; i++) {
        if (entry[i] != 0) {
            return 0;
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        entry[i] = pte;
        pte += span << FRAME_SHIFT;
    }
    *path->entry[level + 1] += count * PTE_COUNT;
    return count * span;
}

/**
 * Clears the entries of one table and gives it back when it is empty. Another CPU may walk
 * it until the flush that follows, under the same lock: what the frame allocator writes
 * into a free frame are aligned pointers, which as entries are not present.
 * Answers how many pages the entries were responsible for.
 */
static uint64_t clear_table(struct address_space *space, struct path *path,
                            unsigned level, uint64_t virtual, uint64_t pages)
{
    uint64_t *entry = path->entry[level];
    uint64_t span = paging_span(level);
    uint64_t room = PAGING_ENTRIES - paging_index(virtual, level);
    uint64_t count = pages / span < room ? pages / span : room;

    for (uint64_t i = 0; i < count; i++) {
        entry[i] = 0;
    }
    *path->entry[level + 1] -= count * PTE_COUNT;
    prune(space, path, level + 1);
    return count * span;
}

/** Finds the leaf that maps @p virtual: its level, with the path to it. */
static unsigned find_leaf(const struct address_space *space, uint64_t virtual,
                          struct path *path)
{
    uint64_t *table = phys_to_virt(space->cr3);

    for (unsigned at = PAGING_LEVELS;; at--) {
        uint64_t *entry = &table[paging_index(virtual, at)];

        path->entry[at] = entry;
        ASSERT((*entry & PTE_PRESENT) != 0);
        if (at == 1 || (*entry & PTE_LARGE) != 0) {
            ASSERT(at <= 2);
            return at;
        }
        table = table_of(*entry);
    }
}

static void clear_range(struct address_space *space, uint64_t virtual, uint64_t pages)
{
    struct path path;

    while (pages > 0) {
        unsigned level = find_leaf(space, virtual, &path);
        uint64_t done = clear_table(space, &path, level, virtual, pages);

        virtual += done << FRAME_SHIFT;
        pages -= done;
    }
}

mn_status address_space_map(struct address_space *space, uint64_t virtual,
                            uint64_t physical, uint64_t pages,
                            struct page_rights rights)
{
    uint64_t bits = PTE_PRESENT | PTE_USER | (rights.writable ? PTE_WRITABLE : 0) |
                    (rights.executable ? 0 : PTE_NX) | rights.cache;
    mn_status status = MN_ERROR_MAPPING;
    uint64_t done = 0;

    while (done < pages) {
        uint64_t at = virtual + (done << FRAME_SHIFT);
        uint64_t to = physical + (done << FRAME_SHIFT);
        unsigned level = level_for(at, to, pages - done);
        struct path path;
        uint64_t filled;

        if (!reach(space, at, level, &path, &status)) {
            break;
        }
        filled = fill_table(&path, level, at, to | bits | (level == 2 ? PTE_LARGE : 0),
                            pages - done);
        if (filled == 0) {
            status = MN_ERROR_MAPPING;
            prune(space, &path, level + 1);
            break;
        }
        done += filled;
    }
    if (done == pages) {
        return MN_OK;
    }
    address_space_unmap(space, virtual, done);
    return status;
}

void address_space_unmap(struct address_space *space, uint64_t virtual, uint64_t pages)
{
    clear_range(space, virtual, pages);
    tlb_flush(space->cr3, virtual, pages);
}

void *address_space_find_writable(uint64_t cr3, uint64_t virtual)
{
    const uint64_t needed = PTE_PRESENT | PTE_WRITABLE | PTE_USER;
    uint64_t *table = phys_to_virt(cr3);

    for (unsigned level = PAGING_LEVELS;; level--) {
        uint64_t entry = table[paging_index(virtual, level)];
        uint64_t offset = (paging_span(level) << FRAME_SHIFT) - 1;

        if ((entry & needed) != needed) {
            return NULL;
        }
        table = table_of(entry);
        if (level == 1 || (entry & PTE_LARGE) != 0) {
            return (entry & PTE_UNCACHED) != 0 ? NULL
                                               : (uint8_t *)table + (virtual & offset);
        }
    }
}

void address_space_load(uint64_t cr3)
{
    struct cpu *cpu = cpu_this();

    if (cpu->cr3 != cr3) {
        cpu->cr3 = cr3;
        x86_write_cr3(cr3);
    }
}

void address_space_unload(void)
{
    address_space_load(kernel_cr3);
}
