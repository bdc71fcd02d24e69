/**
 * registers.h - a system call with every register known before and seen after.
 */
#ifndef GUEST_COMMON_REGISTERS_H
#define GUEST_COMMON_REGISTERS_H

#include <stddef.h>
#include <stdint.h>

/** The state of ring 3. registers.S knows the offsets. */
struct register_image {
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rflags;
    uint32_t mxcsr;
    uint16_t x87_control;
    uint16_t reserved;
    uint64_t padding[14];
    uint8_t vectors[16][32]; /**< YMM0 to YMM15; without AVX the low halves */
};
_Static_assert(offsetof(struct register_image, rflags) == 128, "registers.S");
_Static_assert(offsetof(struct register_image, vectors) == 256, "registers.S");

/** Vector registers have 32 bytes; the runner and the child set it. */
extern uint32_t registers_have_avx;

/**
 * Loads every register from @p before (but RSP, RCX, R11), makes the system call, and
 * writes what they hold then to @p after. Not reentrant.
 */
void registers_syscall(const struct register_image *before,
                       struct register_image *after);

/** The same with UD2, an exception, in the place of the system call: whoever handles it skips
 *  its two bytes. */
void registers_fault(const struct register_image *before, struct register_image *after);

/** Loads the vector registers from @p image, makes the system call @p number without
 *  arguments (or, if it is negative, spins @p rounds times), and writes them to
 *  @p after, without using them in between. */
void registers_hold_vectors(const struct register_image *image,
                            struct register_image *after, int64_t number,
                            uint64_t rounds);

/** Loads all general registers from @p image, counts @p rounds down in memory, writes
 *  them to @p after. */
void registers_hold(const struct register_image *image, struct register_image *after,
                    uint64_t rounds);

/** Writes the vector registers, and nothing else, to @p image. */
void registers_store_vectors(struct register_image *image);

/** A system call with any number and six arguments: RDI, RSI, RDX, R10, R8, R9. */
uint64_t raw_syscall(uint64_t number, const uint64_t arguments[6]);

/** Does the CPU have AVX, and did the kernel switch it on? */
uint32_t registers_detect_avx(void);

#endif
