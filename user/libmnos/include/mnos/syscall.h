/**
 * syscall.h - the SYSCALL instruction, and what the kernel may change besides.
 *
 * Number in RAX, arguments in RDI RSI RDX R10 R8, status or a returned number in RAX. Two
 * groups of calls (abi/syscall_numbers.def): 0 to 11 change RAX, RCX, R11 and the result
 * registers of their page; later ones may change whatever the System V ABI lets a
 * function change, vector registers included. syscall4() and syscall_results() are
 * for the first group, syscall_extended() for the second.
 *
 * Programs call the sys_* functions; this header is what those are made of.
 */
#ifndef MNOS_SYSCALL_H
#define MNOS_SYSCALL_H

#include "abi/status.h"
#include "abi/syscall.h"
#include <stdint.h>

/** Arguments on the way in, results on the way out. */
struct syscall_registers {
    uint64_t rdi;
    uint64_t rsi;
    uint64_t rdx;
    uint64_t r10;
    uint64_t r8;
};

/** Calls 0 to 11 with at most four arguments and no result but RAX. */
static inline mn_status syscall4(enum mn_syscall number, uint64_t rdi, uint64_t rsi,
                                 uint64_t rdx, uint64_t r10)
{
    mn_status status = number;
    register uint64_t fourth __asm__("r10") = r10;

    __asm__ volatile("syscall"
                     : "+a"(status)
                     : "D"(rdi), "S"(rsi), "d"(rdx), "r"(fourth)
                     : "rcx", "r11", "memory");
    return status;
}

/** Calls 0 to 11 that take a fifth argument or give results in registers. */
static inline mn_status syscall_results(enum mn_syscall number,
                                        struct syscall_registers *registers)
{
    mn_status status = number;
    uint64_t rdi = registers->rdi;
    uint64_t rsi = registers->rsi;
    uint64_t rdx = registers->rdx;
    register uint64_t r10 __asm__("r10");
    register uint64_t r8 __asm__("r8");

    r10 = registers->r10;
    r8 = registers->r8;
    __asm__ volatile("syscall"
                     : "+a"(status), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10),
                       "+r"(r8)
                     :
                     : "rcx", "r11", "memory");
    *registers = (struct syscall_registers){rdi, rsi, rdx, r10, r8};
    return status;
}

/** Calls from 12 on without arguments and with no result but RAX. */
static inline mn_status syscall_plain(enum mn_syscall number)
{
    mn_status status = number;

    __asm__ volatile("syscall"
                     : "+a"(status)
                     :
                     : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory",
                       "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                       "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
                       "xmm15");
    return status;
}

/** Calls from 12 on. */
static inline mn_status syscall_extended(enum mn_syscall number,
                                         struct syscall_registers *registers)
{
    mn_status status = number;
    uint64_t rdi = registers->rdi;
    uint64_t rsi = registers->rsi;
    uint64_t rdx = registers->rdx;
    register uint64_t r10 __asm__("r10");
    register uint64_t r8 __asm__("r8");

    r10 = registers->r10;
    r8 = registers->r8;
    __asm__ volatile(
        "syscall"
        : "+a"(status), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10), "+r"(r8)
        :
        : "rcx", "r9", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
          "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
          "xmm15");
    *registers = (struct syscall_registers){rdi, rsi, rdx, r10, r8};
    return status;
}

#endif
