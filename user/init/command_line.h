/**
 * command_line.h - the words of the machine's command line.
 */
#ifndef INIT_COMMAND_LINE_H
#define INIT_COMMAND_LINE_H

#include <stdbool.h>

/** Is @p word one of the words of @p command_line, which are separated by blanks? */
bool command_line_has(const char *command_line, const char *word);

enum { COMMAND_LINE_VALUE_BYTES = 64 };

/** Copies what stands behind @p prefix, as `run=`, in the word of @p command_line that
 *  begins with it, zero-terminated. False, and nothing is written: there is none, or it
 *  is empty or too long. */
bool command_line_value(const char *command_line, const char *prefix,
                        char out_value[COMMAND_LINE_VALUE_BYTES]);

#endif
