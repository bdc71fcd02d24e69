/**
 * user_memory_map.h - where things lie in Init's address space (the boot contract), and
 * what holds for every address space.
 */
#ifndef ABI_USER_MEMORY_MAP_H
#define ABI_USER_MEMORY_MAP_H

#define MN_PAGE_SIZE  4096ul
#define MN_PAGE_SHIFT 12

/** The lower half ends here; its last page is never mapped (it would make SYSRET unsafe). */
#define MN_USER_LIMIT 0x00007ffffffff000ul
/** Nothing is mapped below this address: a null pointer with an offset faults. */
#define MN_USER_BASE 0x10000ul

#define MN_INIT_ELF_BASE    0x400000ul   /**< the first PT_LOAD of init */
#define MN_INIT_STACK_TOP   0x800000ul   /**< RSP at Init's first instruction */
#define MN_INIT_STACK_PAGES 64ul         /**< RW and NX, a guard page under it */
#define MN_INIT_BOOT_INFO   0x0f000000ul /**< struct mn_boot_info, one page, R */
#define MN_INIT_INITRD      0x10000000ul /**< the initrd, R */
#define MN_INIT_HEAP        0x40000000ul /**< RW, mapped by Init itself */
#define MN_INIT_HEAP_PAGES  1000ul

/** MAP_MEMORY's flags. Readable always; writable and executable together are refused. Of
 *  the other two DeviceMemory takes one; uncached is what it gets without. */
#define MN_MAP_WRITABLE        1u
#define MN_MAP_EXECUTABLE      2u
#define MN_MAP_UNCACHED        4u
#define MN_MAP_WRITE_COMBINING 8u

/** ALLOC_MEMORY's largest order: blocks of 2^order pages. */
#define MN_ORDER_MAX 18u

#endif
