/**
 * instructions.h - the instructions that C can't say, one a function.
 *
 * Each function is `x86_` and the instruction's name, and does what the Intel SDM
 * (volume 2) says of it. This header includes nothing of the kernel, so every layer may
 * include it.
 */
#ifndef ARCH_X86_64_INSTRUCTIONS_H
#define ARCH_X86_64_INSTRUCTIONS_H

#include "core/cpu_features.h"
#include <stdint.h>

static inline void x86_outb(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void x86_outw(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void x86_outl(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t x86_inb(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint16_t x86_inw(uint16_t port)
{
    uint16_t value;

    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint32_t x86_inl(uint16_t port)
{
    uint32_t value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint64_t x86_rdmsr(uint32_t msr)
{
    uint32_t low;
    uint32_t high;

    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr) : "memory");
    return (uint64_t)high << 32 | low;
}

static inline void x86_wrmsr(uint32_t msr, uint64_t value)
{
    __asm__ volatile("wrmsr"
                     :
                     : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

static inline uint64_t x86_read_cr0(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr0, %0" : "=r"(value) : : "memory");
    return value;
}

static inline void x86_write_cr0(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

static inline uint64_t x86_read_cr2(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr2, %0" : "=r"(value) : : "memory");
    return value;
}

static inline uint64_t x86_read_cr3(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr3, %0" : "=r"(value) : : "memory");
    return value;
}

static inline void x86_write_cr3(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint64_t x86_read_cr4(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr4, %0" : "=r"(value) : : "memory");
    return value;
}

static inline void x86_write_cr4(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

static inline void x86_write_dr7(uint64_t value)
{
    __asm__ volatile("mov %0, %%dr7" : : "r"(value) : "memory");
}

static inline uint64_t x86_read_dr6(void)
{
    uint64_t value;

    __asm__ volatile("mov %%dr6, %0" : "=r"(value) : : "memory");
    return value;
}

static inline void x86_write_dr6(uint64_t value)
{
    __asm__ volatile("mov %0, %%dr6" : : "r"(value) : "memory");
}

static inline void x86_invlpg(const void *address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/** The operand of LGDT and LIDT. */
struct x86_table_pointer {
    uint16_t limit; /**< size in bytes - 1 */
    uint64_t base;
} __attribute__((packed));

_Static_assert(sizeof(struct x86_table_pointer) == 10, "SDM 3.5.1");

static inline void x86_lgdt(const struct x86_table_pointer *table)
{
    __asm__ volatile("lgdt %0" : : "m"(*table) : "memory");
}

static inline void x86_lidt(const struct x86_table_pointer *table)
{
    __asm__ volatile("lidt %0" : : "m"(*table) : "memory");
}

static inline void x86_ltr(uint16_t selector)
{
    __asm__ volatile("ltr %0" : : "r"(selector) : "memory");
}

static inline void x86_lldt(uint16_t selector)
{
    __asm__ volatile("lldt %0" : : "r"(selector) : "memory");
}

static inline struct cpuid_result x86_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid_result result;

    __asm__ volatile("cpuid"
                     : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx),
                       "=d"(result.edx)
                     : "a"(leaf), "c"(subleaf));
    return result;
}

static inline uint64_t x86_rdtsc(void)
{
    uint32_t low;
    uint32_t high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

/** high:low / divisor; the quotient must fit 64 bits, else the CPU raises #DE. */
static inline uint64_t x86_div(uint64_t high, uint64_t low, uint64_t divisor)
{
    uint64_t quotient;
    uint64_t remainder;

    __asm__("divq %4"
            : "=a"(quotient), "=d"(remainder)
            : "a"(low), "d"(high), "rm"(divisor)
            : "cc");
    return quotient;
}

static inline void x86_pause(void)
{
    __asm__ volatile("pause" : : : "memory");
}

static inline void x86_hlt(void)
{
    __asm__ volatile("hlt" : : : "memory");
}

/** Lets interrupts in and waits for one: STI holds them back for one instruction more. */
static inline void x86_sti_hlt(void)
{
    __asm__ volatile("sti; hlt" : : : "memory");
}

/** Lets pending interrupts in. */
static inline void x86_interrupt_window(void)
{
    __asm__ volatile("sti; nop; cli" : : : "memory");
}

static inline void x86_cli(void)
{
    __asm__ volatile("cli" : : : "memory");
}

/** Opens ring 3's memory to the kernel where there is SMAP. */
static inline void x86_stac(void)
{
    __asm__ volatile("stac" : : : "memory", "cc");
}

static inline void x86_clac(void)
{
    __asm__ volatile("clac" : : : "memory", "cc");
}

static inline void x86_mfence(void)
{
    __asm__ volatile("mfence" : : : "memory");
}

static inline void x86_xsetbv(uint32_t index, uint64_t value)
{
    __asm__ volatile("xsetbv"
                     :
                     : "c"(index), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

#endif
