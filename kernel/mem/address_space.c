/**
 * address_space.c - see address_space.h.
 */
#include "mem/address_space.h"

#include "abi/user_memory_map.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/instructions.h"
#include "arch/x86_64/tlb.h"
#include "core/assert.h"
#include "core/bytes.h"
#include "core/page_table.h"

uint64_t kernel_cr3;

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
    return (struct page_tables){&memory, space->account, phys_to_virt(0), space->cr3};
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
    space->last_region = UINT64_MAX;
    return true;
}

void address_space_destroy(struct address_space *space)
{
    account_give_page(space->account, phys_to_virt(space->cr3));
    space->cr3 = 0;
}

/** Remembers the page table of a region, if there is one and all of it may be mapped. */
static void remember(struct address_space *space, uint64_t region)
{
    uint64_t *entry = phys_to_virt(space->cr3);

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
        entry = phys_to_virt(*entry & PTE_ADDRESS);
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

void *address_space_find_writable(uint64_t cr3, uint64_t virtual)
{
    const struct page_tables tables = {&memory, NULL, phys_to_virt(0), cr3};
    const uint64_t needed = PTE_WRITABLE | PTE_USER;
    unsigned level;
    const uint64_t *entry = page_table_find(&tables, virtual, &level);

    if (entry == NULL || (*entry & (needed | PTE_UNCACHED)) != needed) {
        return NULL;
    }
    return (uint8_t *)phys_to_virt(*entry & PTE_ADDRESS) +
           (virtual & ((paging_span(level) << FRAME_SHIFT) - 1));
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
