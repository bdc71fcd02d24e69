/**
 * page_table.c - see page_table.h.
 */
#include "core/page_table.h"

#include "core/assert.h"

enum { PAGE_SHIFT = 12 };

/** The entries that lead to an address: entry[n] lies in the table of level n. */
struct path {
    uint64_t *entry[PAGING_LEVELS + 1];
};

static uint64_t *table_at(const struct page_tables *tables, uint64_t physical)
{
    return (uint64_t *)(void *)(tables->base + physical);
}

static uint64_t *table_of(const struct page_tables *tables, uint64_t entry)
{
    return table_at(tables, entry & PTE_ADDRESS);
}

/** Finds the entry of level @p level for an address, making tables that are missing. Where
 *  it returns false, the path above the missing table is filled in. */
static bool descend(const struct page_tables *tables, uint64_t virtual, unsigned level,
                    struct path *path, mn_status *out_status)
{
    uint64_t *table = table_at(tables, tables->root);

    for (unsigned at = PAGING_LEVELS;; at--) {
        uint64_t *entry = &table[paging_index(virtual, at)];

        path->entry[at] = entry;
        if (at == level) {
            return true;
        }
        if ((*entry & PTE_PRESENT) == 0) {
            uint64_t *fresh = tables->memory->take(tables->owner);

            if (fresh == NULL) {
                *out_status = MN_ERROR_NO_MEMORY;
                path->entry[at - 1] = NULL;
                return false;
            }
            *entry = (uint64_t)((uint8_t *)fresh - tables->base) | PTE_PRESENT |
                     PTE_WRITABLE | PTE_USER;
            if (at < PAGING_LEVELS) {
                *path->entry[at + 1] += PTE_COUNT;
            }
        } else if ((*entry & PTE_LARGE) != 0) {
            *out_status = MN_ERROR_MAPPING;
            return false;
        }
        table = table_of(tables, *entry);
    }
}

/** Gives back the tables on the path whose count is 0, from the one that @p level's entry
 *  points to upwards. */
static void prune(const struct page_tables *tables, struct path *path, unsigned level)
{
    while (level <= PAGING_LEVELS && paging_count(*path->entry[level]) == 0) {
        tables->memory->give(tables->owner, table_of(tables, *path->entry[level]));
        *path->entry[level] = 0;
        level++;
        if (level <= PAGING_LEVELS) {
            *path->entry[level] -= PTE_COUNT;
        }
    }
}

/** descend() that leaves no empty table behind when it fails. */
static bool reach_entry(const struct page_tables *tables, uint64_t virtual,
                        unsigned level, struct path *path, mn_status *out_status)
{
    unsigned lowest = level;

    for (unsigned at = 1; at <= PAGING_LEVELS; at++) {
        path->entry[at] = NULL;
    }
    if (descend(tables, virtual, level, path, out_status)) {
        return true;
    }
    while (path->entry[lowest] == NULL) {
        lowest++;
    }
    /* The lowest entry found points to no table; the table that it lies in may be new. */
    if (lowest < PAGING_LEVELS) {
        prune(tables, path, lowest + 1);
    }
    return false;
}

static unsigned level_for(uint64_t virtual, uint64_t physical, uint64_t pages)
{
    uint64_t large = PAGING_PAGES_A_LARGE << PAGE_SHIFT;

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
        pte += span << PAGE_SHIFT;
    }
    *path->entry[level + 1] += count * PTE_COUNT;
    return count * span;
}

/**
 * Clears the entries of one table and gives it back when it is empty. Answers how many pages the entries were responsible for.
 */
static uint64_t clear_table(const struct page_tables *tables, struct path *path,
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
    prune(tables, path, level + 1);
    return count * span;
}

/** Finds the leaf that maps @p virtual: its level, with the path to it; 0: nothing does. */
static unsigned find_leaf(const struct page_tables *tables, uint64_t virtual,
                          struct path *path)
{
    uint64_t *table = table_at(tables, tables->root);

    for (unsigned at = PAGING_LEVELS;; at--) {
        uint64_t *entry = &table[paging_index(virtual, at)];

        path->entry[at] = entry;
        if ((*entry & PTE_PRESENT) == 0) {
            return 0;
        }
        if (at == 1 || (*entry & PTE_LARGE) != 0) {
            ASSERT(at <= 2);
            return at;
        }
        table = table_of(tables, *entry);
    }
}

void page_table_unmap(const struct page_tables *tables, uint64_t virtual,
                      uint64_t pages)
{
    struct path path;

    while (pages > 0) {
        unsigned level = find_leaf(tables, virtual, &path);
        uint64_t done;

        ASSERT(level != 0);
        done = clear_table(tables, &path, level, virtual, pages);
        virtual += done << PAGE_SHIFT;
        pages -= done;
    }
}

mn_status page_table_map(const struct page_tables *tables, uint64_t virtual,
                         uint64_t physical, uint64_t pages, uint64_t bits,
                         uint64_t *out_mapped)
{
    mn_status status = MN_OK;
    uint64_t done = 0;

    while (done < pages) {
        uint64_t at = virtual + (done << PAGE_SHIFT);
        uint64_t to = physical + (done << PAGE_SHIFT);
        unsigned level = level_for(at, to, pages - done);
        struct path path;
        uint64_t filled;

        if (!reach_entry(tables, at, level, &path, &status)) {
            break;
        }
        filled = fill_table(&path, level, at, to | bits | (level == 2 ? PTE_LARGE : 0),
                            pages - done);
        if (filled == 0) {
            status = MN_ERROR_MAPPING;
            prune(tables, &path, level + 1);
            break;
        }
        done += filled;
    }
    *out_mapped = done;
    return status;
}

uint64_t *page_table_find(const struct page_tables *tables, uint64_t virtual,
                          unsigned *out_level)
{
    struct path path;

    *out_level = find_leaf(tables, virtual, &path);
    return *out_level == 0 ? NULL : path.entry[*out_level];
}

uint64_t page_table_walk(const void *base, uint64_t root, uint64_t virtual,
                         unsigned *out_level)
{
    uint64_t table = root;

    for (unsigned level = PAGING_LEVELS;; level--) {
        const uint64_t *entries = (const uint64_t *)((const uint8_t *)base + table);
        uint64_t entry = entries[paging_index(virtual, level)];

        if (level == 1 || (entry & PTE_PRESENT) == 0 || (entry & PTE_LARGE) != 0) {
            *out_level = level;
            return entry;
        }
        table = entry & PTE_ADDRESS;
    }
}
