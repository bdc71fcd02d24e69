/**
 * boot_sections.c - see boot_sections.h.
 */
#include "arch/x86_64/boot_sections.h"

#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/instructions.h"
#include "core/assert.h"
#include "core/paging.h"
#include <stddef.h>

enum { PAGE_BYTES = 4096 };

void boot_sections_release(void)
{
    for (const uint8_t *page = image_start; page < image_boot_end; page += PAGE_BYTES) {
        uint64_t table = x86_read_cr3() & PTE_ADDRESS;
        uint64_t *entry = NULL;

        for (unsigned level = PAGING_LEVELS; level >= 1; level--) {
            entry =
                (uint64_t *)phys_to_virt(table) + paging_index((uint64_t)page, level);
            ASSERT((*entry & PTE_PRESENT) != 0);
            table = *entry & PTE_ADDRESS;
        }
        *entry = 0;
        x86_invlpg(page);
    }
}
