/**
 * start_init.h - makes process 1 out of the initrd, and gives it everything.
 */
#ifndef BOOT_START_INIT_H
#define BOOT_START_INIT_H

#include "core/boot_info.h"

/**
 * Makes Init: its address space and boot capabilities as the boot contract says, and its
 * thread, ready to run. root_account pays.
 *
 * Panics with the reason when the initrd has no `init` that can be loaded, or memory is
 * too little.
 */
void start_init(const struct boot_info *info);

#endif
