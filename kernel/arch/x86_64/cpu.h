/**
 * cpu.h - what each CPU has for itself, reached through GS in the kernel.
 *
 * Only the CPU itself changes its struct, but for the fields that say otherwise.
 * entry.S knows the offsets of the first fields.
 */
#ifndef ARCH_X86_64_CPU_H
#define ARCH_X86_64_CPU_H

#define CPU_SELF      0
#define CPU_USER_RSP  8
#define CPU_STACK_TOP 16
#define CPU_CURRENT   24
#define CPU_CR3       32
#define CPU_RUN_QUEUE 40
#define CPU_FAST_KEY  48
#define CPU_DIRECT    56
#define CPU_SWITCH_TO 64
#define CPU_TSS_RSP0  100

/** cpu->switch_to: leave the choice to scheduler_run(). */
#define CPU_SWITCH_RUN 1

#define CPU_FAST_KEY_NONE (~0ull)

/** The most CPUs that are started; a set of CPUs is one 64-bit word. */
#define CPU_MAX 64

/** Bytes that CPUs pass to each other at once. */
#define CACHE_LINE 64

#define CPU_STACK_SIZE 8192
#define IST_STACK_SIZE 2048
#define IST_COUNT      4

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/budget.h"
#include "core/descriptors.h"
#include "core/leftist_heap.h"

struct run_queue;
struct thread;

struct cpu {
    struct cpu *self;            /**< this structure: GS:0 */
    uint64_t user_rsp;           /**< scratch of the SYSCALL entry */
    uint64_t stack_top;          /**< of this CPU's kernel stack */
    struct thread *current;      /**< the thread that ring 3 runs; NULL when idle */
    uint64_t cr3;                /**< what CR3 holds */
    struct run_queue *run_queue; /**< the threads that wait for this CPU */
    /** What a thread's fast_key must be for the fast path to resume it here: never 0, and
     *  CPU_FAST_KEY_NONE where the fast path is not to be taken. */
    uint64_t fast_key;
    /** Bit n: entry.S makes system call n directly; 0: all of them by on_syscall_locked
     *  (upcalls.h). */
    uint64_t direct;
    /** Set by the handler of a direct call that does not go on: the thread that runs next,
     *  or CPU_SWITCH_RUN. Else 0. */
    uint64_t switch_to;
    /** While none is current: id of the thread whose state the vector registers hold. */
    uint64_t fpu_thread;
    uint32_t index;        /**< 0 is the boot CPU */
    uint32_t lapic_id;     /**< its local APIC's ID */
    uint64_t slice_end_ns; /**< when the timer will end a time slice; 0: none is */
    struct tss tss __attribute__((aligned(16)));
    uint64_t gdt[8] __attribute__((aligned(16)));
    uint64_t armed_ns; /**< what the timer is armed to; UINT64_MAX: to nothing */
    struct leftist_heap timers; /**< of struct timer_event (sched/timer_queue.h) */
    struct budget_meter meter;  /**< who pays for its time (sched/budget.h) */
    /** While ring 3's FS and GS base are a thread's: what fast_key and direct are otherwise;
     *  else 0. */
    uint64_t plain_fast_key;
    uint64_t plain_direct;
    uint8_t ist_stacks[IST_COUNT][IST_STACK_SIZE] __attribute__((aligned(16)));
    uint8_t stack[CPU_STACK_SIZE] __attribute__((aligned(16)));
    /* What several CPUs touch, away from what the fast path writes. */
    bool flush_tlb __attribute__((aligned(CACHE_LINE))); /**< set by others: reload CR3
                                                              and clear this (atomic) */
    bool may_fast; /**< it may be in the fast path (kernel_lock.h); atomic */
} __attribute__((aligned(CACHE_LINE)));
_Static_assert(offsetof(struct cpu, flush_tlb) / CACHE_LINE >
                   (offsetof(struct cpu, tss) + sizeof(struct tss)) / CACHE_LINE,
               "the fast path stores to no line that others write");
_Static_assert(offsetof(struct cpu, user_rsp) == CPU_USER_RSP, "entry.S");
_Static_assert(offsetof(struct cpu, stack_top) == CPU_STACK_TOP, "entry.S");
_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "entry.S");
_Static_assert(offsetof(struct cpu, direct) == CPU_DIRECT, "entry.S");
_Static_assert(offsetof(struct cpu, switch_to) == CPU_SWITCH_TO, "fast_path.S");

_Static_assert(offsetof(struct cpu, cr3) == CPU_CR3, "fast_path.S");
_Static_assert(offsetof(struct cpu, run_queue) == CPU_RUN_QUEUE, "fast_path.S");
_Static_assert(offsetof(struct cpu, fast_key) == CPU_FAST_KEY, "fast_path.S");
_Static_assert(offsetof(struct cpu, tss.rsp) == CPU_TSS_RSP0, "fast_path.S");

/** The CPU that runs this. Valid once its GS base is set. */
static inline struct cpu *cpu_this(void)
{
    struct cpu *cpu;

    __asm__("mov %%gs:0, %0" : "=r"(cpu));
    return cpu;
}

/** The current thread of this CPU: cpu_this()->current, in one instruction. */
static inline struct thread *cpu_current(void)
{
    struct thread *current;

    __asm__ volatile("mov %%gs:%c1, %0" : "=r"(current) : "i"(CPU_CURRENT));
    return current;
}

/** Lets pending interrupts in. Those that come do not return here. */
void cpu_interrupt_window(void);

/** Waits for interrupts, which do not return here. */
void cpu_idle(void);

/** The CPUs by index; the first cpu_count entries are in use. */
extern struct cpu *cpu_table[CPU_MAX];
extern uint32_t cpu_count;

/** The boot CPU's structure. */
extern struct cpu cpu_boot;

#endif
#endif
