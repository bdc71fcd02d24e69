/**
 * registers.h - what a panic tells of the registers.
 */
#ifndef ARCH_X86_64_REGISTERS_H
#define ARCH_X86_64_REGISTERS_H

#include "arch/x86_64/trap_frame.h"

/** Prints the registers of @p frame (borrowed) and the control registers, by
 *  panic_print(). */
void registers_print(const struct trap_frame *frame);

#endif
