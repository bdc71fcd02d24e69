/**
 * start.h - what all boot protocols begin with and end in.
 *
 * struct boot_info (core/boot_info.h) lies in memory that is given back after boot, as does
 * everything in kernel/boot: copy what has to last.
 */
#ifndef BOOT_START_H
#define BOOT_START_H

#include "core/boot_info.h"

/** What all protocols begin with: from here on a panic is seen, and ends the machine. The
 *  structure, the one there is, holds zeros but for the protocol. */
struct boot_info *boot_begin(enum mn_boot_protocol protocol);

/**
 * What all protocols end in: takes the machine over and calls kernel_main() on the boot
 * CPU's own stack. The caller has filled @p info, with the raw map in info->memory, or
 * gives the @p status that says why not.
 *
 * Panics then, and when there is no memory to work with or more than it can describe.
 */
_Noreturn void boot_start(struct boot_info *info, enum boot_status status);

/** The kernel proper (kernel/main.c). Interrupts are off, the final map is in force. */
_Noreturn void kernel_main(struct boot_info *info);

#endif
