/**
 * fault_text.h - what the kernel's log tells of an exception, line by line.
 */
#ifndef CORE_FAULT_TEXT_H
#define CORE_FAULT_TEXT_H

#include "core/attributes.h"
#include "core/trap_frame.h"

/** Prints one line, as printf(). */
typedef void fault_text_print(const char *format, ...) MN_PRINTF(1, 2);

/** An exception in ring 3. */
struct fault_text {
    const struct trap_frame *registers;
    uint64_t pid;
    uint64_t thread;
    uint64_t address; /**< a page fault's */
    uint64_t rax;     /**< in the place of the registers' */
};

/** Lines that begin with "fault: ": whose exception it is and which, what a page fault tried,
 *  and the registers. */
void fault_text_report(fault_text_print *print, const struct fault_text *text);

/** Lines that begin with "panic: ": the registers, and the control registers CR2, CR3, CR4. */
void fault_text_panic(fault_text_print *print, const struct trap_frame *frame,
                      const uint64_t control[3]);

#endif
