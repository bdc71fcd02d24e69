/**
 * fault_text.c - see fault_text.h.
 */
#include "core/fault_text.h"

#include "core/vectors.h"

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

static void report_page_fault(fault_text_print *print, const struct trap_frame *frame,
                              uint64_t address)
{
    const char *access = "read";

    if ((frame->error & PF_FETCH) != 0) {
        access = "execute";
    } else if ((frame->error & PF_WRITE) != 0) {
        access = "write";
    }
    print("fault: tried to %s 0x%llx, which is %s\n", access,
          (unsigned long long)address,
          (frame->error & PF_PROTECTION) != 0 ? "not allowed" : "not mapped");
}

void fault_text_report(fault_text_print *print, const struct fault_text *text)
{
    const struct trap_frame *frame = text->registers;
    const char *name = names[frame->vector];

    print("fault: pid %llu thread %llu: %s (vector %llu, error 0x%llx)\n",
          (unsigned long long)text->pid, (unsigned long long)text->thread,
          name != NULL ? name : "exception", (unsigned long long)frame->vector,
          (unsigned long long)frame->error);
    if (frame->vector == VECTOR_PAGE_FAULT) {
        report_page_fault(print, frame, text->address);
    }
    print("fault: rip 0x%llx rsp 0x%llx rflags 0x%llx\n",
          (unsigned long long)frame->rip, (unsigned long long)frame->rsp,
          (unsigned long long)frame->rflags);
    print("fault: rax 0x%llx rbx 0x%llx rcx 0x%llx rdx 0x%llx rsi 0x%llx rdi 0x%llx "
          "rbp 0x%llx\n",
          (unsigned long long)text->rax, (unsigned long long)frame->rbx,
          (unsigned long long)frame->rcx, (unsigned long long)frame->rdx,
          (unsigned long long)frame->rsi, (unsigned long long)frame->rdi,
          (unsigned long long)frame->rbp);
    print("fault: r8 0x%llx r9 0x%llx r10 0x%llx r11 0x%llx r12 0x%llx r13 0x%llx "
          "r14 0x%llx r15 0x%llx\n",
          (unsigned long long)frame->r8, (unsigned long long)frame->r9,
          (unsigned long long)frame->r10, (unsigned long long)frame->r11,
          (unsigned long long)frame->r12, (unsigned long long)frame->r13,
          (unsigned long long)frame->r14, (unsigned long long)frame->r15);
}

/** @p four: four times three letters. */
static void print_four(fault_text_print *print, const char *four, uint64_t a,
                       uint64_t b, uint64_t c, uint64_t d)
{
    print("panic: %.3s 0x%016llx %.3s 0x%016llx\npanic: %.3s 0x%016llx %.3s "
          "0x%016llx\n",
          four, (unsigned long long)a, four + 3, (unsigned long long)b, four + 6,
          (unsigned long long)c, four + 9, (unsigned long long)d);
}

void fault_text_panic(fault_text_print *print, const struct trap_frame *frame,
                      const uint64_t control[3])
{
    print("panic: vector %llu error 0x%llx cs 0x%llx rflags 0x%llx\n",
          (unsigned long long)frame->vector, (unsigned long long)frame->error,
          (unsigned long long)frame->cs, (unsigned long long)frame->rflags);
    print_four(print, "raxrbxrcxrdx", frame->rax, frame->rbx, frame->rcx, frame->rdx);
    print_four(print, "rsirdirbprsp", frame->rsi, frame->rdi, frame->rbp, frame->rsp);
    print_four(print, "r8 r9 r10r11", frame->r8, frame->r9, frame->r10, frame->r11);
    print_four(print, "r12r13r14r15", frame->r12, frame->r13, frame->r14, frame->r15);
    print_four(print, "ripcr2cr3cr4", frame->rip, control[0], control[1], control[2]);
}
