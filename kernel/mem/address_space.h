/**
 * address_space.h - which address space (core/address_space.h) a CPU has loaded.
 *
 * Lock: the kernel's. Flushing waits for the other CPUs that have the tables loaded.
 */
#ifndef MEM_ADDRESS_SPACE_H
#define MEM_ADDRESS_SPACE_H

#include <stdint.h>

#include "arch/x86_64/direct_map.h"
#include "core/address_space.h"

/** Where the direct map has what is mapped at @p virtual, any address; NULL unless it is RAM
 *  that ring 3 may write to. What is there to the end of the page is too. */
void *address_space_find_writable(uint64_t cr3, uint64_t virtual);

/** Loads the address space with this PML4 on this CPU. */
void address_space_load(uint64_t cr3);

/** Loads the kernel's own address space on this CPU. */
void address_space_unload(void);

/** The physical address of the kernel's own PML4; main.c sets it once. */
extern uint64_t kernel_cr3;

#endif
