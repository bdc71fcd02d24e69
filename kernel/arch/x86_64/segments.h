/**
 * segments.h - ring 3's segment registers: selectors, which nobody should inherit, and the
 * bases of FS and GS, which are a thread's own.
 *
 * CR4.FSGSBASE is off: ring 3 can't write the bases, but loading a selector clears one.
 */
#ifndef ARCH_X86_64_SEGMENTS_H
#define ARCH_X86_64_SEGMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/x86_64/cpu.h"

/** Does ring 3 have other selectors than 0 in DS, ES, FS or GS? */
static inline bool segments_are_used(void)
{
    uint32_t ds;
    uint32_t es;
    uint32_t fs;
    uint32_t gs;

    __asm__ volatile("mov %%ds, %0" : "=r"(ds));
    __asm__ volatile("mov %%es, %0" : "=r"(es));
    __asm__ volatile("mov %%fs, %0" : "=r"(fs));
    __asm__ volatile("mov %%gs, %0" : "=r"(gs));
    return (ds | es | fs | gs) != 0;
}

/** Sets those selectors to 0, and ring 3's bases too. */
void segments_reset(struct cpu *cpu);

/** Sets ring 3's bases, addresses in the lower half. */
void segments_load_bases(uint64_t fs_base, uint64_t gs_base);

#endif
