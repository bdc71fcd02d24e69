/**
 * log.h - the kernel's log: a bounded ring of text (core/log_ring.h) that Init reads.
 *
 * Until console_release() each text goes to COM1 too. Lock: its own,
 * which is taken last.
 */
#ifndef DEBUG_LOG_H
#define DEBUG_LOG_H

#include "core/attributes.h"
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/** Appends text; a line ends with "\n". Texts of two CPUs are not mixed. */
MN_PRINTF(1, 2)
void log_printf(const char *format, ...);

/** log_printf() with the arguments in @p arguments, which is used up. */
MN_PRINTF(1, 0)
void log_printf_v(const char *format, va_list arguments);

/** Reads the log: see log_ring_read(). */
size_t log_read(uint64_t offset, char *buffer, size_t size, uint64_t *out_first);

/** In a panic, when the other CPUs stand still: frees the lock, whoever holds it. */
void log_break_lock(void);

#endif
