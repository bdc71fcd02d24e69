/**
 * console.h - polled output on COM1, before Init has it and in a panic.
 *
 * A machine without COM1 loses the output and nothing else: a port that never gets
 * ready is given up.
 */
#ifndef DEBUG_CONSOLE_H
#define DEBUG_CONSOLE_H

#include <stddef.h>

/** Writes @p size bytes, "\n" as "\r\n". Does nothing while COM1 is not the kernel's. */
void console_write(const char *bytes, size_t size);

/** COM1 is Init's from now on: the kernel writes nothing there until it panics. */
void console_release(void);

/** At boot, and in a panic, whoever drives it then: COM1 is the kernel's. Sets it to 115200 8N1
 *  with FIFOs, no interrupts. Output goes there from now on. */
void console_reclaim(void);

#endif
