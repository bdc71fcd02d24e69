/**
 * tool.h - runs another program to its end, quietly: what it says is shown when it fails.
 */
#ifndef MNOS_TOOL_H
#define MNOS_TOOL_H

#include "arguments.h"
#include <stdbool.h>

/** Is there a program @p name on PATH? False after complaining, with the set-up that
 *  installs it: `make setup-run`. */
bool tool_is_installed(const char *name);

/** Runs the command line, its output going to the new file @p log. True when it ended
 *  with status 0; otherwise false after a complaint and what the program said. */
bool tool_run(const struct arguments *arguments, const char *log);

#endif
