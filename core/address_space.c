/**
 * address_space.c - see address_space.h.
 */
#include "core/address_space.h"

#include "abi/user_memory_map.h"
#include "core/assert.h"
#include "core/bytes.h"

static uint64_t *take(void *account)
{
    return account_take_page(account);
}

/* Until the flush another CPU may walk a table that is given back, under the same lock: what
   the frame allocator writes into a free frame are aligned pointers, which as entries are
   not present. */
static void give(void *account, uint64_t *table)
{
    account_give_page(account, table);
}

static const struct page_table_memory memory = {take, give};

static struct page_tables tables_of(const struct address_space *space)
{
    return (struct page_tables){&memory, space->account, space->base, space->cr3};
}

static uint64_t *table_at(const struct address_space *space, uint64_t physical)
{
    return (uint64_t *)(void *)(space->base + physical);
}

bool address_space_create(struct address_space *space, struct account *account,
                          uint8_t *base, uint64_t kernel_root)
{
    uint64_t *table = account_take_page(account);
    const uint64_t *kernel = (const uint64_t *)(const void *)(base + kernel_root);

    if (table == NULL) {
        return false;
    }
    memcpy(table + PAGING_KERNEL_FIRST, kernel + PAGING_KERNEL_FIRST,
           PAGING_KERNEL_FIRST * sizeof(*table));
    space->base = base;
    space->cr3 = (uint64_t)((uint8_t *)table - base);
    space->account = account;
    space->last_region = UINT64_MAX;
    return true;
}

void address_space_destroy(struct address_space *space)
{
    account_give_page(space->account, table_at(space, space->cr3));
    space->cr3 = 0;
}

/** Remembers the page table of a region, if there is one and all of it may be mapped. */
static void remember(struct address_space *space, uint64_t region)
{
    uint64_t *entry = table_at(space, space->cr3);

    space->last_region = UINT64_MAX;
    if (region == 0 || region >= MN_USER_LIMIT >> PAGING_REGION_SHIFT) {
        return;
    }
    for (unsigned level = PAGING_LEVELS;; level--) {
        entry += paging_index(region << PAGING_REGION_SHIFT, level);
        if ((*entry & (PTE_PRESENT | PTE_LARGE)) != PTE_PRESENT) {
            return;
        }
        if (level == 2) {
            break;
        }
        entry = table_at(space, *entry & PTE_ADDRESS);
    }
    space->last_region = region;
    space->last_entry = entry;
}

mn_status address_space_map(struct address_space *space, uint64_t virtual,
                            uint64_t physical, uint64_t pages,
                            struct page_rights rights)
{
    const struct page_tables tables = tables_of(space);
    uint64_t bits = PTE_PRESENT | PTE_USER | (rights.writable ? PTE_WRITABLE : 0) |
                    (rights.executable ? 0 : PTE_NX) | rights.cache;
    uint64_t mapped;
    mn_status status = page_table_map(&tables, virtual, physical, pages, bits, &mapped);

    if (status != MN_OK) {
        address_space_unmap(space, virtual, mapped);
    } else {
        remember(space, virtual >> PAGING_REGION_SHIFT);
    }
    return status;
}

void address_space_unmap(struct address_space *space, uint64_t virtual, uint64_t pages)
{
    const struct page_tables tables = tables_of(space);

    page_table_unmap(&tables, virtual, pages);
    remember(space, space->last_region); /* it may have been given back */
    space->losses++;
    tlb_flush(space->cr3, virtual, pages);
}

void address_space_protect(struct address_space *space, uint64_t virtual,
                           uint64_t pages, struct page_rights rights)
{
    const struct page_tables tables = tables_of(space);
    uint64_t bits =
        (rights.writable ? PTE_WRITABLE : 0) | (rights.executable ? 0 : PTE_NX);

    space->losses++;
    while (pages > 0) {
        unsigned level;
        uint64_t *entry = page_table_find(&tables, virtual, &level);

        ASSERT(entry != NULL && paging_span(level) <= pages);
        *entry = (*entry & ~(PTE_WRITABLE | PTE_NX)) | bits;
        virtual += paging_span(level) << FRAME_SHIFT;
        pages -= paging_span(level);
    }
}
