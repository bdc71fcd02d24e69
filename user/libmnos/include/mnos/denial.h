/**
 * denial.h - a denial (protocols/program.h) in words: what was asked, which grant is missing, and what would
 * allow it, as a line of the manifest and as an option of `mnos run`.
 */
#ifndef MNOS_DENIAL_H
#define MNOS_DENIAL_H

#include "core/attributes.h"
#include "protocols/program.h"
#include <stddef.h>

/**
 * Writes one line, without its end and zero-terminated, into @p buffer of @p size bytes, cut where it does not
 * fit. @p denial is an allegation: unknown numbers give a line too, and bytes that are not printable
 * come out as '?'. Returns the bytes before the zero.
 */
size_t mnos_denial_print(const struct program_denial *denial, char *buffer,
                         size_t size);

/** Copies @p denial from memory that somebody else may write, and ends its strings. */
void mnos_denial_copy(struct program_denial *out_denial, const void *from);

#endif
