/**
 * call_all.h - CALL and REPLY_RECV, or RECV, with all that they may carry, keep or lose.
 *
 * Unlike libmnos's stubs these give and take all eight words, and show what else of the
 * thread's state is as it was. Reentrant: the state is on the caller's stack.
 */
#ifndef GUEST_COMMON_CALL_ALL_H
#define GUEST_COMMON_CALL_ALL_H

#include "abi/ipc_message.h"
#include <stddef.h>
#include <stdint.h>

/** Registers before and after. call_all.S knows the offsets. */
struct call_image {
    uint64_t slot;                    /**< RDI; after it: the badge */
    uint64_t info;                    /**< RSI */
    uint64_t words[MN_MESSAGE_WORDS]; /**< RDX R10 R8 R9 RBX R12 R13 R14 */
    uint64_t rbp, r15;
    uint32_t mxcsr;
    uint16_t x87_control;
    uint16_t reserved;
    uint64_t padding;
    uint8_t vectors[16][16]; /**< XMM0 to XMM15 */
};
_Static_assert(offsetof(struct call_image, rbp) == 80, "call_all.S");
_Static_assert(offsetof(struct call_image, mxcsr) == 96, "call_all.S");
_Static_assert(offsetof(struct call_image, vectors) == 112, "call_all.S");

/** Loads everything from @p image, makes the system call @p number, and writes what the
 *  registers hold then back to it. Its status. */
uint64_t call_all(uint64_t number, struct call_image *image);

#endif
