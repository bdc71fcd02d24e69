/**
 * format.h - printf-like text, piece by piece into a sink that the caller gives.
 *
 * For the kernel's log, ring 3 and the host alike; no allocation, no state. Understood:
 * `%[-0][width|*][.precision|.*][hh h l ll z j t]` with d i u x X, `%c`, `%s` with
 * `.precision` as the most bytes to read, `%p`, `%%`. A width or precision above
 * FORMAT_FIELD_MAX counts as FORMAT_FIELD_MAX (precision of %s: no limit). A NULL string
 * prints as "(null)". A directive that is not understood is printed as it stands, and
 * the rest of the format with it, because its arguments can't be known.
 */
#ifndef CORE_FORMAT_H
#define CORE_FORMAT_H

#include "core/attributes.h"
#include <stdarg.h>
#include <stddef.h>

enum { FORMAT_FIELD_MAX = 128 };

/** Takes @p size bytes, more than 0, borrowed for the call. */
typedef void (*format_sink)(void *context, const char *bytes, size_t size);

/** Writes the text of @p format and its arguments to @p sink; returns its bytes. */
MN_PRINTF(3, 4)
size_t format_write(format_sink sink, void *context, const char *format, ...);

/** format_write() with the arguments in @p arguments, which is used up. */
MN_PRINTF(3, 0)
size_t format_write_v(format_sink sink, void *context, const char *format,
                      va_list arguments);

/**
 * Writes the text into @p buffer, of @p size bytes, and ends it with a zero.
 *
 * Returns the bytes of the whole text without the zero: it was cut if that is not below
 * @p size. With a @p size of 0 the buffer is not touched and may be NULL.
 */
MN_PRINTF(3, 4)
size_t format_buffer(char *buffer, size_t size, const char *format, ...);

/** format_buffer() with the arguments in @p arguments, which is used up. */
MN_PRINTF(3, 0)
size_t format_buffer_v(char *buffer, size_t size, const char *format,
                       va_list arguments);

#endif
