/**
 * address_space.c - see address_space.h.
 */
#include "mem/address_space.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/instructions.h"

uint64_t kernel_cr3;

void *address_space_find_writable(uint64_t cr3, uint64_t virtual)
{
    const struct page_tables tables = {NULL, NULL, phys_to_virt(0), cr3};
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
