/**
 * fault.h - the end of a process whose thread has raised an exception.
 */
#ifndef PROCESS_FAULT_H
#define PROCESS_FAULT_H

#include <stdint.h>

#include "arch/x86_64/trap_frame.h"

/**
 * Reports the exception of the current thread in the kernel's log and ends its process.
 *
 * @p address: what CR2 held, for a page fault.
 */
_Noreturn void fault_end_process(const struct trap_frame *frame, uint64_t address);

#endif
