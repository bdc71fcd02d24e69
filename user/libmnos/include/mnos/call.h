/**
 * call.h - CALL and REPLY_RECV: a request and its reply in one system call each.
 *
 * Both transfer eight words in registers, and clobber the vector registers. sys_call()
 * and sys_reply_recv() give and take three words, and send zeros as the other five;
 * mnos_call_registers() takes all, and what stands in the buffer (mnos/message.h) goes with it.
 */
#ifndef MNOS_CALL_H
#define MNOS_CALL_H

#include "abi/ipc_message.h"
#include "abi/status.h"
#include "abi/syscall.h"
#include "core/attributes.h"
#include <stdint.h>

/** A message of up to three words, as it goes out and as it comes in. */
struct mnos_call {
    uint64_t badge; /**< in: of the capability that it was sent by; 0 for a reply */
    uint64_t info;  /**< MN_MESSAGE_INFO(label) */
    uint64_t words[3];
};

/** The registers of both calls; inlined so that the number is a constant. */
__attribute__((always_inline)) static inline mn_status
mnos_call_raw(enum mn_syscall number, uint64_t slot, struct mnos_call *message)
{
    mn_status status = number;
    register uint64_t r10 __asm__("r10") = message->words[1];
    register uint64_t r8 __asm__("r8") = message->words[2];
    register uint64_t r9 __asm__("r9") = 0;
    register uint64_t r12 __asm__("r12") = 0;
    register uint64_t r13 __asm__("r13") = 0;
    register uint64_t r14 __asm__("r14") = 0;
    uint64_t rbx = 0;

    __asm__ volatile("syscall"
                     : "+a"(status), "+D"(slot), "+S"(message->info),
                       "+d"(message->words[0]), "+r"(r10), "+r"(r8), "+r"(r9),
                       "+b"(rbx), "+r"(r12), "+r"(r13), "+r"(r14)
                     :
                     : "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
                       "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
                       "xmm12", "xmm13", "xmm14", "xmm15");
    message->badge = slot;
    message->words[1] = r10;
    message->words[2] = r8;
    return status;
}

/** Sends @p message to the endpoint in @p slot [WRITE] and waits for the reply, which
 *  replaces it. Errors: docs/syscalls/call.md. */
MN_MUST_CHECK static inline mn_status sys_call(uint64_t slot, struct mnos_call *message)
{
    return mnos_call_raw(MN_SYS_CALL, slot, message);
}

/** Replies with @p message to the call that this thread owes a reply, if any, and waits at
 *  the endpoint in @p slot [READ] for the next message, which replaces it. */
MN_MUST_CHECK static inline mn_status sys_reply_recv(uint64_t slot,
                                                     struct mnos_call *message)
{
    return mnos_call_raw(MN_SYS_REPLY_RECV, slot, message);
}

/** All that the registers carry. */
struct mnos_call_registers {
    uint64_t slot; /**< after it: the badge; 0 for a reply */
    uint64_t info; /**< abi/ipc_message.h */
    uint64_t words[MN_MESSAGE_WORDS];
    uint64_t deadline_ns; /**< with MN_MESSAGE_DEADLINE in @p info */
};

/** CALL or REPLY_RECV with all of it; what goes by the buffer is there. Inlined so that the
 *  number is a constant. */
__attribute__((always_inline)) MN_MUST_CHECK static inline mn_status
mnos_call_registers(enum mn_syscall number, struct mnos_call_registers *registers)
{
    uint64_t *words = registers->words;
    mn_status status = number;
    register uint64_t r10 __asm__("r10") = words[1];
    register uint64_t r8 __asm__("r8") = words[2];
    register uint64_t r9 __asm__("r9") = words[3];
    register uint64_t r12 __asm__("r12") = words[5];
    register uint64_t r13 __asm__("r13") = words[6];
    register uint64_t r14 __asm__("r14") = words[7];
    register uint64_t r15 __asm__("r15") = registers->deadline_ns;

    __asm__ volatile("syscall"
                     : "+a"(status), "+D"(registers->slot), "+S"(registers->info),
                       "+d"(words[0]), "+r"(r10), "+r"(r8), "+r"(r9), "+b"(words[4]),
                       "+r"(r12), "+r"(r13), "+r"(r14)
                     : "r"(r15)
                     : "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
                       "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
                       "xmm12", "xmm13", "xmm14", "xmm15");
    words[1] = r10;
    words[2] = r8;
    words[3] = r9;
    words[5] = r12;
    words[6] = r13;
    words[7] = r14;
    return status;
}

#endif
