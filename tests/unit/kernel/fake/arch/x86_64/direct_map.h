/**
 * direct_map.h - stands in for the kernel's: physical memory is an array of the test.
 */
#ifndef ARCH_X86_64_DIRECT_MAP_H
#define ARCH_X86_64_DIRECT_MAP_H

#include <stdint.h>

/** Where physical address 0 is; fake_machine_open() makes it. */
extern uint8_t *fake_memory;

static inline void *phys_to_virt(uint64_t physical)
{
    return fake_memory + physical;
}

static inline uint64_t virt_to_phys(const void *address)
{
    return (uint64_t)((const uint8_t *)address - fake_memory);
}

#endif
