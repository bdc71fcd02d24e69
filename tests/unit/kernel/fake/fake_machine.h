/**
 * fake_machine.h - a machine for the kernel's pure code: RAM, and nothing else.
 *
 * A broken ASSERT of the kernel fails a unit test, unless it stands in cmocka's
 * expect_assert_failure() (fake_assert.c), and ends a fuzzer (tests/model/assert_abort.c).
 */
#ifndef TESTS_FAKE_MACHINE_H
#define TESTS_FAKE_MACHINE_H

#include "core/account.h"

/** The memory of the machine. */
extern struct frame_allocator physical_memory;

/** What tlb_flush() was asked for since the test began. */
struct fake_tlb {
    uint64_t flushes;
    uint64_t cpus;
    uint64_t virtual;
    uint64_t pages;
};
extern struct fake_tlb fake_tlb;

/** Makes a machine of @p frames frames, filled with garbage; frame 0, which is zeroed, is
 *  the kernel's PML4, and all others are free in physical_memory. */
void fake_machine_open(uint64_t frames);

/** Takes the machine apart; every frame but the first must be free again. */
void fake_machine_close(void);

#endif
