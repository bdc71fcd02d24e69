/**
 * console.h - polled output on COM1, before Init has it and in a panic.
 *
 * A machine without COM1 loses the output and nothing else: a port that never gets
 * ready is given up.
 */
#ifndef DEBUG_CONSOLE_H
#define DEBUG_CONSOLE_H

#include <stddef.h>

/** Sets COM1 to 115200 8N1 with FIFOs, no interrupts. Output goes there from now on. */
void console_init(void);

/** Writes @p size bytes, "\n" as "\r\n". Does nothing while COM1 is not the kernel's. */
void console_write(const char *bytes, size_t size);

/** COM1 is Init's from now on: the kernel writes nothing there until it panics. */
void console_release(void);

/** In a panic: COM1 is the kernel's again, whoever drives it. */
void console_reclaim(void);

#endif
