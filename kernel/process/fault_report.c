/**
 * fault_report.c - what the kernel's log tells of a fault that ends a process.
 */
#include "arch/x86_64/user_copy.h"
#include "arch/x86_64/vectors.h"
#include "debug/log.h"
#include "process/fault.h"
#include "process/log_reader.h"
#include "process/process.h"

/** How many return addresses are told. */
enum { BACKTRACE_MAX = 16 };

/** Bits of a page fault's error code (SDM vol. 3, figure 4-12). */
#define PF_PROTECTION 1u
#define PF_WRITE      2u
#define PF_FETCH      16u

static const char *const names[VECTOR_EXCEPTIONS] = {
    [0] = "divide error",         [1] = "debug exception",
    [3] = "breakpoint",           [4] = "overflow",
    [5] = "bound range exceeded", [6] = "invalid opcode",
    [7] = "device not available", [11] = "segment not present",
    [12] = "stack fault",         [13] = "general protection",
    [14] = "page fault",          [16] = "x87 floating-point error",
    [17] = "alignment check",     [19] = "SIMD floating-point error",
    [21] = "control protection",
};

static void report_page_fault(const struct trap_frame *frame, uint64_t address)
{
    const char *access = "read";

    if ((frame->error & PF_FETCH) != 0) {
        access = "execute";
    } else if ((frame->error & PF_WRITE) != 0) {
        access = "write";
    }
    log_printf("fault: tried to %s 0x%llx, which is %s\n", access,
               (unsigned long long)address,
               (frame->error & PF_PROTECTION) != 0 ? "not allowed" : "not mapped");
}

/** The return addresses by the chain of frame pointers, as far as it goes upwards: what lies
 *  there is the program's affair. */
static void report_backtrace(uint64_t rbp)
{
    uint64_t pair[2]; /* the caller's frame pointer, the return address */

    for (unsigned i = 0;
         i < BACKTRACE_MAX && rbp != 0 && user_copy_in(pair, rbp, sizeof(pair)); i++) {
        log_printf("fault: called from 0x%llx\n", (unsigned long long)pair[1]);
        rbp = pair[0] > rbp ? pair[0] : 0;
    }
}

void fault_report(const struct thread *thread)
{
    const struct trap_frame *frame = &thread->frame;
    const char *name = names[frame->vector];

    log_printf("fault: pid %llu thread %llu: %s (vector %llu, error 0x%llx)\n",
               (unsigned long long)thread->process->pid, (unsigned long long)thread->id,
               name != NULL ? name : "exception", (unsigned long long)frame->vector,
               (unsigned long long)frame->error);
    if (frame->vector == VECTOR_PAGE_FAULT) {
        report_page_fault(frame, thread->fault.address);
    }
    log_printf("fault: rip 0x%llx rsp 0x%llx rflags 0x%llx\n",
               (unsigned long long)frame->rip, (unsigned long long)frame->rsp,
               (unsigned long long)frame->rflags);
    log_printf(
        "fault: rax 0x%llx rbx 0x%llx rcx 0x%llx rdx 0x%llx rsi 0x%llx rdi 0x%llx "
        "rbp 0x%llx\n",
        (unsigned long long)thread->fault.rax, (unsigned long long)frame->rbx,
        (unsigned long long)frame->rcx, (unsigned long long)frame->rdx,
        (unsigned long long)frame->rsi, (unsigned long long)frame->rdi,
        (unsigned long long)frame->rbp);
    log_printf("fault: r8 0x%llx r9 0x%llx r10 0x%llx r11 0x%llx r12 0x%llx r13 0x%llx "
               "r14 0x%llx r15 0x%llx\n",
               (unsigned long long)frame->r8, (unsigned long long)frame->r9,
               (unsigned long long)frame->r10, (unsigned long long)frame->r11,
               (unsigned long long)frame->r12, (unsigned long long)frame->r13,
               (unsigned long long)frame->r14, (unsigned long long)frame->r15);
    report_backtrace(frame->rbp);
    log_reader_notify();
}
