/**
 * panic.h - the end of the kernel that has found itself to be wrong.
 *
 * Other CPUs are stopped, the reason and, where there is one, the trap frame are written
 * to COM1, then a backtrace, one line `panic:   0x<address>` a caller, innermost first;
 * symbols lie in build/kernel.elf. Then the machine ends with status 1.
 *
 * debug lies below arch, so what a panic needs of the machine is handed to it.
 */
#ifndef DEBUG_PANIC_H
#define DEBUG_PANIC_H

#include "core/attributes.h"

struct trap_frame;

/** What a panic needs of the machine; an entry that is NULL is left out. */
struct panic_machine {
    void (*stop_other_cpus)(void);
    void (*end)(unsigned status); /**< does not return */
};

/** From now on a panic uses @p machine, which is copied. */
void panic_set_machine(const struct panic_machine *machine);

/** Ends the machine with this reason. */
MN_PRINTF(1, 2)
__attribute__((noreturn)) void panic(const char *format, ...);

/** Ends the machine with this reason, and tells the registers in @p frame (borrowed). */
MN_PRINTF(2, 3)
__attribute__((noreturn)) void panic_with_frame(const struct trap_frame *frame,
                                                const char *format, ...);

#endif
