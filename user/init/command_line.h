/**
 * command_line.h - the words of the machine's command line.
 */
#ifndef INIT_COMMAND_LINE_H
#define INIT_COMMAND_LINE_H

#include <stdbool.h>

/** Is @p word one of the words of @p command_line, which are separated by blanks? */
bool command_line_has(const char *command_line, const char *word);

#endif
