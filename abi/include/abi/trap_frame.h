/**
 * trap_frame.h - the registers of a thread that stands still: after an exception, for its
 * trap handler (SET_TRAP_HANDLER), and of one that is suspended.
 *
 * The vector registers, MXCSR and the x87 state are not in it.
 */
#ifndef ABI_TRAP_FRAME_H
#define ABI_TRAP_FRAME_H

#include <stdint.h>

struct mn_trap_frame {
    uint64_t r15, r14, r13, r12, rbp, rbx;
    uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
    uint64_t
        vector;     /**< the exception (Intel SDM vol. 3, table 6-1); told, not taken */
    uint64_t error; /**< its error code, 0 where it has none; told, not taken */
    uint64_t rip;   /**< in the lower half, below its last page */
    uint64_t cs;    /**< told, not taken */
    uint64_t rflags;  /**< only MN_RFLAGS_USER are taken */
    uint64_t rsp;     /**< any value */
    uint64_t ss;      /**< told, not taken */
    uint64_t address; /**< a page fault's address (CR2), else 0; told, not taken */
};
_Static_assert(sizeof(struct mn_trap_frame) == 184, "no holes");

/** What ring 3 may set of RFLAGS: CF PF AF ZF SF TF DF OF RF AC ID. */
#define MN_RFLAGS_USER 0x250dd5ul
/** What is always set: bit 1, and interrupts on. */
#define MN_RFLAGS_ALWAYS 0x202ul

/** Vectors of the exceptions that programs handle (Intel SDM vol. 3, table 6-1). */
enum mn_trap_vector {
    MN_TRAP_DIVIDE = 0,
    MN_TRAP_DEBUG = 1,
    MN_TRAP_BREAKPOINT = 3,
    MN_TRAP_INVALID_OPCODE = 6,
    MN_TRAP_GENERAL_PROTECTION = 13,
    MN_TRAP_PAGE_FAULT = 14,
    MN_TRAP_SIMD = 19
};

/** Bits of a page fault's error code (Intel SDM vol. 3, figure 4-12). */
#define MN_PAGE_FAULT_PROTECTION 1u  /**< the page is mapped, but not for this */
#define MN_PAGE_FAULT_WRITE      2u  /**< a write */
#define MN_PAGE_FAULT_FETCH      16u /**< an instruction was to be fetched */

#endif
