/**
 * registers.c - see registers.h.
 */
#include "arch/x86_64/registers.h"

#include "arch/x86_64/instructions.h"
#include "debug/panic.h"

/* @p names: four times three letters. */
static void print_four(const char *names, uint64_t a, uint64_t b, uint64_t c,
                       uint64_t d)
{
    panic_print("panic: %.3s 0x%016llx %.3s 0x%016llx\npanic: %.3s 0x%016llx %.3s "
                "0x%016llx\n",
                names, (unsigned long long)a, names + 3, (unsigned long long)b,
                names + 6, (unsigned long long)c, names + 9, (unsigned long long)d);
}

void registers_print(const struct trap_frame *frame)
{
    panic_print("panic: vector %llu error 0x%llx cs 0x%llx rflags 0x%llx\n",
                (unsigned long long)frame->vector, (unsigned long long)frame->error,
                (unsigned long long)frame->cs, (unsigned long long)frame->rflags);
    print_four("raxrbxrcxrdx", frame->rax, frame->rbx, frame->rcx, frame->rdx);
    print_four("rsirdirbprsp", frame->rsi, frame->rdi, frame->rbp, frame->rsp);
    print_four("r8 r9 r10r11", frame->r8, frame->r9, frame->r10, frame->r11);
    print_four("r12r13r14r15", frame->r12, frame->r13, frame->r14, frame->r15);
    print_four("ripcr2cr3cr4", frame->rip, x86_read_cr2(), x86_read_cr3(),
               x86_read_cr4());
}
