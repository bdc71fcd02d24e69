/**
 * fault_report.c - what the kernel's log tells of a fault that ends a process.
 */
#include "arch/x86_64/user_copy.h"
#include "core/fault_text.h"
#include "debug/log.h"
#include "process/fault.h"
#include "process/log_reader.h"
#include "process/process.h"

/** How many return addresses are told. */
enum { BACKTRACE_MAX = 16 };

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
    fault_text_report(log_printf, &(struct fault_text){.registers = &thread->frame,
                                                       .pid = thread->process->pid,
                                                       .thread = thread->id,
                                                       .address = thread->fault.address,
                                                       .rax = thread->fault.rax});
    report_backtrace(thread->frame.rbp);
    log_reader_notify();
}
