/**
 * fake_cpu.h - one CPU for the kernel's scheduler: to enter ring 3, or to idle, is to jump
 * back to the test.
 *
 * Stands in for entry.S, the kernel's lock, the vector registers (one number), CR3 and the
 * timer. cpu_this() finds it, because GS points to it.
 */
#ifndef TESTS_FAKE_CPU_H
#define TESTS_FAKE_CPU_H

#include "arch/x86_64/cpu.h"
#include "mem/address_space.h"
#include "unit.h"

struct fake_cpu {
    struct cpu cpu;
    jmp_buf ring_3;           /**< setjmp() here before the kernel is called */
    bool lock_held;           /**< set it before: ring 3 enters with the lock taken */
    uint64_t vector_register; /**< what the vector registers hold */
    const struct address_space *loaded_space; /**< NULL: the kernel's own */
    uint64_t now_ns;                          /**< what the clock shows */
    uint64_t timer_deadline;                  /**< the last one armed */
    /** What address_space_find_writable() answers; NULL: nothing is mapped. */
    void *(*find_writable)(uint64_t cr3, uint64_t virtual);
};
extern struct fake_cpu fake_cpu;

/** Makes it the CPU that runs this, number 0, with nothing loaded. */
void fake_cpu_open(void);

#endif
